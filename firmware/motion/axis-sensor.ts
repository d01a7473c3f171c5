import type { AxisBoard, Board } from '../../hal/boards/board.ts';
import type { AxisCalibration, Calibration } from '../../hal/boards/calibration.ts';
import type { AngleEncoder, AngleReading, BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import type { FaultCode } from '../link/schema.ts';
import { ENCODER_START, stepEncoder } from './encoder-watch.ts';

/** Mechanical stops are at most this far beyond the soft limits, zero offset error included. */
const BEYOND_DEG = 8;
/** The port promises an answer within 20 ms; a call that takes this long counts as failed. */
const LATE_MS = 60;
/** Maximum age of a reading: the loop's longest period and a slow read. */
const FRESH_MS = 80;

/** What the head is built from. */
export interface HeadParts {
  readonly hardware: BodyHardware;
  readonly board: Board;
  /** Without one the head does not move. */
  readonly calibration: Calibration | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Measures one axis and judges whether the measurement is valid. */
export class AxisSensor {
  private readonly calls: CallGuard<AngleReading, FaultCode>;
  private readonly machine: MachineOf<typeof stepEncoder>;
  private readonly encoder: AngleEncoder;
  private readonly board: AxisBoard;
  private readonly calibration: AxisCalibration | undefined;
  private readonly fault: FaultCode;
  private readonly clock: Clock;
  private known = false;
  /** The last valid angle, its speed, and when it was measured. */
  deg = 0;
  degPerS = 0;
  readMs = 0;
  /** The encoder answers, but with an angle that this head cannot have. */
  private outside = false;

  constructor(name: 'pan' | 'tilt', { hardware, board, calibration, clock, log }: HeadParts) {
    this.fault = `${name}Encoder`;
    this.encoder = hardware[`${name}Encoder`];
    this.board = board[name];
    this.calibration = calibration?.[name];
    this.clock = clock;
    this.machine = new Machine(this.fault, stepEncoder, ENCODER_START, log);
    this.calls = new CallGuard(this.fault, clock, log, {
      call: () => this.encoder.read(),
      done: (reading) => this.take(reading),
      failed: () => this.invalid(),
    });
  }

  get present(): boolean {
    return this.encoder.present;
  }

  /** Valid (or not fitted). */
  get good(): boolean {
    return !this.present || this.machine.state.name === 'good';
  }

  get faulty(): boolean {
    return this.present && this.machine.state.name === 'fault';
  }

  /** The reading is recent (or no encoder is fitted). */
  fresh(nowMs: number): boolean {
    return !this.present || nowMs - this.readMs <= FRESH_MS;
  }

  get code(): FaultCode {
    if (this.outside) return 'miscalibrated';
    return this.calls.degraded ? this.calls.code : this.fault;
  }

  /** Starts a reading; the result is available at the next tick. */
  tick(): void {
    if (!this.present) return;
    if (this.calls.hangs(LATE_MS)) this.invalid();
    this.calls.start();
  }

  private invalid(): void {
    this.outside = false;
    this.bad();
  }

  private bad(): void {
    this.known = this.known && this.good;
    this.machine.send({ type: 'bad', atMs: this.clock.now() });
  }

  private take(reading: AngleReading): void {
    const possible = reading.rawDeg >= 0 && reading.rawDeg < 360;
    if (reading.magnet === 'missing' || !possible) this.invalid();
    else this.consider(this.angleOf(reading.rawDeg));
  }

  /**
   * An angle is accepted at first only if this head can have it. Once the encoder is valid, an
   * angle that leaves the range is real motion: the comparison with the command detects it.
   */
  private consider(deg: number): void {
    const { minDeg, maxDeg } = this.board;
    const beyond = deg < minDeg - BEYOND_DEG || deg > maxDeg + BEYOND_DEG;
    this.outside = beyond && this.calibration !== undefined && !this.good;
    if (this.outside) this.bad();
    else this.accept(deg);
  }

  private accept(deg: number): void {
    const atMs = this.clock.now();
    this.machine.send({ type: 'reading', deg, atMs });
    const { state } = this.machine;
    // An outlier is not used.
    if (state.name === 'good' && state.bad > 0) return;
    const passedMs = atMs - this.readMs;
    if (this.known && passedMs > 0)
      this.degPerS += (((deg - this.deg) / passedMs) * 1000 - this.degPerS) * smoothing(passedMs);
    else if (!this.known) this.degPerS = 0;
    this.known = true;
    this.deg = deg;
    this.readMs = atMs;
  }

  /** Without calibration raw angles are used: nothing moves, but people see that it measures. */
  private angleOf(rawDeg: number): number {
    const calibration = this.calibration ?? UNCALIBRATED;
    return this.known ? nextAngle(calibration, rawDeg, this.deg) : firstAngle(calibration, rawDeg);
  }
}

/** Time constant of the low-pass filter of the measured speed. */
const SMOOTH_MS = 30;
const smoothing = (passedMs: number): number => 1 - Math.exp(-passedMs / SMOOTH_MS);

const UNCALIBRATED: AxisCalibration = {
  zeroUs: 1500,
  usPerDeg: 0,
  minUs: 1500,
  maxUs: 1500,
  encoderZeroDeg: 0,
  encoderDirection: 1,
};

/** -180 <= x < 180 */
function wrapDeg(deg: number): number {
  return deg - 360 * Math.floor((deg + 180) / 360);
}

/** Beyond this an unwrapped angle cannot be real: it is wrapped again. */
const FARTHEST_DEG = 200;

/** Axis angle of a raw reading, without a previous angle. */
function firstAngle(calibration: AxisCalibration, rawDeg: number): number {
  return wrapDeg(calibration.encoderDirection * (rawDeg - calibration.encoderZeroDeg));
}

/**
 * Axis angle of a raw reading, continuous with the previous one: a head pushed a little past +-180
 * reads 181, not -179.
 */
function nextAngle(calibration: AxisCalibration, rawDeg: number, before: number): number {
  const angle = before + wrapDeg(firstAngle(calibration, rawDeg) - before);
  return Math.abs(angle) > FARTHEST_DEG ? wrapDeg(angle) : angle;
}
