/** The board inside the VM: deskmate-1, with the names of the kernel's simulated devices. */

import type { GpioLines, I2cWiring } from '../../../hal/boards/board.ts';
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import { expectEnv } from './inside.ts';

type Fitted<T> = { readonly [K in keyof T]: NonNullable<T[K]> };

/** Everything is fitted on deskmate-1. */
export const I2C = fitted<I2cWiring>(deskmate1.i2c);

const lines = fitted<GpioLines>(deskmate1.gpio?.lines ?? null);

/** Offsets of the wires. */
export const LINES = {
  servoEnable: lines.servoEnable.offset,
  cameraRail: lines.cameraRail.offset,
  microphoneRail: lines.microphoneRail.offset,
  amplifier: lines.amplifier.offset,
  teacherButton: lines.teacherButton.offset,
  pairButton: lines.pairButton.offset,
} as const;

/** A board file, as a robot's owner would write it. */
export function boardFile(): string {
  return JSON.stringify({
    extends: 'deskmate-1',
    name: 'deskmate-1 in a VM',
    i2c: { bus: Number(expectEnv('VM_I2C_BUS')) },
    kernel: { battery: 'test_battery', thermalZone: 'auto', watchdog: '/dev/watchdog0' },
    camera: { source: 'v4l2', device: '/dev/video0' },
    sound: { system: 'alsa', input: 'plughw:Loopback,1,0', output: 'plughw:Loopback,0,1' },
  });
}

function fitted<T extends object>(wiring: T | null): Fitted<T> {
  if (!wiring || Object.values(wiring).includes(null))
    throw new Error('deskmate-1 has a part that is not fitted');
  return wiring as Fitted<T>;
}
