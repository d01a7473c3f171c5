/**
 * When to try the broker again, and what to tell people about it, as a value:
 * `(link, event) -> { link, effect }`. No timers, no I/O.
 *
 * A connection proves nothing by being accepted: a broker that falls over, or another robot with the
 * same id, accepts and ends it again at once. The pauses become short again only after a connection
 * that has lasted.
 */
import type { LinkTrouble } from './trouble.ts';

/** A connection that has lasted this long was a good one. */
export const STABLE_MS = 60_000;
/** Connections ended by the other side within this, one after the other, are no accident. */
const SHORT_MS = 5 * 60_000;
const WINDOW_MS = 15 * 60_000;
const SUSPICIOUS = 3;

/** 5 where the broker speaks it: it then keeps long messages to itself, and says why it hangs up. */
export type MqttVersion = 4 | 5;

export interface Link {
  /** Tries since the last connection that lasted. */
  readonly attempt: number;
  readonly version: MqttVersion;
  /** Monotonic, when the present connection was accepted. */
  readonly upMs: number | undefined;
  /** When connections were ended by the other side before long, monotonic, oldest first. */
  readonly cutShort: readonly number[];
  readonly trouble: LinkTrouble | undefined;
}

export const unlinked: Link = {
  attempt: 0,
  version: 5,
  upMs: undefined,
  cutShort: [],
  trouble: undefined,
};

export type LinkEvent =
  /** The broker has accepted the connection. */
  | { readonly type: 'up' }
  /** The connection has been up for STABLE_MS. */
  | { readonly type: 'lasted' }
  /** What must be heard may not be (undefined: it may again). */
  | { readonly type: 'deaf'; readonly trouble: LinkTrouble | undefined }
  /** `politely`: the other side ended the stream in order. `reached`: somebody was there. */
  | {
      readonly type: 'down';
      readonly trouble: LinkTrouble | undefined;
      readonly politely: boolean;
      readonly reached: boolean;
    };

interface LinkStep {
  readonly link: Link;
  /** Try again after this. */
  readonly retryMs?: number;
}

/** What the broker's owner is told of is `connected` alone: who speaks then can also hear the answer. */
const PHASES = {
  connecting: { accepted: 'subscribing', ended: 'pausing', close: 'closed' },
  /** Accepted; the broker has not acknowledged the subscriptions yet. */
  subscribing: { subscribed: 'connected', ended: 'pausing', close: 'closed' },
  connected: { ended: 'pausing', close: 'closing' },
  /** Before the next try. */
  pausing: { retry: 'connecting', close: 'closed' },
  /** Closed while connected: that it is not any more is still to be said. */
  closing: { ended: 'closed' },
  closed: {},
} as const satisfies Readonly<Record<string, { readonly [E in PhaseEvent]?: string }>>;

/** Of the one connection there is, or of the pause between two. */
export type Phase = keyof typeof PHASES;
export type PhaseEvent = 'accepted' | 'subscribed' | 'ended' | 'retry' | 'close';

/** What a phase does not provide for leaves it as it is. */
export function stepPhase(phase: Phase, event: PhaseEvent): Phase {
  const next: { readonly [E in PhaseEvent]?: Phase } = PHASES[phase];
  return next[event] ?? phase;
}

/** `chance`: 0 <= x < 1. */
export function stepLink(link: Link, event: LinkEvent, nowMs: number, chance: number): LinkStep {
  switch (event.type) {
    case 'up': {
      // What was wrong with getting here is mended. A contested place is not, by being taken, nor
      // are deaf ears: what mends them is an answer.
      const stays = link.trouble?.kind === 'session' || link.trouble?.kind === 'subscription';
      const trouble = stays ? link.trouble : undefined;
      return { link: { ...link, upMs: nowMs, trouble } };
    }
    case 'lasted': {
      const cutShort = recent(link.cutShort, nowMs);
      const contested = cutShort.length > 0 && link.trouble?.kind === 'session';
      if (contested) return { link: { ...link, cutShort } };
      const trouble = link.trouble?.kind === 'subscription' ? link.trouble : undefined;
      return { link: { ...link, attempt: 0, cutShort, trouble } };
    }
    case 'deaf':
      return { link: { ...link, trouble: event.trouble } };
    case 'down':
      return down(link, event, nowMs, chance);
  }
}

