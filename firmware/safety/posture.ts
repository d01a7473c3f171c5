import { NONE, type Step } from './machine.ts';

/** Where the head belongs while nobody looks around: asleep, up, or lowered by the teacher. */
export type Posture = 'rest' | 'awake' | 'lowered';

/**
 * Whether the servos hold the head, and what for. `off` is the safe state: limp, and no event but
 * `unblock` leaves it. `posture` is where the head belongs once it may move again; undefined after
 * the start, until somebody decides.
 */
export interface HeadState {
  readonly name: HeadStateName;
  readonly posture: Posture | undefined;
  /** The posture changed while the servos were limp: go there when they are not. */
  readonly due: boolean;
  /** Somebody was turning the head when motion was forbidden: it waits until it is let go. */
  readonly held: boolean;
}

export type HeadStateName =
  /** Motion is not allowed: no calibration, encoder fault, heat, empty battery. Limp. */
  | 'off'
  /** Asleep and limp: silent, cool, and a child may turn the head. */
  | 'limp'
  /** On the way to rest, or just there. */
  | 'rest'
  /** Up; looks and gestures are carried out. */
  | 'awake'
  /** The teacher's pause. */
  | 'lowered'
  /** Somebody turns the head: limp until it is let go. */
  | 'handTurned'
  /** An axis did not follow: limp until the next try. */
  | 'stalled';

export type HeadEvent =
  | { readonly type: 'block' | 'unblock' | 'atRest' | 'turned' | 'letGo' | 'stall' | 'retry' }
  | { readonly type: 'posture'; readonly posture: Posture };

export type HeadEffect =
  /** Servos limp. */
  | 'release'
  /** Take the measured angles as the command, then power the servos. */
  | 'adopt'
  /** Go to the posture. */
  | 'pose'
  /** Go on to where the head was going when it stalled, if that still holds. */
  | 'goOn';

export const HEAD_START: HeadState = { name: 'off', posture: undefined, due: false, held: false };

const POWERED: ReadonlySet<HeadStateName> = new Set(['rest', 'awake', 'lowered']);

export const stepHead: Step<HeadState, HeadEvent, HeadEffect> = (state, event) => {
  if (event.type === 'posture') return changePosture(state, event.posture);
  if (event.type === 'block')
    return state.name === 'off' ? same(state) : limp(state, 'off', mustReturn(state));
  const powered = POWERED.has(state.name);
  if (event.type === 'turned' && powered) return limp(state, 'handTurned', state.name === 'rest');
  if (event.type === 'stall' && powered) return limp(state, 'stalled', state.due);
  if (event.type === 'atRest' && state.name === 'rest') return limp(state, 'limp', false);
  if (event.type === 'unblock' && state.name === 'off')
    return state.held ? same({ ...state, name: 'handTurned', held: false }) : power(state, []);
  if (event.type === 'letGo' && state.name === 'handTurned') return power(state, []);
  if (event.type === 'retry' && state.name === 'stalled') return power(state, ['goOn']);
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
  return state.name === 'limp' ? power(next, []) : same(next);
}

/** Out of a limp state: never with a jump, and to the posture only if it is due. */
function power(state: HeadState, otherwise: readonly HeadEffect[]) {
  if (!state.posture) return { state: { ...state, name: 'limp' as const }, effects: NONE };
  const then: readonly HeadEffect[] = state.due ? ['pose'] : otherwise;
  const next: HeadState = { name: state.posture, posture: state.posture, due: false, held: false };
  return { state: next, effects: ['adopt' as const, ...then] };
}

function limp(state: HeadState, name: HeadStateName, due: boolean) {
  const held = name === 'off' && state.name === 'handTurned';
  return { state: { ...state, name, due, held }, effects: ['release' as const] };
}

/** A head that was looking around stays where it is found; one that was put away is put away again. */
const mustReturn = (state: HeadState): boolean =>
  state.due || state.name === 'rest' || state.name === 'lowered' || state.name === 'limp';

const same = (state: HeadState) => ({ state, effects: NONE });
