import type { AxisBoard } from '../../../hal/boards/board.ts';
import type { AxisCalibration } from '../../../hal/boards/calibration.ts';
import { type HeadBench, Unwrapped, wrap } from './bench.ts';
import { fitLine, type Sample } from './fit.ts';
import { type AxisName, refuse } from './problem.ts';

/** An encoder's zero and direction. */
export type EncoderHalf = Pick<AxisCalibration, 'encoderZeroDeg' | 'encoderDirection'>;

/** Pulse widths that every servo accepts; a sweep stays within them. */
const MIN_US = 500;
const MAX_US = 2500;
export const MIDDLE_US = 1500;
/** The pace of the sweep: one step of a degree each 30 ms. Slower than the quiet profile. */
const STEP_MS = 30;
const STEP_DEG = 1;
/** Step while the slope is unknown: no servo turns more than 3 degrees for it. */
const FIRST_STEP_US = 3;
const FIRST_TURN_DEG = 4;
const FIRST_PULSES_US = 150;
/** Samples are taken with the head at rest. */
const SETTLE_MS = 160;
const READINGS = 3;
const STATIONS = 60;
/** A servo's backlash and dead band are half a degree; a sampling step must be well above. */
const STATION_DEG = 2.5;
/** The sweep ends this far past the soft limit... */
const PAST_DEG = 0.5;
/** ...or where the head moved less than this share of its servo's command. */
const FOLLOWS = 0.5;

/**
 * Turns one axis through its whole range and back, sampling it at rest on the way. The head
 * begins at rest near MIDDLE_US. Leaves it near the middle.
 */
export class Sweep {
  private readonly samples: Sample[] = [];
  private readonly angle: Unwrapped;
  private us = MIDDLE_US;
  private deg: number;

  private constructor(
    private readonly bench: HeadBench,
    private readonly axis: AxisName,
    private readonly board: AxisBoard,
    private readonly encoder: EncoderHalf,
    private readonly onSample: (sample: Sample) => void,
    startDeg: number,
  ) {
    this.angle = new Unwrapped(startDeg);
    this.deg = startDeg;
  }

  static async run(
    bench: HeadBench,
    axis: AxisName,
    board: AxisBoard,
    encoder: EncoderHalf,
    onSample: (sample: Sample) => void,
  ): Promise<readonly Sample[]> {
    const startDeg = angleOf(encoder, await bench.steady(axis));
    const sweep = new Sweep(bench, axis, board, encoder, onSample, startDeg);
    await sweep.sample();
    await sweep.findSlope();
    for (const side of [1, -1] as const) await sweep.goToEnd(side);
    await sweep.returnTo(MIDDLE_US);
    return sweep.samples;
  }

  /** Raises the pulse until the head has turned enough to measure the slope. */
  private async findSlope(): Promise<void> {
    const other: AxisName = this.axis === 'pan' ? 'tilt' : 'pan';
    const [otherBefore, before] = [await this.bench.raw(other), this.deg];
    while (Math.abs(this.deg - before) < FIRST_TURN_DEG) {
      if (this.us > MIDDLE_US + FIRST_PULSES_US) await this.sayWhatMoved(other, otherBefore);
      await this.step(this.us + FIRST_STEP_US);
      await this.look();
    }
    await this.sample();
  }

  private async sayWhatMoved(other: AxisName, before: number): Promise<never> {
    const turned = new Unwrapped(0).see((await this.bench.raw(other)) - before);
    if (Math.abs(turned) >= FIRST_TURN_DEG) refuse({ kind: 'swapped' });
    return refuse({ kind: 'doesNotMove', axis: this.axis });
  }

  /** Steps towards growing (1) or falling (-1) angles, sampling at each, until the end. */
  private async goToEnd(side: 1 | -1): Promise<void> {
    const { minDeg, maxDeg } = this.board;
    const limit = side > 0 ? maxDeg + PAST_DEG : minDeg - PAST_DEG;
    const station = Math.max(STATION_DEG, (maxDeg - minDeg) / STATIONS);
    for (;;) {
      const goDeg = side * Math.min(station, side * (limit - this.deg));
      if (side * goDeg < PAST_DEG / 2) return;
      const [fromUs, fromDeg] = [this.us, this.deg];
      const toUs = clamp(fromUs + goDeg * this.usPerDeg);
      if (toUs === fromUs) return;
      await this.walk(toUs);
      await this.settle();
      const wantedDeg = (toUs - fromUs) / this.usPerDeg;
      if (Math.abs(this.deg - fromDeg) < FOLLOWS * Math.abs(wantedDeg)) {
        await this.walk(fromUs);
        await this.settle();
        return;
      }
      this.note();
    }
  }

  private async returnTo(us: number): Promise<void> {
    await this.walk(us);
    await this.settle();
  }

  private get usPerDeg(): number {
    return fitLine(this.samples).usPerDeg;
  }

  /** To `us` at the sweep's pace. */
  private async walk(us: number): Promise<void> {
    const stepUs = Math.min(20, Math.max(1, Math.abs(this.usPerDeg) * STEP_DEG));
    while (this.us !== us) {
      const left = us - this.us;
      await this.step(this.us + Math.sign(left) * Math.min(Math.abs(left), stepUs));
      await this.look();
    }
  }

  private async step(us: number): Promise<void> {
    this.us = us;
    await this.bench.send({ [this.axis]: us });
    await this.bench.wait(STEP_MS);
  }

  private async sample(): Promise<void> {
    await this.settle();
    this.note();
  }

  private note(): void {
    const sample = { us: this.us, deg: this.deg };
    this.samples.push(sample);
    this.onSample(sample);
  }

  /** The mean of a few readings at rest. */
  private async settle(): Promise<void> {
    await this.bench.wait(SETTLE_MS);
    let sum = 0;
    for (let i = 0; i < READINGS; i++) sum += await this.look();
    this.deg = sum / READINGS;
  }

  private async look(): Promise<number> {
    this.deg = this.angle.see(angleOf(this.encoder, await this.bench.raw(this.axis)));
    return this.deg;
  }
}

export function angleOf({ encoderZeroDeg, encoderDirection }: EncoderHalf, raw: number): number {
  return wrap(encoderDirection * (raw - encoderZeroDeg));
}

const clamp = (us: number): number => Math.min(MAX_US, Math.max(MIN_US, us));
