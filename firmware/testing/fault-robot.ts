import type { GpioLine } from '../../hal/boards/board.ts';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { FAKE_BUILD, type FakeDeskmate1, fakeDeskmate1 } from '../../hal/fake/deskmate1.ts';
import { FakeGpio } from '../../hal/fake/gpio.ts';
import type { FakeI2c } from '../../hal/fake/i2c.ts';
import { openLinuxBody } from '../../hal/linux/body/open-body.ts';
import type { BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { Firmware } from '../firmware.ts';
import { type Invariants, invariants } from './fault-invariants.ts';

interface FaultRobotOptions {
  readonly seed: number;
  /** Faults of the bus before it is opened. */
  readonly spoil: (bus: FakeI2c) => void;
  readonly log?: Log | undefined;
  readonly logLine?: ((line: string) => void) | undefined;
}

/**
 * deskmate-1 in memory: the shipped firmware and drivers above, chips and lines that fail below.
 */
export interface FaultRobot {
  readonly fake: FakeDeskmate1;
  readonly gpio: FakeGpio;
  readonly hardware: BodyHardware;
  readonly firmware: Firmware;
  readonly invariants: Invariants;
  press(button: 'teacherButton' | 'pairButton', pressed: boolean): void;
  lineOn(line: 'cameraRail' | 'microphoneRail' | 'amplifier' | 'servoEnable'): boolean;
}

export async function buildRobot(clock: Clock, options: FaultRobotOptions): Promise<FaultRobot> {
  const { seed, spoil, log = silentLog, logLine = () => {} } = options;
  const gpio = new FakeGpio(clock);
  const on = (name: keyof typeof lines): boolean => {
    const { offset, activeLow } = line(lines[name]);
    return gpio.high(offset) !== activeLow;
  };
  const fake = fakeDeskmate1(clock, { seed, servoEnable: () => on('servoEnable') });
  const watch = invariants({
    now: () => clock.now(),
    build: FAKE_BUILD,
    board: deskmate1,
    pulses: () => ({ pan: fake.servos.pulseUs(0), tilt: fake.servos.pulseUs(1) }),
    head: () => ({ pan: fake.head.panDeg, tilt: fake.head.tiltDeg }),
    cameraOn: () => on('cameraRail'),
  });
  seeEachWrite(fake, gpio, watch);
  spoil(fake.i2c);
  const hardware = await openLinuxBody(
    { clock, board: deskmate1, logLine },
    {
      i2c: async () => fake.i2c,
      gpio: async () => gpio,
      battery: async () => ({
        present: true,
        read: async () => ({ percent: 80, volts: 7.6, status: 'discharging' }),
      }),
      thermometer: async () => ({ present: true, readCelsius: async () => 45 }),
      watchdog: async () => ({
        present: true,
        timeoutMs: 15_000,
        kick: async () => {},
        close: async () => {},
      }),
    },
  );
  const firmware = new Firmware({
    hardware,
    board: deskmate1,
    calibration: FAKE_BUILD,
    clock,
    log,
  });
  return {
    fake,
    gpio,
    hardware,
    firmware,
    invariants: watch,
    press: (button, pressed) => gpio.press(line(lines[button]).offset, pressed),
    lineOn: on,
  };
}

const { lines } = deskmate1.gpio ?? { lines: undefined as never };

/** Pulses of the servo chip and all lines are checked after each change, not only each tick. */
function seeEachWrite(fake: FakeDeskmate1, gpio: FakeGpio, watch: Invariants): void {
  const { servos } = fake;
  const write = servos.write.bind(servos);
  servos.write = (bytes, address) => {
    write(bytes, address);
    watch.check();
  };
  const set = gpio.set.bind(gpio);
  gpio.set = (offset, consumer, level) => {
    set(offset, consumer, level);
    fake.head.update();
    watch.check();
  };
}

function line(wire: GpioLine | null): GpioLine {
  if (!wire) throw new Error('deskmate-1 has this line');
  return wire;
}
