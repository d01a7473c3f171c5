import { NONE, type Step } from '../core/state-machine.ts';

/** Where the head belongs while nobody looks around: asleep, up, or lowered by the teacher. */
export type Posture = 'rest' | 'awake' | 'lowered';

/**
 * Whether the servos hold the head, and what for. `off` is the safe state: no torque, and no event
 * but `unblock` leaves it. `posture` is where the head belongs once it may move again; undefined after
 * the start, until somebody decides.
 */
export interface HeadState {
  readonly name: HeadStateName;
  readonly posture: Posture | undefined;
  /** The posture changed while torque was off: go there when it is on again. */
  readonly due: boolean;
  /** Somebody was turning the head when motion was forbidden: it waits until the hand is gone. */
  readonly held: boolean;
}

export type HeadStateName =
  /** Motion is not allowed: no calibration, encoder fault, heat, empty battery. Torque off. */
  | 'off'
  /** At rest with torque off: silent, cool, and a child may turn the head. */
  | 'asleep'
  /** On the way to rest, or just there. */
  | 'rest'
  /** Up; looks and gestures are carried out. */
  | 'awake'
  /** The teacher's pause. */
  | 'lowered'
  /** Somebody turns the head: torque off until the hand is gone. */
  | 'handTurned'
  /** An axis did not follow: torque off until the next try. */
  | 'stalled';

export type HeadEvent =
  | { readonly type: 'block' | 'unblock' | 'atRest' | 'turned' | 'handGone' | 'stall' | 'retry' }
  | { readonly type: 'posture'; readonly posture: Posture };

export type HeadEffect =
  | 'torqueOff'
  /** Take the measured angles as the command, then turn torque on. */
  | 'torqueOn'
  /** Go to the posture. */
  | 'pose'
  /** Go on to where the head was going when it stalled, if that still holds. */
  | 'resume';

export const HEAD_START: HeadState = { name: 'off', posture: undefined, due: false, held: false };

const POWERED: ReadonlySet<HeadStateName> = new Set(['rest', 'awake', 'lowered']);

export const stepHead: Step<HeadState, HeadEvent, HeadEffect> = (state, event) => {
  if (event.type === 'posture') return changePosture(state, event.posture);
  if (event.type === 'block')
    return state.name === 'off' ? same(state) : turnOff(state, 'off', mustReturn(state));
  const powered = POWERED.has(state.name);
  if (event.type === 'turned' && powered)
    return turnOff(state, 'handTurned', state.name === 'rest');
  if (event.type === 'stall' && powered) return turnOff(state, 'stalled', state.due);
  if (event.type === 'atRest' && state.name === 'rest') return turnOff(state, 'asleep', false);
  if (event.type === 'unblock' && state.name === 'off')
    return state.held ? same({ ...state, name: 'handTurned', held: false }) : turnOn(state, []);
  if (event.type === 'handGone' && state.name === 'handTurned') return turnOn(state, []);
  if (event.type === 'retry' && state.name === 'stalled') return turnOn(state, ['resume']);
  return same(state);
};

function changePosture(state: HeadState, posture: Posture) {
  if (state.posture === posture) return same(state);
  if (POWERED.has(state.name))
    return {
      state: { name: posture, posture, due: false, held: false },
      effects: ['pose' as const],
    };
  const next: HeadState = { ...state, posture, due: true };
  return state.name === 'asleep' ? turnOn(next, []) : same(next);
}

/** Never with a jump, and to the posture only if it is due. */
function turnOn(state: HeadState, otherwise: readonly HeadEffect[]) {
  if (!state.posture) return { state: { ...state, name: 'asleep' as const }, effects: NONE };
  const then: readonly HeadEffect[] = state.due ? ['pose'] : otherwise;
  const next: HeadState = { name: state.posture, posture: state.posture, due: false, held: false };
  return { state: next, effects: ['torqueOn' as const, ...then] };
}

function turnOff(state: HeadState, name: HeadStateName, due: boolean) {
  const held = name === 'off' && state.name === 'handTurned';
  return { state: { ...state, name, due, held }, effects: ['torqueOff' as const] };
}

/** A head that was looking around stays where it is found; one that was put away is put away again. */
const mustReturn = (state: HeadState): boolean =>
  state.due || state.name === 'rest' || state.name === 'lowered' || state.name === 'asleep';

const same = (state: HeadState) => ({ state, effects: NONE });
