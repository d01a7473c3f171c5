import type { AngleReading } from '../../hal/ports/body.ts';
import type { Random } from '../time/random.ts';
import type { AxisGeometry, Geometry } from './geometry.ts';
import { isPulse, PULSE_MAX_US, PULSE_MIN_US, type Pulses, PulseTrain } from './pulse-train.ts';
import { type FaultName, WorldRefusal, type WorldState } from './schema.ts';
import { type ServoInput, type ServoParams, type ServoState, servoAt, stepServo } from './servo.ts';

/**
 * Faster than firmware's trajectories (180 and 90 degrees/s), so that the head follows them. With
 * the 50 Hz frames it lags a ramp by about 25 ms.
 */
const commonServo = {
  deadBandDeg: 0.3,
  staticDegPerS2: 700,
  kineticDegPerS2: 400,
  viscousPerS: 4,
  freeViscousPerS: 100,
  backlashDeg: 0.4,
};

export function panServo({ minDeg, maxDeg }: AxisGeometry): ServoParams {
  const drive = { loopMs: 8, maxDegPerS: 330, maxDegPerS2: 15_000 };
  return { ...commonServo, minDeg, maxDeg, ...drive, gravityDegPerS2: 0 };
}

export function tiltServo({ minDeg, maxDeg }: AxisGeometry): ServoParams {
  const drive = { loopMs: 6, maxDegPerS: 240, maxDegPerS2: 13_000 };
  // More than the friction of a gear train without torque: without pulses the head sinks, at 10 degrees/s.
  return { ...commonServo, minDeg, maxDeg, ...drive, gravityDegPerS2: 1_500 };
}

/** Both axes of the head: pulses in, true pose and encoder readings out. */
export class HeadDynamics {
  private readonly pulses = new PulseTrain();
  private readonly panParams: ServoParams;
  private readonly tiltParams: ServoParams;
  private pan: ServoState;
  private tilt: ServoState;
  private panReading: AngleReading;
  private tiltReading: AngleReading;
  private panHand: Hand | undefined;
  private tiltHand: Hand | undefined;

  constructor(
    private readonly geometry: Geometry,
    private readonly random: Random,
  ) {
    this.panParams = panServo(geometry.pan);
    this.tiltParams = tiltServo(geometry.tilt);
    this.pan = servoAt(geometry.pan.startDeg);
    this.tilt = servoAt(geometry.tilt.startDeg);
    this.panReading = readEncoder(this.pan.headDeg, geometry.pan, false, random);
    this.tiltReading = readEncoder(this.tilt.headDeg, geometry.tilt, false, random);
  }

  setPulses(panUs: number, tiltUs: number): void {
    if (!isPulse(panUs) || !isPulse(tiltUs))
      throw new WorldRefusal(
        `pulses ${panUs} and ${tiltUs} us: expected ${PULSE_MIN_US}..${PULSE_MAX_US}`,
      );
    this.pulses.set(panUs, tiltUs);
  }

  release(): void {
    this.pulses.release();
  }

  get powered(): boolean {
    return this.pulses.on;
  }

  /** The pulses of the present frame. */
  get onWires(): Pulses | undefined {
    return this.pulses.current;
  }

  get totalEffort(): number {
    return this.pan.effort + this.tilt.effort;
  }

  get hardestEffort(): number {
    return Math.max(this.pan.effort, this.tilt.effort);
  }

  push(by: { panDeg: number; tiltDeg?: number }, nowMs: number, forMs: number): void {
    this.panHand = pushBy(this.pan.headDeg, by.panDeg, nowMs, forMs);
    this.tiltHand =
      by.tiltDeg === undefined ? undefined : pushBy(this.tilt.headDeg, by.tiltDeg, nowMs, forMs);
  }

  step(atMs: number, dtS: number, faults: ReadonlySet<FaultName>): void {
    const { pan, tilt } = this.geometry;
    const pulses = this.pulses.at(atMs);
    const panInput: ServoInput = {
      targetDeg: pulses && (pulses.panUs - pan.zeroUs) / pan.usPerDeg,
      jammed: faults.has('panStall'),
      handDeg: handAt(this.panHand, atMs),
    };
    const tiltInput: ServoInput = {
      targetDeg: pulses && (pulses.tiltUs - tilt.zeroUs) / tilt.usPerDeg,
      jammed: faults.has('tiltStall'),
      handDeg: handAt(this.tiltHand, atMs),
    };
    this.pan = stepServo(this.pan, panInput, this.panParams, dtS);
    this.tilt = stepServo(this.tilt, tiltInput, this.tiltParams, dtS);
    this.panReading = this.sense(this.pan, pan, faults.has('panEncoderLost'));
    this.tiltReading = this.sense(this.tilt, tilt, faults.has('tiltEncoderLost'));
  }

  truth(): Pick<WorldState, 'pan' | 'tilt'> {
    return {
      pan: { deg: this.pan.headDeg, degPerS: this.pan.headDegPerS, ...this.panReading },
      tilt: { deg: this.tilt.headDeg, degPerS: this.tilt.headDegPerS, ...this.tiltReading },
    };
  }

  private sense(servo: ServoState, axis: AxisGeometry, magnetLost: boolean): AngleReading {
    return readEncoder(servo.headDeg, axis, magnetLost, this.random);
  }
}

/** Somebody's hand on the head: turns it by some degrees from where it was, holds it, lets go. */
interface Hand {
  readonly holdsDeg: number;
  readonly untilMs: number;
}

function pushBy(headDeg: number, byDeg: number, nowMs: number, forMs: number): Hand {
  return { holdsDeg: headDeg + byDeg, untilMs: nowMs + forMs };
}

/** Where the hand holds the head now, or undefined when there is none (any more). */
function handAt(hand: Hand | undefined, nowMs: number): number | undefined {
  return hand && nowMs < hand.untilMs ? hand.holdsDeg : undefined;
}

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
