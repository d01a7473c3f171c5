/**
 * The drivers that ship, with patience: on an emulated processor a call may take longer than the
 * 20 ms that the ports promise. Whatever the body's drivers wait for is stretched: the limit of a
 * call, and with it the debounce of buttons. Firmware, agent, camera and sound keep real time.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DriverContext, DriverModule } from '../../../hal/ports/drivers.ts';
import { expectEnv } from '../guest/inside.ts';
import { PatientClock, slowness } from '../guest/slow-clock.ts';

async function shipped(): Promise<DriverModule> {
  const file = path.join(expectEnv('VM_ROOT'), 'dist/linux-drivers.js');
  return import(pathToFileURL(file).href);
}

const patient = ({ clock, ...context }: DriverContext): DriverContext => ({
  ...context,
  clock: new PatientClock(clock, slowness()),
});

export const openBody: DriverModule['openBody'] = async (context) =>
  (await shipped()).openBody(patient(context));

export const openMedia: DriverModule['openMedia'] = async (context) =>
  (await shipped()).openMedia(context);
