import type { AngleReading } from '../../hal/ports/body.ts';
import type { Random } from '../time/random.ts';
import type { AxisGeometry } from './geometry.ts';

const STEPS = 4096;
const NOISE_DEG = 0.05;

/**
 * What an AS5600 says of the head's true angle: 12 bits, noisy, with the offset and direction of
 * its magnet. Without a magnet the angle is noise, and only the status bit says so.
 */
export function readEncoder(
  trueDeg: number,
  axis: AxisGeometry,
  magnetLost: boolean,
  random: Random,
): AngleReading {
  if (magnetLost) return { rawDeg: quantise(random.next() * 360), magnet: 'missing' };
  const noisy = trueDeg + random.normal(0, NOISE_DEG);
  return {
    rawDeg: quantise(axis.encoderZeroDeg + axis.encoderDirection * noisy),
    magnet: 'ok',
  };
}

/** Onto the chip's steps, 0 <= x < 360. */
function quantise(deg: number): number {
  const step = Math.round((deg / 360) * STEPS) % STEPS;
  return ((step + STEPS) % STEPS) * (360 / STEPS);
}
