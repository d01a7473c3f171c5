/**
 * The shipped drivers with longer time-outs: on an emulated processor a call may take longer than
 * the ports' 20 ms. All waits of the body's drivers are scaled: time-outs of calls, and with them
 * the debounce of buttons. Firmware, agent, camera and sound keep real time.
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
