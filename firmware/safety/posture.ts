import { NONE, type Step } from '../core/state-machine.ts';

/** Posture of the head without commands: asleep, up, or lowered by the teacher. */
export type Posture = 'rest' | 'awake' | 'lowered';

/**
 * Whether the servos hold the head, and why. `off` is the safe state: no torque, and only `unblock`
 * leaves it. `posture` is the one to take once motion is allowed again; undefined after the start,
 * until it is set.
 */
export interface HeadState {
  readonly name: HeadStateName;
  readonly posture: Posture | undefined;
  /** The posture changed while torque was off: go there when torque is on again. */
  readonly due: boolean;
  /** Somebody was turning the head when motion was blocked: wait until the hand is gone. */
  readonly held: boolean;
}

export type HeadStateName =
  /** Motion is not allowed: no calibration, encoder fault, heat, empty battery. Torque off. */
  | 'off'
  /** At rest with torque off: silent, cool, and the head can be turned by hand. */
  | 'asleep'
  /** Moving to rest, or just arrived. */
  | 'rest'
  /** Up; looks and gestures are carried out. */
  | 'awake'
  /** The teacher's pause. */
  | 'lowered'
  /** Somebody turns the head: torque off until the hand is gone. */
  | 'handTurned'
  /** An axis did not follow: torque off until the retry. */
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
  /** Continue to the resume goal, if it is still valid. */
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

/** Torque on without a jump; moves to the posture only if that is due. */
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

/** An awake head stays where it is found; one at rest or lowered returns there. */
const mustReturn = (state: HeadState): boolean =>
  state.due || state.name === 'rest' || state.name === 'lowered' || state.name === 'asleep';

const same = (state: HeadState) => ({ state, effects: NONE });
