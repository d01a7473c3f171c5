import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingWanted } from '../body/wanted.ts';
import { firstChoices, wantedOf } from './choices.ts';
import {
  atRest,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  step,
} from './machine.ts';

const devices = ['anna', 'ben', 'cleo'];
const reasons = ['hangUp', 'lost', 'robotStopped', 'revoked', 'batteryEmpty', 'tooHot'] as const;

/** What the world knows by itself: who is in, by the book of offers and ends. */
interface Model {
  pupil: string | undefined;
  paused: boolean;
}

/** The machine with an owner who keeps the records straight. */
class Owner {
  state: SessionState = atRest;
  open = 0;
  closed = 0;
  connections = 0;
  armed = false;
  last: readonly SessionEffect[] = [];

  on(event: SessionEvent): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    this.last = effects;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SessionEffect): void {
    if (effect.do === 'openRecord') this.open += 1;
    if (effect.do === 'closeRecord') this.closed += 1;
    if (effect.do === 'admit') this.connections += 1;
    if (effect.do === 'dismiss' || effect.do === 'replaceConnection') this.connections -= 1;
    if (effect.do === 'arm') this.armed = true;
    if (effect.do === 'disarm') this.armed = false;
  }
}

class Tell implements fc.Command<Model, Owner> {
  constructor(private readonly event: SessionEvent) {}

  /** A timer that is not armed does not fire. */
  check = (): boolean => true;

  run(model: Model, owner: Owner): void {
    if (this.event.type === 'expired' && !owner.armed) return;
    const before = owner.state.name;
    if (this.event.type === 'expired') owner.armed = false;
    owner.on(this.event);
    this.follow(model, before);
    holds(model, owner);
  }

  private follow(model: Model, before: SessionState['name']): void {
    const { event } = this;
    if (event.type === 'offer') model.pupil ??= event.pupil.device;
    if (event.type === 'paused' || event.type === 'resumed') model.paused = event.type === 'paused';
    const over = before === 'waking' || before === 'interrupted';
    if (event.type === 'end' || (event.type === 'expired' && over)) model.pupil = undefined;
  }

  toString = (): string => JSON.stringify(this.event);
}

function holds(model: Model, owner: Owner): void {
  const { state } = owner;
  const wanted = wantedOf(state, { ...firstChoices, hand: 'up', mood: 'happy' });
  expect(state.name === 'asleep' ? undefined : state.pupil.device).toBe(model.pupil);
  expect(state.paused).toBe(model.paused);
  expect(owner.open - owner.closed).toBe(model.pupil === undefined ? 0 : 1);
  expect(owner.connections).toBe(model.pupil === undefined ? 0 : 1);
  const seeing = (state.name === 'live' || state.name === 'waking') && !model.paused;
  expect(wanted.camera).toBe(seeing);
  expect(wanted.microphone).toBe(seeing);
  if (wanted.amplifier) expect(state.name).toBe('live');
  if (state.name === 'asleep') expect(wanted).toEqual(nothingWanted);
  // Who waits for a connection does not wait for ever.
  expect(owner.armed).toBe(state.name === 'waking' || state.name === 'interrupted');
}

const plain = (type: 'connected' | 'lost' | 'expired' | 'paused' | 'resumed') =>
  fc.constant(new Tell({ type }));

const commands = [
  fc
    .tuple(fc.constantFrom(...devices), fc.nat(3))
    .map(([device, peer]) => new Tell({ type: 'offer', pupil: { device, peer: String(peer) } })),
  plain('connected'),
  plain('lost'),
  plain('expired'),
  plain('paused'),
  plain('resumed'),
  fc.constantFrom(...reasons).map((why) => new Tell({ type: 'end', why })),
];

describe('session machine', () => {
  it('keeps its promises whatever happens', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60 }), (walk) =>
        fc.modelRun(
          () => ({ model: { pupil: undefined, paused: false } as Model, real: new Owner() }),
          walk,
        ),
      ),
      { numRuns: 300 },
    );
  });

  it('walks the way of a lesson', () => {
    const pupil = { device: 'anna', peer: '1' };
    const names: string[] = [];
    let state = atRest;
    const events: SessionEvent[] = [
      { type: 'offer', pupil },
      { type: 'connected' },
      { type: 'paused' },
      { type: 'lost' },
      { type: 'resumed' },
      { type: 'connected' },
      { type: 'lost' },
      { type: 'expired' },
    ];
    for (const event of events) {
      state = step(state, event).state;
      names.push(state.name);
    }
    expect(names).toEqual([
      'waking',
      'live',
      'paused',
      'interrupted',
      'interrupted',
      'live',
      'interrupted',
      'asleep',
    ]);
  });
});
