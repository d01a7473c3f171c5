/**
 * The robot's life cycle for the fleet (`$state`, after the Homie convention), as a value:
 * `(life, event) -> {life, effects}`. `lost` never occurs here: the broker publishes it as the last
 * will when the robot vanishes.
 */
import type { SessionPhase } from '../model/session-phase.ts';
import type { LifeState } from '../wire/fleet.ts';

interface Life {
  readonly name: Exclude<LifeState, 'lost'>;
  readonly started: boolean;
  readonly stopped: boolean;
  readonly updating: boolean;
  /** Battery or heat does not permit a session. */
  readonly spent: boolean;
  readonly session: SessionPhase;
  readonly paused: boolean;
  /** Besides the state: the codes of `StateMessage` are a closed list that older readers know. */
  readonly doing: 'pairing' | undefined;
  /** Sorted codes. */
  readonly faults: readonly string[];
}

export type LifeEvent =
  | { readonly type: 'started' }
  | { readonly type: 'stopped' }
  | { readonly type: 'updating'; readonly on: boolean }
  | { readonly type: 'spent'; readonly on: boolean }
  | { readonly type: 'session'; readonly name: SessionPhase; readonly paused: boolean }
  /** The robot reads codes. */
  | { readonly type: 'pairing'; readonly on: boolean }
  | { readonly type: 'faults'; readonly codes: readonly string[] };

/** `publish`: the name, the faults, or what it is doing have changed. */
type LifeEffect = { readonly do: 'publish' };

export const newborn: Life = {
  name: 'init',
  started: false,
  stopped: false,
  updating: false,
  spent: false,
  session: 'asleep',
  paused: false,
  doing: undefined,
  faults: [],
};

export function stepLife(life: Life, event: LifeEvent): { life: Life; effects: LifeEffect[] } {
  const facts = { ...life, ...changeBy(event) };
  const next = { ...facts, name: nameOf(facts) };
  const same = next.name === life.name && next.doing === life.doing;
  const unchanged = same && sameCodes(next.faults, life.faults);
  return { life: next, effects: unchanged ? [] : [{ do: 'publish' }] };
}

function changeBy(event: LifeEvent): Partial<Life> {
  switch (event.type) {
    case 'started':
      return { started: true };
    case 'stopped':
      return { stopped: true };
    case 'updating':
      return { updating: event.on };
    case 'spent':
      return { spent: event.on };
    case 'session':
      return { session: event.name, paused: event.paused };
    case 'pairing':
      return { doing: event.on ? 'pairing' : undefined };
    case 'faults':
      return { faults: [...new Set(event.codes)].sort() };
  }
}

/** By priority: a pupil in class before a fault, a fault before being free. */
function nameOf(life: Life): Life['name'] {
  if (life.stopped) return 'disconnected';
  if (!life.started) return 'init';
  if (life.updating) return 'updating';
  if (life.session !== 'asleep') return life.paused ? 'paused' : 'live';
  if (life.spent) return 'sleeping';
  return life.faults.length > 0 ? 'alert' : 'ready';
}

function sameCodes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((code, i) => code === b[i]);
}
