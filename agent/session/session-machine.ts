/**
 * The session as a value: who is in class, and the phase. `(state, event) -> {state, effects}`;
 * no timers, no I/O. The owner (session.ts) performs the effects and logs each transition.
 *
 *                offer            connected                     body
 *     asleep ─────────────> waking ─────────> live <─────> paused <─────> blind
 *        ^                   ^  │               │             │             │
 *        │ end, expired      │  │ expired, end  └─────────────┴─────┬───────┘
 *        │                   │  v                              lost v   ^ connected
 *        └───────────────────┼──┴──────────────────────────── interrupted
 *                            └── offer by the same device ┘  (from all three in class too)
 *
 * Body messages are applied in every state. The machine does not decide what is allowed: it
 * provides facts to the policy (agent/admission).
 */
import { may } from '../admission/admit.ts';
import { type BodyWord, type Facts, type FactsFor, pupilOf } from '../admission/facts.ts';
import type { Visitor } from '../model/offer.ts';
import { type EndReason, inClass } from '../model/session-phase.ts';

/** Time limit for an admitted pupil to connect; then the robot sleeps again. */
const WAKING_MS = 20_000;
/** How long a session waits for its pupil to return after a lost connection. */
export const INTERRUPTED_MS = 30_000;

/** One of the owner's connections; opaque to the machine. */
export type ConnectionId = number;

/** Facts that apply in every state. */
interface Reported extends Pick<Facts, 'stopping' | 'battery' | 'heat' | 'lesson'> {
  readonly body: BodyWord;
  /** As last reported by the body; kept while it is silent. */
  readonly paused: boolean;
}

/** A session and its pupil. */
interface Held extends Reported {
  readonly pupil: Visitor;
  readonly connection: ConnectionId;
}

export type SessionState =
  /** No session; the camera has no power. The safe state. */
  | (Reported & { readonly name: 'asleep' })
  /** A pupil was let in and media is connecting; the camera starts already, to be ready. */
  | (Held & { readonly name: 'waking' })
  | (Held & { readonly name: 'live'; readonly paused: false; readonly body: 'well' })
  /** Teacher's pause: the pupil stays, sees black and hears nothing. */
  | (Held & { readonly name: 'paused'; readonly paused: true })
  /** Like a pause, because it is unknown whether there is one. */
  | (Held & { readonly name: 'blind' })
  /** The pupil's connection is lost and may come back; the camera is off meanwhile. */
  | (Held & { readonly name: 'interrupted' });

export type SessionEvent =
  /** An offer of a verified device, already answered by this new connection. */
  | { readonly type: 'offer'; readonly pupil: Visitor; readonly connection: ConnectionId }
  | { readonly type: 'connected'; readonly connection: ConnectionId }
  | { readonly type: 'lost'; readonly connection: ConnectionId }
  /** The timer set by `arm` has expired. */
  | { readonly type: 'expired' }
  /** The body reported, or (`bodyAway`) is silent. */
  | (Omit<Reported, 'stopping' | 'lesson' | 'body'> & {
      readonly type: 'body';
      readonly body: Exclude<BodyWord, 'away'>;
    })
  | { readonly type: 'bodyAway' }
  /** Whether the timetable grants a session has changed; one that it does not grant ends. */
  | { readonly type: 'lesson'; readonly lesson: Facts['lesson'] }
  | { readonly type: 'end'; readonly why: EndReason }
  /** The robot stops: ends the session, and nobody is let in any more. */
  | { readonly type: 'stop' };

export type SessionEffect =
  /** The visitor was not let in. */
  | { readonly do: 'close'; readonly connection: ConnectionId }
  /** Sends the reason, and closes the connection after it had time to be delivered. */
  | {
      readonly do: 'drain';
      readonly connection: ConnectionId;
      readonly why: EndReason | 'takenOver';
    }
  /** The pupil's page has connected or reconnected, and needs the full state. */
  | { readonly do: 'greet' }
  /** Asks the pupil's device for an ICE restart. */
  | { readonly do: 'askRestart'; readonly pupil: Visitor }
  | { readonly do: 'openRecord' }
  | { readonly do: 'note'; readonly what: 'pauses' | 'interruptions' }
  | { readonly do: 'closeRecord'; readonly why: EndReason }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' };

interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export const atRest: SessionState = {
  ...{ name: 'asleep', stopping: false, lesson: 'unknown', paused: false },
  ...{ body: 'away', battery: 'unknown', heat: 'unknown' },
};

export function step(state: SessionState, event: SessionEvent): Step {
  switch (event.type) {
    case 'offer':
      return onOffer(state, event);
    case 'connected':
      return onConnected(state, event.connection);
    case 'lost':
      return onLost(state, event.connection);
    case 'expired':
      return state.name === 'waking' || state.name === 'interrupted'
        ? end(state, 'lost')
        : withoutEffects(state);
    case 'body': {
      const { type: _, ...told } = event;
      return onReported(state, { ...told, stopping: state.stopping, lesson: state.lesson });
    }
    case 'bodyAway':
      return onReported(state, { ...reportedBy(state), ...unheard });
    case 'lesson':
      return onLesson(state, event.lesson);
    case 'end':
      return end(state, event.why);
    case 'stop':
      return end({ ...state, stopping: true }, 'robotStopped');
  }
}

