import type { Board } from '../../../hal/boards/board.ts';
import type { Calibration } from '../../../hal/boards/calibration.ts';
import { type HeadBench, READ_MS, wrap } from './bench.ts';
import { type Sample, servoCalibration } from './fit.ts';
import { type AxisName, refuse } from './problem.ts';
import { angleOf, type EncoderHalf, MIDDLE_US, Sweep } from './sweep.ts';

/** Manual steps that the person at the robot performs and confirms. */
export type Ask = 'lookAhead' | 'turnLeft' | 'turnUp' | 'letGo';

export type Stage = 'middle' | 'sweepPan' | 'sweepTilt' | 'verify';

/** The person at the robot. `ask` rejects with CalibrationFailed `cancelled` when they give up. */
export interface Operator {
  /** Asks, shows the live angles while waiting, and resolves when it is done. */
  ask(what: Ask, live: () => Promise<Live>): Promise<void>;
  stage(stage: Stage): void;
  /** A sample of the sweep: pulse held, angle measured. */
  sample(axis: AxisName, sample: Sample): void;
  /** A sample of the final check: angle commanded, angle measured. */
  check(axis: AxisName, commandedDeg: number, measuredDeg: number): void;
  /** Throws CalibrationFailed `cancelled` when the person wants to stop. */
  throwIfCancelled(): void;
}

/** Angles known so far. */
export type Live = Partial<Record<AxisName, number>>;

/** Limits of a turn by hand: large enough to be deliberate, small enough to be unambiguous. */
const TURN_DEG = { pan: { least: 20, most: 150 }, tilt: { least: 8, most: 60 } } as const;
/** A burst of pulses this long moves a hobby servo by some ten degrees. */
const BURST = { ms: 40, pauseMs: 120, most: 60 };
const ARRIVED_DEG = 0.6;
/** Final check: tolerance in degrees, and its angles as shares of the range. */
const VERIFY = { nearDeg: 2, shares: [0, 0.6, -0.6, 0], stepMs: 30, settleMs: 400 };

/**
 * Calibrates an uncalibrated head: zero and directions by hand, servo ends and
 * slopes by a slow sweep, then a check. Torque is off afterwards, also on errors. Throws
 * CalibrationFailed.
 */
export async function calibrateHead(
  bench: HeadBench,
  board: Board,
  operator: Operator,
): Promise<Calibration> {
  try {
    await bench.torqueOff();
    const encoders = await findEncoders(bench, operator);
    await operator.ask('letGo', () => live(bench, encoders));
    operator.stage('middle');
    await creepToMiddle(bench, operator);
    const pan = await sweep(bench, board, encoders, 'pan', operator);
    const tilt = await sweep(bench, board, encoders, 'tilt', operator);
    const calibration = { pan, tilt };
    operator.stage('verify');
    for (const axis of ['pan', 'tilt'] as const)
      await verify(bench, board, calibration, axis, operator);
    return calibration;
  } finally {
    await bench.torqueOff();
  }
}

async function findEncoders(
  bench: HeadBench,
  operator: Operator,
): Promise<Record<AxisName, EncoderHalf>> {
  const zeros = { pan: 0, tilt: 0 };
  await operator.ask('lookAhead', async () => ({}));
  for (const axis of ['pan', 'tilt'] as const) zeros[axis] = await bench.steady(axis);
  return {
    pan: await direction(bench, operator, 'pan', 'turnLeft', zeros.pan),
    tilt: await direction(bench, operator, 'tilt', 'turnUp', zeros.tilt),
  };
}

async function direction(
  bench: HeadBench,
  operator: Operator,
  axis: AxisName,
  what: Ask,
  encoderZeroDeg: number,
): Promise<EncoderHalf> {
  await operator.ask(what, async () => ({
    [axis]: Math.abs(wrap((await bench.raw(axis)) - encoderZeroDeg)),
  }));
  const turnedDeg = wrap((await bench.steady(axis)) - encoderZeroDeg);
  const { least, most } = TURN_DEG[axis];
  if (Math.abs(turnedDeg) < least || Math.abs(turnedDeg) > most)
    refuse({ kind: 'turnUnclear', axis, turnedDeg });
  const rounded = Math.round(encoderZeroDeg * 100) / 100;
  return { encoderZeroDeg: rounded % 360, encoderDirection: turnedDeg > 0 ? 1 : -1 };
}

async function live(bench: HeadBench, encoders: Record<AxisName, EncoderHalf>): Promise<Live> {
  const [pan, tilt] = [await bench.raw('pan'), await bench.raw('tilt')];
  return { pan: angleOf(encoders.pan, pan), tilt: angleOf(encoders.tilt, tilt) };
}

/**
 * The servos are not calibrated yet, so a plain command would move the head at full speed to the
 * middle. Short bursts with torque off in between move it there in small steps.
 */
async function creepToMiddle(bench: HeadBench, operator: Operator): Promise<void> {
  let before = [await bench.raw('pan'), await bench.raw('tilt')];
  for (let burst = 0, still = 0; burst < BURST.most && still < 3; burst++) {
    operator.throwIfCancelled();
    await bench.send({ pan: MIDDLE_US, tilt: MIDDLE_US });
    await bench.wait(BURST.ms);
    await bench.torqueOff();
    await bench.wait(BURST.pauseMs);
    const now = [await bench.raw('pan'), await bench.raw('tilt')];
    const moved = now.map((deg, i) => Math.abs(wrap(deg - (before[i] ?? deg))));
    still = Math.max(...moved) < ARRIVED_DEG ? still + 1 : 0;
    before = now;
  }
  await bench.send({ pan: MIDDLE_US, tilt: MIDDLE_US });
  await bench.wait(500);
}

async function sweep(
  bench: HeadBench,
  board: Board,
  encoders: Record<AxisName, EncoderHalf>,
  axis: AxisName,
  operator: Operator,
) {
  operator.stage(axis === 'pan' ? 'sweepPan' : 'sweepTilt');
  const samples = await Sweep.run(bench, axis, board[axis], encoders[axis], (sample) => {
    operator.sample(axis, sample);
    operator.throwIfCancelled();
  });
  return { ...servoCalibration(axis, board[axis], samples), ...encoders[axis] };
}

/** Commands a few angles as firmware would, and measures. */
async function verify(
  bench: HeadBench,
  board: Board,
  calibration: Calibration,
  axis: AxisName,
  operator: Operator,
): Promise<void> {
  const { minDeg, maxDeg } = board[axis];
  const { zeroUs, usPerDeg } = calibration[axis];
  let atDeg = (MIDDLE_US - zeroUs) / usPerDeg;
  for (const share of VERIFY.shares) {
    const wantedDeg = share > 0 ? share * maxDeg : -share * minDeg;
    while (atDeg !== wantedDeg) {
      operator.throwIfCancelled();
      atDeg += Math.sign(wantedDeg - atDeg) * Math.min(1, Math.abs(wantedDeg - atDeg));
      await bench.send({ [axis]: zeroUs + usPerDeg * atDeg });
      await bench.wait(VERIFY.stepMs);
    }
    await bench.wait(VERIFY.settleMs);
    const measuredDeg = angleOf(calibration[axis], await bench.raw(axis));
    operator.check(axis, wantedDeg, measuredDeg);
    if (Math.abs(wrap(measuredDeg - wantedDeg)) > VERIFY.nearDeg)
      refuse({ kind: 'verifyFailed', axis, wantedDeg, measuredDeg });
    await bench.wait(READ_MS);
  }
}
