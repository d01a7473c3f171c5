import type { Board, GpioLine } from '../../../boards/board.ts';
import { deskmate1 } from '../../../boards/deskmate1.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from '../../../fake/deskmate1.ts';
import { FakeGpio } from '../../../fake/gpio.ts';
import { FakeKernel } from '../../../fake/kernel.ts';
import { HardwareFault } from '../../../ports/fault.ts';
import type { DrivenClock } from '../../testing/driven-clock.ts';
import { type BodyOpeners, type LinuxBody, openLinuxBody } from '../open-body.ts';

/** A body of the Linux drivers, and all that it is opened on. */
interface BodyRig {
  readonly clock: DrivenClock;
  readonly gpio: FakeGpio;
  readonly robot: FakeDeskmate1;
  readonly kernel: FakeKernel;
  /** The lines that it has said to people. */
  readonly said: string[];
  readonly body: LinuxBody;
}

type LineName =
  | ('servoEnable' | 'teacherButton' | 'pairButton')
  | ('cameraRail' | 'microphoneRail' | 'amplifier');

/** Where deskmate-1 has that line. */
export function offset(name: LineName): number {
  const line: GpioLine | null | undefined = deskmate1.gpio?.lines[name];
  if (!line) throw new Error(`deskmate-1 has a ${name}`);
  return line.offset;
}

/** The kernel's own devices in memory; with files they have suites of their own. */
export function kernelOpeners(kernel: FakeKernel): Partial<BodyOpeners> {
  return {
    battery: async () => kernel.battery,
    thermometer: async () => kernel.thermometer,
    watchdog: async () => kernel.watchdog,
  };
}

/** Opens a body on chips and lines in memory, or on what `openers` has instead of them. */
export async function openBodyRig(
  clock: DrivenClock,
  openers: Partial<BodyOpeners> = {},
  board: Board = deskmate1,
): Promise<BodyRig> {
  const gpio = new FakeGpio(clock);
  const enable = offset('servoEnable');
  // The wire is low when servos are enabled, as OE of the PCA9685 is; open lines are pulled high.
  const servoEnable = (): boolean => gpio.history(enable).length > 0 && !gpio.high(enable);
  const robot = fakeDeskmate1(clock, { servoEnable });
  const kernel = new FakeKernel(clock);
  const said: string[] = [];
  const opening = openLinuxBody(
    { clock, board, logLine: (line) => said.push(line) },
    { i2c: async () => robot.i2c, gpio: async () => gpio, ...kernelOpeners(kernel), ...openers },
  );
  await clock.advance(10);
  return { clock, gpio, robot, kernel, said, body: await opening };
}

/** An opener that finds nothing. */
export const missing = (device: string, message: string) => async (): Promise<never> => {
  throw new HardwareFault('noAnswer', device, message);
};
