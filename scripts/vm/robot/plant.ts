/**
 * Simulates the head between servos and encoders, as a separate process: reads the servo chip's
 * registers and the wires like another bus master, moves a simulated head, and turns the encoders'
 * magnets. Checks every pulse against the calibration's limits.
 */
import type { Calibration } from '../../../hal/boards/calibration.ts';
import { FakeHead } from '../../../hal/fake/fake-head.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { referenceCalibration } from '../../../sim/world/geometry.ts';
import { I2C, LINES } from '../guest/board.ts';
import { Chips } from '../guest/chips.ts';
import { expectEnv, Wires } from '../guest/inside.ts';

/** The plant's observations. */
export interface Seen {
  /** Pulses on the servos' wires; null: none, no torque. */
  readonly panUs: number | null;
  readonly tiltUs: number | null;
  /** Number of pulses checked, and of those outside the calibration's limits. */
  readonly judged: number;
  readonly outside: readonly string[];
  /** Where the head is. */
  readonly panDeg: number;
  readonly tiltDeg: number;
  /** Levels of the wires. */
  readonly cameraRail: boolean;
  readonly microphoneRail: boolean;
  readonly servosEnabled: boolean;
}

const STEP_MS = 10;
const TELL_MS = 100;
/** A step of the servo chip at 50 Hz: rounding is no violation. */
const STEP_US = 20_000 / 4096;

class Plant {
  private readonly wires = new Wires();
  private readonly chips = new Chips(Number(expectEnv('VM_I2C_BUS')));
  private pulses: { panUs: number | undefined; tiltUs: number | undefined } = {
    panUs: undefined,
    tiltUs: undefined,
  };
  private readonly head: FakeHead;
  private judged = 0;
  private readonly outside: string[] = [];

  constructor(
    clock: SystemClock,
    private readonly build: Calibration,
  ) {
    this.head = new FakeHead(clock, build, () => this.pulses);
    for (const address of [I2C.servos, I2C.lights]) this.chips.powerOnPca9685(address);
    for (const address of [I2C.leftEye, I2C.rightEye]) this.chips.powerOnHt16k33(address);
    for (const address of [I2C.panEncoder, I2C.tiltEncoder]) this.chips.magnet(address, true);
  }

  step(): void {
    const enabled = !this.wires.high(LINES.servoEnable);
    const servos = this.chips.pca9685(I2C.servos, enabled);
    this.pulses = { panUs: servos.pulseUs(0), tiltUs: servos.pulseUs(1) };
    for (const axis of ['pan', 'tilt'] as const) this.judge(axis, this.pulses[`${axis}Us`]);
    this.head.update();
    this.chips.turn(I2C.panEncoder, this.head.encoderDeg('pan'));
    this.chips.turn(I2C.tiltEncoder, this.head.encoderDeg('tilt'));
  }

  get seen(): Seen {
    const { head, wires, judged, outside } = this;
    const { panUs = null, tiltUs = null } = this.pulses;
    return {
      ...{ panUs, tiltUs, judged, outside },
      ...{ panDeg: head.panDeg, tiltDeg: head.tiltDeg },
      cameraRail: wires.high(LINES.cameraRail),
      microphoneRail: wires.high(LINES.microphoneRail),
      servosEnabled: !wires.high(LINES.servoEnable),
    };
  }

  private judge(axis: 'pan' | 'tilt', us: number | undefined): void {
    if (us === undefined) return;
    this.judged += 1;
    const { minUs, maxUs } = this.build[axis];
    if (us < minUs - STEP_US || us > maxUs + STEP_US)
      this.outside.push(`${axis} ${us.toFixed(0)} us, allowed ${minUs}..${maxUs}`);
  }
}

const clock = new SystemClock();
const plant = new Plant(clock, referenceCalibration);
clock.every(STEP_MS, () => plant.step());
clock.every(TELL_MS, () => process.send?.(plant.seen));
// Nobody listens any more.
process.on('disconnect', () => process.exit(0));
