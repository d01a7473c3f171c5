import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_DESIRED } from '../../firmware/link/schema.ts';
import { may } from '../admission/admit.ts';
import { desiredStateOf, firstChoices } from './choices.ts';
import {
  atRest,
  lessonFacts,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  step,
} from './session-machine.ts';

const devices = ['anna', 'ben', 'cleo'];
const reasons = ['hangUp', 'lost', 'robotStopped', 'revoked', 'batteryEmpty', 'tooHot'] as const;
/** The timetable, if there is one, has been read and grants a session. */
const ready: SessionState = { ...atRest, lesson: 'granted' };

/** Independent expectation of who is in class, from offers and ends. */
interface Model {
  pupil: string | undefined;
  paused: boolean;
  body: 'away' | 'noButton' | 'well';
  /** Why nobody is let in. */
  shut: 'no' | 'spent' | 'stopping';
  /** By the timetable. */
  granted: boolean;
}

/** The machine with an owner that checks its effects. */
class Owner {
  state: SessionState = ready;
  open = 0;
  closed = 0;
  opened = 0;
  readonly connections = new Set<number>();
  armed = false;

  on(event: SessionEvent): void {
    if (event.type === 'offer') this.connections.add(event.connection);
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SessionEffect): void {
    if (effect.do === 'openRecord') this.open += 1;
    if (effect.do === 'closeRecord') this.closed += 1;
    if (effect.do === 'close' || effect.do === 'drain')
      expect(this.connections.delete(effect.connection)).toBe(true);
    if (effect.do === 'arm') this.armed = true;
    if (effect.do === 'disarm') this.armed = false;
  }
}

/** An event, or one of a connection: the pupil's, or another that is arriving or leaving. */
type ModelEvent =
  | Exclude<SessionEvent, { readonly connection: number }>
  | { readonly type: 'offer'; readonly pupil: { readonly device: string; readonly peer: string } }
  | { readonly type: 'connected' | 'lost'; readonly of: 'pupil' | 'other' };

class Apply implements fc.Command<Model, Owner> {
  constructor(private readonly event: ModelEvent) {}

  /** A timer that is not armed does not fire. */
  check = (): boolean => true;

  run(model: Model, owner: Owner): void {
    const { event } = this;
    if (event.type === 'expired' && !owner.armed) return;
    const before = owner.state;
    if (event.type === 'expired') owner.armed = false;
    owner.on(this.eventFor(owner));
    if ('of' in event && event.of === 'other') expect(owner.state).toBe(before);
    this.follow(model, before.name);
    holds(model, owner);
  }

  private eventFor(owner: Owner): SessionEvent {
    const { event } = this;
    if (event.type === 'offer') {
      owner.opened += 1;
      return { ...event, connection: owner.opened };
    }
    if (!('of' in event)) return event;
    const { state } = owner;
    const pupils = state.name === 'asleep' ? 0 : state.connection;
    return { type: event.type, connection: event.of === 'pupil' ? pupils : -1 };
  }

  private follow(model: Model, before: SessionState['name']): void {
    const { event } = this;
    const open = model.shut === 'no' && model.granted;
    if (event.type === 'offer' && open) model.pupil ??= event.pupil.device;
    if (event.type === 'body') {
      model.paused = event.paused;
      model.body = event.body;
      const spent = event.battery === 'empty' || event.heat === 'critical';
      if (model.shut !== 'stopping') model.shut = spent ? 'spent' : 'no';
    }
    if (event.type === 'bodyAway') model.body = 'away';
    if (event.type === 'bodyAway' && model.shut === 'spent') model.shut = 'no';
    if (event.type === 'stop') model.shut = 'stopping';
    if (event.type === 'lesson')
      model.granted = event.lesson === 'granted' || event.lesson === 'noTimetable';
    const waits = before === 'waking' || before === 'interrupted';
    const over = event.type === 'end' || event.type === 'stop' || !model.granted;
    if (over || (event.type === 'expired' && waits)) model.pupil = undefined;
  }

  toString = (): string => JSON.stringify(this.event);
}

function holds(model: Model, owner: Owner): void {
  const { state } = owner;
  const desired = desiredStateOf(state, { ...firstChoices, hand: 'up', mood: 'happy' });
  const facts = { ...lessonFacts(state), listenOnly: false };
  expect(state.name === 'asleep' ? undefined : state.pupil.device).toBe(model.pupil);
  expect(state.paused).toBe(model.paused);
  expect(state.body).toBe(model.body);
  expect(state.stopping).toBe(model.shut === 'stopping');
  expect(state.lesson === 'granted' || state.lesson === 'noTimetable').toBe(model.granted);
  expect(owner.open - owner.closed).toBe(model.pupil === undefined ? 0 : 1);
  expect([...owner.connections]).toEqual(state.name === 'asleep' ? [] : [state.connection]);
  const known = model.body === 'well' && !model.paused;
  const seeing = (state.name === 'live' || state.name === 'waking') && known;
  expect(desired.camera).toBe(seeing);
  expect(desired.microphone).toBe(seeing);
  expect(may('sensing', facts)).toBe(seeing);
  if (may('voice', facts)) expect(known).toBe(true);
  expect(may('voice', facts)).toBe(state.name === 'live');
  if (desired.amplifier) expect(state.name).toBe('live');
  // `paused` requires that firmware says so now.
  if (state.name === 'paused') expect([model.paused, model.body === 'away']).toEqual([true, false]);
  if (state.name === 'asleep') expect(desired).toEqual(NOTHING_DESIRED);
  // Waiting for a connection is always limited by a timer.
  expect(owner.armed).toBe(state.name === 'waking' || state.name === 'interrupted');
}

