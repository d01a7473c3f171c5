import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingWanted } from '../body/wanted.ts';
import { firstChoices, voiceAllowed, wantedOf } from './choices.ts';
import {
  atRest,
  cameraAllowed,
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
  body: 'away' | 'noButton' | 'well';
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
    if (event.type === 'body') model.paused = event.paused;
    if (event.type === 'body') model.body = event.body;
    if (event.type === 'bodyAway') model.body = 'away';
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
  expect(state.body).toBe(model.body);
  expect(owner.open - owner.closed).toBe(model.pupil === undefined ? 0 : 1);
  expect(owner.connections).toBe(model.pupil === undefined ? 0 : 1);
  const known = model.body === 'well' && !model.paused;
  const seeing = (state.name === 'live' || state.name === 'waking') && known;
  expect(wanted.camera).toBe(seeing);
  expect(wanted.microphone).toBe(seeing);
  expect(cameraAllowed(state)).toBe(seeing);
  if (voiceAllowed(state, firstChoices)) expect(known).toBe(true);
  if (wanted.amplifier) expect(state.name).toBe('live');
  // The teacher's pause is told as such only while firmware says so.
  if (state.name === 'paused') expect([model.paused, model.body === 'away']).toEqual([true, false]);
  if (state.name === 'asleep') expect(wanted).toEqual(nothingWanted);
  // Who waits for a connection does not wait for ever.
  expect(owner.armed).toBe(state.name === 'waking' || state.name === 'interrupted');
}

const plain = (type: 'connected' | 'lost' | 'expired' | 'bodyAway') =>
  fc.constant(new Tell({ type }));

const commands = [
  fc
    .tuple(fc.constantFrom(...devices), fc.nat(3))
    .map(([device, peer]) => new Tell({ type: 'offer', pupil: { device, peer: String(peer) } })),
  plain('connected'),
  plain('lost'),
  plain('expired'),
  plain('bodyAway'),
  fc
    .tuple(fc.constantFrom('well', 'well', 'noButton'), fc.boolean())
    .map(([body, paused]) => new Tell({ type: 'body', body, paused })),
  fc.constantFrom(...reasons).map((why) => new Tell({ type: 'end', why })),
];

describe('session machine', () => {
  it('keeps its promises whatever happens', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60 }), (walk) =>
        fc.modelRun(
          () => ({
            model: { pupil: undefined, paused: false, body: 'away' } as Model,
            real: new Owner(),
          }),
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
    const well = (paused: boolean): SessionEvent => ({ type: 'body', body: 'well', paused });
    const events: SessionEvent[] = [
      well(false),
      { type: 'offer', pupil },
      { type: 'connected' },
      well(true),
      { type: 'lost' },
      well(false),
      { type: 'connected' },
      { type: 'bodyAway' },
      well(false),
      { type: 'lost' },
      { type: 'expired' },
    ];
    for (const event of events) {
      state = step(state, event).state;
      names.push(state.name);
    }
    expect(names).toEqual([
      'asleep',
      'waking',
      'live',
      'paused',
      'interrupted',
      'interrupted',
      'live',
      'blind',
      'live',
      'interrupted',
      'asleep',
    ]);
  });

  it('sees nothing before the body has said a word', () => {
    const pupil = { device: 'anna', peer: '1' };
    let state = step(atRest, { type: 'offer', pupil }).state;
    expect(cameraAllowed(state)).toBe(false);
    state = step(state, { type: 'connected' }).state;
    expect([state.name, cameraAllowed(state)]).toEqual(['blind', false]);
    expect(voiceAllowed(state, firstChoices)).toBe(false);
    state = step(state, { type: 'body', body: 'well', paused: true }).state;
    expect(state.name).toBe('paused');
    state = step(state, { type: 'bodyAway' }).state;
    expect([state.name, state.paused]).toEqual(['blind', true]);
    state = step(state, { type: 'body', body: 'noButton', paused: false }).state;
    expect([state.name, cameraAllowed(state)]).toEqual(['blind', false]);
    state = step(state, { type: 'body', body: 'well', paused: false }).state;
    expect([state.name, cameraAllowed(state)]).toEqual(['live', true]);
  });
});