/** The session's facts for admitting a visitor. Access has verified that it is bound. */
export function offerFacts(
  state: SessionState,
  visitor: Visitor,
): Omit<FactsFor<'session' | 'restart'>, 'offer'> {
  const { stopping, battery, heat, lesson } = state;
  const holder = holderFor(state, visitor);
  return { device: 'bound', stopping, battery, heat, lesson, holder };
}

/** The session's facts for everything during a lesson. */
export function lessonFacts({ name, body, paused }: SessionState): FactsFor<'sensing' | 'attend'> {
  return { pupil: pupilOf(name), body, paused };
}

/** The session's facts for reading codes without a pupil. */
export function scanningFacts(state: SessionState): Omit<FactsFor<'scanning'>, 'pairing'> {
  const { name, stopping, battery, heat, body, paused } = state;
  const robot = name === 'asleep' ? 'free' : 'taken';
  return { robot, stopping, battery, heat, body, paused };
}

/** Whether this connection of this device holds the session. */
export function holds(state: SessionState, visitor: Visitor): boolean {
  return holderFor(state, visitor) === 'connection';
}

function holderFor(state: SessionState, { device, peer }: Visitor): Facts['holder'] {
  if (state.name === 'asleep') return 'nobody';
  if (state.pupil.device !== device) return 'other';
  return state.pupil.peer === peer ? 'connection' : 'device';
}

function withoutEffects(state: SessionState): Step {
  return { state, effects: [] };
}

function onOffer(
  state: SessionState,
  { pupil, connection }: Extract<SessionEvent, { type: 'offer' }>,
): Step {
  if (!may('session', { ...offerFacts(state, pupil), offer: 'newest' }))
    return { state, effects: [{ do: 'close', connection }] };
  const next: SessionState = { ...reportedBy(state), name: 'waking', pupil, connection };
  if (state.name === 'asleep')
    return { state: next, effects: [{ do: 'openRecord' }, { do: 'arm', ms: WAKING_MS }] };
  return {
    state: next,
    effects: [
      { do: 'drain', connection: state.connection, why: 'takenOver' },
      { do: 'arm', ms: INTERRUPTED_MS },
    ],
  };
}

function onConnected(state: SessionState, connection: ConnectionId): Step {
  if (state.name !== 'waking' && state.name !== 'interrupted') return withoutEffects(state);
  if (state.connection !== connection) return withoutEffects(state);
  return { state: inClassState(state), effects: [{ do: 'disarm' }, { do: 'greet' }] };
}

function onLost(state: SessionState, connection: ConnectionId): Step {
  if (state.name === 'asleep' || !inClass(state.name)) return withoutEffects(state);
  if (state.connection !== connection) return withoutEffects(state);
  return {
    state: { ...state, name: 'interrupted' },
    effects: [
      { do: 'note', what: 'interruptions' },
      { do: 'arm', ms: INTERRUPTED_MS },
      { do: 'askRestart', pupil: state.pupil },
    ],
  };
}

function onReported(state: SessionState, now: Reported): Step {
  if (sameReported(state, now)) return withoutEffects(state);
  if (state.name === 'asleep') return withoutEffects({ ...state, ...now });
  const effects: SessionEffect[] =
    now.paused && !state.paused ? [{ do: 'note', what: 'pauses' }] : [];
  const { name } = state;
  if (name === 'waking' || name === 'interrupted')
    return { state: { ...state, ...now, name }, effects };
  return { state: inClassState({ ...state, ...now }), effects };
}

function onLesson(state: SessionState, lesson: Facts['lesson']): Step {
  const now = { ...state, lesson };
  if (lesson !== 'granted' && lesson !== 'noTimetable') return end(now, 'lessonOver');
  return state.lesson === lesson ? withoutEffects(state) : withoutEffects(now);
}

function end(state: SessionState, why: EndReason): Step {
  if (state.name === 'asleep') return withoutEffects(state);
  const { connection } = state;
  return {
    state: { ...reportedBy(state), name: 'asleep' },
    effects: [{ do: 'disarm' }, { do: 'drain', connection, why }, { do: 'closeRecord', why }],
  };
}

const unheard = { body: 'away', battery: 'unknown', heat: 'unknown' } as const;

function reportedBy({ body, paused, battery, heat, lesson, stopping }: Reported): Reported {
  return { body, paused, battery, heat, lesson, stopping };
}

function sameReported(a: Reported, b: Reported): boolean {
  const same = a.body === b.body && a.paused === b.paused && a.stopping === b.stopping;
  return same && a.battery === b.battery && a.heat === b.heat;
}

/** A pause known from the body takes precedence; while the body is silent the state is `blind`. */
function inClassState({ pupil, connection, ...rest }: Held): SessionState {
  const held = { ...reportedBy(rest), pupil, connection };
  const { body, paused } = held;
  if (body === 'away') return { ...held, name: 'blind' };
  if (paused) return { ...held, paused, name: 'paused' };
  return body === 'well' ? { ...held, body, paused, name: 'live' } : { ...held, name: 'blind' };
}
