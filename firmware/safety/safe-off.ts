import type { BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';

/** Time limit of each attempt to turn a device off. */
const TIMEOUT_MS = 200;
const TRIES = 3;

/**
 * Turns the body off: camera and microphone first, torque off, lights dark, watchdog disarmed.
 * Each device independently, so that a broken one does not keep another on.
 */
export async function safeOff(hardware: BodyHardware, clock: Clock, log: Log): Promise<void> {
  const steps: readonly [string, () => Promise<void>][] = [
    ['cameraRail', () => hardware.cameraRail.set(false)],
    ['microphoneRail', () => hardware.microphoneRail.set(false)],
    ['servoDriver', () => hardware.servos.release()],
    ['amplifier', () => hardware.amplifier.set(false)],
    ['lightDriver', () => hardware.lights.off()],
    ['eyes', () => hardware.eyes.off()],
    ['watchdog', () => hardware.watchdog.close()],
  ];
  await Promise.all(steps.map(([device, off]) => turnOff(device, off, clock, log)));
}

async function turnOff(device: string, off: () => Promise<void>, clock: Clock, log: Log) {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      await within(clock, off());
      return;
    } catch (error) {
      log.warn({ device, tries, why: String(error) }, 'could not be turned off');
    }
  }
}

function within(clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(TIMEOUT_MS, () => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
