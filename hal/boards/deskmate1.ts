import type { AxisBoard, Board, GpioLine, MotionLimits } from './board.ts';

const limits = (velocity: number, acceleration: number): MotionLimits => ({
  velocityDegPerS: velocity,
  accelerationDegPerS2: acceleration,
  jerkDegPerS3: 10 * acceleration,
});

const high = (offset: number): GpioLine => ({ offset, activeLow: false });
const low = (offset: number): GpioLine => ({ offset, activeLow: true });

const pan: AxisBoard = {
  minDeg: -175,
  maxDeg: 175,
  restDeg: 0,
  awakeDeg: 0,
  normal: limits(180, 720),
  quiet: limits(60, 120),
};

const tilt: AxisBoard = {
  minDeg: -25,
  maxDeg: 30,
  restDeg: -25,
  awakeDeg: 0,
  normal: limits(90, 360),
  quiet: limits(60, 120),
};

/**
 * The reference robot on a Raspberry Pi 4 (line numbers are BCM numbers of its header; I2C 1 is
 * pins 3 and 5). Pan positive to the left as the robot sees it, tilt positive up.
 */
export const deskmate1: Board = {
  name: 'deskmate-1',
  pan,
  tilt,
  i2c: {
    bus: 1,
    servos: 0x41,
    lights: 0x42,
    panEncoder: 0x36,
    tiltEncoder: 0x40,
    leftEye: 0x72,
    rightEye: 0x73,
  },
  gpio: {
    driver: 'auto',
    chip: 'pinctrl-bcm2711',
    lines: {
      servoEnable: low(17),
      cameraRail: high(22),
      microphoneRail: high(23),
      amplifier: high(24),
      teacherButton: low(5),
      pairButton: low(6),
    },
  },
  kernel: {
    battery: 'auto',
    thermalZone: 'auto',
    watchdog: '/dev/watchdog0',
    batteryCells: null,
    deepestShed: 'computer',
  },
  camera: {
    source: 'libcamera',
    device: 'auto',
    lens: { horizontalFovDeg: 102, k1: 0, k2: 0 },
  },
  sound: { system: 'alsa', input: 'default', output: 'default', echoDelayMs: 0 },
  teacherButtonSocket: null,
};
