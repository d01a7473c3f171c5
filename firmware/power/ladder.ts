import { NONE, type Step } from '../safety/machine.ts';
import { type Asked, SHEDDING, type ShedName } from './shedding.ts';

/** How far down the table of what is given up (shedding.ts) one cause has brought the robot. */
export interface LadderState {
  readonly name: ShedName | 'full';
  /** Steps in force: the first `depth` of the table. */
  readonly depth: number;
  /** For each step, readings in a row that asked for it. */
  readonly runs: readonly number[];
}

export interface LadderEvent extends Asked {
  readonly type: 'reading';
}

/** `shutdown`: the computer must stop while it still can. Once each time the last step begins. */
export type LadderEffect = 'shutdown';

export const LADDER_START: LadderState = { name: 'full', depth: 0, runs: SHEDDING.map(() => 0) };

/** Down only after enough readings in a row that ask for a step; up as soon as none holds it. */
export const stepLadder: Step<LadderState, LadderEvent, LadderEffect> = (state, event) => {
  const runs = SHEDDING.map((step, i) =>
    event.enter > i ? Math.min(step.readings, (state.runs[i] ?? 0) + 1) : 0,
  );
  const entered = SHEDDING.findLastIndex((step, i) => (runs[i] ?? 0) >= step.readings) + 1;
  const depth = Math.max(entered, Math.min(state.depth, event.stay));
  const last = SHEDDING.length;
  const ends = depth === last && state.depth < last;
  return {
    state: { name: SHEDDING[depth - 1]?.name ?? 'full', depth, runs },
    effects: ends ? ['shutdown'] : NONE,
  };
};
