import type { Calibration } from '../boards/calibration.ts';
import { deskmate1 } from '../boards/deskmate1.ts';
import type { Clock } from '../ports/clock.ts';
import { FakeAs5600 } from './as5600.ts';
import { FakeHead } from './fake-head.ts';
import { FakeHt16k33 } from './ht16k33.ts';
import { FakeI2c, type FakeI2cOptions } from './i2c.ts';
import { FakePca9685 } from './pca9685.ts';

/** Within what pulses and limits allow, and with both signs, so that a mixed-up sign is seen. */
export const FAKE_BUILD: Calibration = {
  pan: {
    zeroUs: 1480,
    usPerDeg: -5.4,
    minUs: 520,
    maxUs: 2450,
    encoderZeroDeg: 211.3,
    encoderDirection: -1,
  },
  tilt: {
    zeroUs: 1510,
    usPerDeg: 10,
    minUs: 1200,
    maxUs: 1850,
    encoderZeroDeg: 12.7,
    encoderDirection: 1,
  },
};

interface FakeDeskmate1Options extends FakeI2cOptions {
  /** Level of the servo driver's output enable, true when on: give the GPIO fake's line. */
  readonly servoEnable?: () => boolean;
  readonly build?: Calibration;
  /** False: the encoders are not tied to a head; set `angleDeg` of the chips yourself. */
  readonly head?: boolean;
}

/** The reference robot's I2C bus with all its chips, and a head between servos and encoders. */
export interface FakeDeskmate1 {
  readonly i2c: FakeI2c;
  readonly servos: FakePca9685;
  readonly lights: FakePca9685;
  readonly panEncoder: FakeAs5600;
  readonly tiltEncoder: FakeAs5600;
  readonly leftEye: FakeHt16k33;
  readonly rightEye: FakeHt16k33;
  readonly head: FakeHead;
}

/** Chips at the addresses of deskmate-1, as the supply finds them. */
export function fakeDeskmate1(clock: Clock, options: FakeDeskmate1Options = {}): FakeDeskmate1 {
  const wiring = deskmate1.i2c;
  const address = (given: number | null | undefined): number => {
    if (given == null) throw new Error('deskmate-1 has all its chips');
    return given;
  };
  const i2c = new FakeI2c(clock, options);
  // The chip moves the head and the head needs the chip: until both are there nothing moves.
  let moved = (): void => {};
  const servos = i2c.add(
    new FakePca9685(address(wiring?.servos), options.servoEnable, () => moved()),
  );
  const head = new FakeHead(clock, options.build ?? FAKE_BUILD, () => ({
    panUs: servos.pulseUs(0),
    tiltUs: servos.pulseUs(1),
  }));
  moved = () => head.update();
  const panEncoder = i2c.add(new FakeAs5600(address(wiring?.panEncoder)));
  const tiltEncoder = i2c.add(new FakeAs5600(address(wiring?.tiltEncoder)));
  if (options.head ?? true) {
    panEncoder.angleDeg = () => head.encoderDeg('pan');
    tiltEncoder.angleDeg = () => head.encoderDeg('tilt');
  }
  return {
    i2c,
    servos,
    lights: i2c.add(new FakePca9685(address(wiring?.lights))),
    panEncoder,
    tiltEncoder,
    leftEye: i2c.add(new FakeHt16k33(address(wiring?.leftEye))),
    rightEye: i2c.add(new FakeHt16k33(address(wiring?.rightEye))),
    head,
  };
}