function down(
  link: Link,
  { trouble: told, politely, reached }: Extract<LinkEvent, { type: 'down' }>,
  nowMs: number,
  chance: number,
): LinkStep {
  const { upMs, version } = link;
  const lived = upMs === undefined ? 0 : nowMs - upMs;
  const takenOver = told?.kind === 'session';
  const cut = upMs !== undefined && lived < SHORT_MS && (politely || takenOver);
  const cutShort = recent(cut ? [...link.cutShort, nowMs] : link.cutShort, nowMs);
  const suspicious = cutShort.length >= SUSPICIOUS;
  const trouble = !takenOver && cut && suspicious ? contested(cutShort.length) : told;
  const attempt = lived >= STABLE_MS && trouble?.kind !== 'session' ? 0 : link.attempt;
  // A greeting that did not come may be one in another language.
  const turn = upMs === undefined && reached && mayBeVersion(told);
  // A broker of the older version says so at once, and once a start: that is no trouble yet.
  const plain = told?.kind === 'version' && attempt === 0;
  const ended = { kind: 'lost', why: 'the broker ended the connection' } as const;
  const next: Link = {
    attempt: attempt + 1,
    version: turn ? other(version) : version,
    upMs: undefined,
    cutShort,
    trouble: plain ? link.trouble : (trouble ?? link.trouble ?? ended),
  };
  return { link: next, retryMs: plain ? 0 : retryAfterMs(attempt, chance, paceOf(next.trouble)) };
}

function contested(times: number): LinkTrouble {
  const why = `the broker accepted this robot and ended the connection ${times} times in a row: does another robot use the same id?`;
  return { kind: 'session', why };
}

const recent = (times: readonly number[], nowMs: number): readonly number[] =>
  times.filter((ms) => nowMs - ms <= WINDOW_MS).slice(-16);

const other = (version: MqttVersion): MqttVersion => (version === 5 ? 4 : 5);

function mayBeVersion(trouble: LinkTrouble | undefined): boolean {
  if (trouble?.speaks5) return false;
  return (
    trouble === undefined ||
    ['version', 'lost', 'silent', 'refused', 'strange'].includes(trouble.kind)
  );
}

function paceOf(trouble: LinkTrouble | undefined): Pace {
  switch (trouble?.kind) {
    case 'credentials':
    case 'clientId':
      return REFUSED;
    case 'session':
      return CONTESTED;
    default:
      return USUAL;
  }
}

/** How long to wait between tries, milliseconds: the pause before the first retry, and the longest. */
interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A broker that is out of reach, or came and went. */
const USUAL: Pace = { firstMs: 1_000, longestMs: 30_000 };
/** Two that take each other's place: whoever waits longer lets the other one work. */
const CONTESTED: Pace = { firstMs: 8_000, longestMs: 300_000 };
/** Nothing that trying again soon could mend: a wrong password, a refused name. */
export const REFUSED: Pace = { firstMs: 60_000, longestMs: 300_000 };

/** Of each pause this share is certain, however chance falls: no dice make a hot loop. */
const CERTAIN = 1 / 8;

/**
 * The pause before the next try: doubles with each `attempt` (from 0) up to the longest. All of it
 * but an eighth is chance (`chance` is 0..1), so that a fleet that lost its broker in one moment
 * comes back spread over the whole pause.
 */
export function retryAfterMs(attempt: number, chance: number, pace: Pace = USUAL): number {
  const longest = Math.min(pace.longestMs, pace.firstMs * 2 ** Math.min(attempt, 16));
  return longest * (CERTAIN + (1 - CERTAIN) * chance);
}
