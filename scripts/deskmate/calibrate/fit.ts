import type { AxisBoard } from '../../../hal/boards/board.ts';
import type { AxisCalibration } from '../../../hal/boards/calibration.ts';
import { type AxisName, refuse } from './problem.ts';

/** A held pulse and the resting angle at it. */
export interface Sample {
  readonly us: number;
  readonly deg: number;
}

interface Line {
  readonly zeroUs: number;
  readonly usPerDeg: number;
  /** Maximum distance of a sample from the line, degrees. */
  readonly worstDeg: number;
}

/** Least-squares fit of pulse over angle. Needs two samples at different angles. */
export function fitLine(samples: readonly Sample[]): Line {
  const n = samples.length;
  const meanUs = samples.reduce((sum, { us }) => sum + us, 0) / n;
  const meanDeg = samples.reduce((sum, { deg }) => sum + deg, 0) / n;
  let covariance = 0;
  let variance = 0;
  for (const { us, deg } of samples) {
    covariance += (us - meanUs) * (deg - meanDeg);
    variance += (deg - meanDeg) ** 2;
  }
  const usPerDeg = covariance / variance;
  const zeroUs = meanUs - usPerDeg * meanDeg;
  const off = samples.map(({ us, deg }) => Math.abs((us - zeroUs) / usPerDeg - deg));
  return { zeroUs, usPerDeg, worstDeg: Math.max(...off) };
}

/** Beyond this deviation from a line, the horn is loose or the encoder misaligned. */
const STRAIGHT_DEG = 4;
const LIMIT_DEG = {
  /** Pulse limits extend this far past the soft limits, so that no command there is cut. */
  past: 0.75,
  /** ...and stay this far inside the last sample: a servo stalled against a stop burns out. */
  fromEnd: 0.25,
  /** Backlash and dead band of servos: within this distance a limit counts as reached. */
  reached: 1.5,
};

/**
 * The servo's half of an axis's calibration, from a sweep to both ends. Rejects a sweep
 * that does not reach the board's soft limits or is not straight.
 */
export function servoCalibration(
  axis: AxisName,
  board: AxisBoard,
  samples: readonly Sample[],
): Pick<AxisCalibration, 'zeroUs' | 'usPerDeg' | 'minUs' | 'maxUs'> {
  const line = fitLine(samples);
  if (!(line.worstDeg <= STRAIGHT_DEG))
    refuse({ kind: 'notStraight', axis, offDeg: line.worstDeg });
  const degs = samples.map(({ deg }) => deg);
  const [lowest, highest] = [Math.min(...degs), Math.max(...degs)];
  checkReach(axis, lowest, board.minDeg, -1);
  checkReach(axis, highest, board.maxDeg, 1);
  const ends = [
    Math.max(lowest + LIMIT_DEG.fromEnd, board.minDeg - LIMIT_DEG.past),
    Math.min(highest - LIMIT_DEG.fromEnd, board.maxDeg + LIMIT_DEG.past),
  ].map((deg) => line.zeroUs + line.usPerDeg * deg);
  return {
    zeroUs: round(line.zeroUs, 10),
    usPerDeg: round(line.usPerDeg, 10_000),
    minUs: round(Math.max(500, Math.min(...ends)), 10),
    maxUs: round(Math.min(2500, Math.max(...ends)), 10),
  };
}

function checkReach(axis: AxisName, reachedDeg: number, neededDeg: number, side: 1 | -1): void {
  if (side * (neededDeg - reachedDeg) <= LIMIT_DEG.reached) return;
  refuse({ kind: 'shortRange', axis, reachedDeg, neededDeg });
}

const round = (value: number, steps: number): number => Math.round(value * steps) / steps;