const bodySays = (
  body: 'well' | 'noButton',
  paused: boolean,
  { battery = 'good', heat = 'good' }: Partial<Pick<SessionState, 'battery' | 'heat'>> = {},
) => ({ type: 'body', body, paused, battery, heat }) as const;

const ofConnection = (type: 'connected' | 'lost') =>
  fc.constantFrom('pupil', 'pupil', 'other').map((of) => new Apply({ type, of }));

const commands = [
  fc
    .tuple(fc.constantFrom(...devices), fc.nat(3))
    .map(([device, peer]) => new Apply({ type: 'offer', pupil: { device, peer: String(peer) } })),
  ofConnection('connected'),
  ofConnection('lost'),
  fc.constant(new Apply({ type: 'expired' })),
  fc.constant(new Apply({ type: 'bodyAway' })),
  fc
    .constantFrom('granted', 'noTimetable', 'granted', 'notNow', 'unknown')
    .map((lesson) => new Apply({ type: 'lesson', lesson })),
  fc
    .tuple(
      fc.constantFrom('well', 'well', 'noButton'),
      fc.boolean(),
      fc.constantFrom('good', 'good', 'good', 'empty'),
      fc.constantFrom('good', 'hot', 'good', 'critical'),
    )
    .map(([body, paused, battery, heat]) => new Apply(bodySays(body, paused, { battery, heat }))),
  fc
    .constantFrom<ModelEvent[]>(
      ...[...reasons, ...reasons, ...reasons].map((why) => ({ type: 'end', why }) as const),
      { type: 'stop' },
    )
    .map((event) => new Apply(event)),
];

describe('session machine', () => {
  it('keeps its invariants in any sequence of events', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60 }), (walk) =>
        fc.modelRun(
          () => ({
            model: {
              ...{ pupil: undefined, paused: false, body: 'away', shut: 'no', granted: true },
            } as Model,
            real: new Owner(),
          }),
          walk,
        ),
      ),
      { numRuns: 300 },
    );
  });

  it('follows a lesson', () => {
    const pupil = { device: 'anna', peer: '1' };
    const names: string[] = [];
    let state = ready;
    const well = (paused: boolean): SessionEvent => bodySays('well', paused);
    const connection = 7;
    const events: SessionEvent[] = [
      well(false),
      { type: 'offer', pupil, connection },
      { type: 'connected', connection },
      well(true),
      { type: 'lost', connection },
      well(false),
      { type: 'connected', connection },
      { type: 'bodyAway' },
      well(false),
      { type: 'lost', connection },
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

  it('sensing stays off before the first body message', () => {
    const pupil = { device: 'anna', peer: '1' };
    const connection = 7;
    const sees = (): boolean => may('sensing', lessonFacts(state));
    let state = step(ready, { type: 'offer', pupil, connection }).state;
    expect(sees()).toBe(false);
    state = step(state, { type: 'connected', connection }).state;
    expect([state.name, sees()]).toEqual(['blind', false]);
    expect(may('voice', { ...lessonFacts(state), listenOnly: false })).toBe(false);
    state = step(state, bodySays('well', true)).state;
    expect(state.name).toBe('paused');
    state = step(state, { type: 'bodyAway' }).state;
    expect([state.name, state.paused]).toEqual(['blind', true]);
    state = step(state, bodySays('noButton', false)).state;
    expect([state.name, sees()]).toEqual(['blind', false]);
    state = step(state, bodySays('well', false)).state;
    expect([state.name, sees()]).toEqual(['live', true]);
  });

  it('ends with the granted lesson, and lets nobody in until the timetable is known', () => {
    const offer = { type: 'offer', pupil: { device: 'anna', peer: '1' }, connection: 7 } as const;
    expect(step(atRest, offer).effects).toEqual([{ do: 'close', connection: 7 }]);
    const { state } = step(ready, offer);
    expect(step(state, { type: 'lesson', lesson: 'noTimetable' }).effects).toEqual([]);
    const over = step(state, { type: 'lesson', lesson: 'notNow' });
    expect([over.state.name, over.effects]).toEqual([
      'asleep',
      [
        { do: 'disarm' },
        { do: 'drain', connection: 7, why: 'lessonOver' },
        { do: 'closeRecord', why: 'lessonOver' },
      ],
    ]);
    const later = step(over.state, { type: 'lesson', lesson: 'granted' }).state;
    expect(step(later, offer).state.name).toBe('waking');
  });
});
