import { NONE, type Step } from '../core/state-machine.ts';

/**
 * Load shedding: what is turned off, and in which order, when the battery is low or something is
 * hot. This table is the only place of order, thresholds and descriptions. A step includes all
 * steps above it. What a lesson needs most comes last: hearing and speaking continue to the end.
 */
interface ShedStep {
  readonly name: ShedName;
  /** For docs/safety.md. */
  readonly does: string;
  /** Begins below this charge, or below this cell voltage under load (the gauge may be wrong). */
  readonly percent: number;
  readonly cellVolts: number;
  /** Begins at this temperature of the computer, or of a servo; Infinity: never. */
  readonly computerC: number;
  readonly servoC: number;
  /** Number of readings in a row, one a second: a drastic step needs more than one. */
  readonly readings: number;
  /** Levels of battery and heat that are reported while this is the deepest step. */
  readonly battery: 'good' | 'low' | 'critical' | 'empty';
  readonly heat: 'good' | 'warm' | 'hot' | 'critical';
}

export type ShedName = 'eyes' | 'lights' | 'quiet' | 'motion' | 'camera' | 'computer';

const never = Number.POSITIVE_INFINITY;

/**
 * A Raspberry Pi throttles at 80-85 °C; a lithium cell is empty at 3.0 V. The servos' column ends
 * at `motion`: with torque off they cool, and the computer need not stop for them.
 */
export const SHEDDING: readonly ShedStep[] = [
  {
    name: 'eyes',
    does: 'eyes at a third of their brightness',
    percent: 20,
    cellVolts: 3.35,
    computerC: 68,
    servoC: never,
    readings: 1,
    battery: 'low',
    heat: 'good',
  },
  {
    name: 'lights',
    does: 'ring and hand light at half',
    percent: 15,
    cellVolts: 3.32,
    computerC: 70,
    servoC: never,
    readings: 1,
    battery: 'low',
    heat: 'good',
  },
  {
    name: 'quiet',
    does: 'the head moves by the quiet profile only',
    percent: 10,
    cellVolts: 3.3,
    computerC: 72,
    servoC: 60,
    readings: 1,
    battery: 'critical',
    heat: 'warm',
  },
  {
    name: 'motion',
    does: 'torque off: the head hangs and stays so',
    percent: 6,
    cellVolts: 3.2,
    computerC: 80,
    servoC: 75,
    readings: 2,
    battery: 'critical',
    heat: 'hot',
  },
  {
    name: 'camera',
    does: 'camera rail off; the pupil still hears and speaks',
    percent: 5,
    cellVolts: 3.1,
    computerC: 85,
    servoC: never,
    readings: 3,
    battery: 'critical',
    heat: 'critical',
  },
  {
    name: 'computer',
    does: 'shutdown, while it still can be an orderly one',
    percent: 4,
    cellVolts: 3,
    computerC: 88,
    servoC: never,
    readings: 3,
    battery: 'empty',
    heat: 'critical',
  },
];

/** Hysteresis: a step ends this much on the good side of its threshold. */
export const GRACE = { percent: 2, cellVolts: 0.1, celsius: 5 } as const;

/** Number of steps up to and including `name`. */
export function depthOf(name: ShedName): number {
  return SHEDDING.findIndex((step) => step.name === name) + 1;
}

/** Depth that a reading demands, and depth that it still justifies for a robot already there. */
export interface Asked {
  readonly enter: number;
  readonly stay: number;
}

/**
 * `cellVolts` undefined: not measured, or the number of cells is unknown. On mains (`powered`) the
 * battery charges: nothing beyond `quiet`. `deepest`: the board's last step.
 */
export function askedByBattery(
  percent: number,
  cellVolts: number | undefined,
  powered: boolean,
  deepest: ShedName,
): Asked {
  const most = Math.min(depthOf(deepest), powered ? depthOf('quiet') : SHEDDING.length);

  const depth = (grace: number, voltGrace: number): number => {
    const asked = deepestStep(
      (step) =>
        percent < step.percent + grace ||
        (cellVolts !== undefined && cellVolts < step.cellVolts + voltGrace),
    );
    return Math.min(asked, most);
  };
  return { enter: depth(0, 0), stay: depth(GRACE.percent, GRACE.cellVolts) };
}

/** `deepest` limits the computer's steps only: firmware controls the servos on every board. */
export function askedByHeat(computerC: number, servoC: number, deepest: ShedName): Asked {
  const depth = (grace: number): number =>
    Math.max(
      Math.min(
        deepestStep((step) => computerC >= step.computerC - grace),
        depthOf(deepest),
      ),
      deepestStep((step) => servoC >= step.servoC - grace),
    );
  return { enter: depth(0), stay: depth(GRACE.celsius) };
}

function deepestStep(asks: (step: ShedStep) => boolean): number {
  return SHEDDING.findLastIndex(asks) + 1;
}

/** How far down the table one cause has brought the robot. */
export interface LadderState {
  readonly name: ShedName | 'full';
  /** Steps in force: the first `depth` of the table. */
  readonly depth: number;
  /** For each step, readings in a row that asked for it. */
  readonly runs: readonly number[];
}

interface LadderEvent extends Asked {
  readonly type: 'reading';
}

/** `shutdown`: the computer must shut down now. Once each time the last step begins. */
type LadderEffect = 'shutdown';

export const LADDER_START: LadderState = { name: 'full', depth: 0, runs: SHEDDING.map(() => 0) };

/**
 * Down only after enough consecutive readings that demand a step; up as soon as none justifies it.
 */
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
