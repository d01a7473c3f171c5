import { realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, delay } from '../../ports/clock.ts';

/** Pause between unbind and bind. */
const SETTLE_MS = 20;

/**
 * Unbinds the kernel's driver from an I2C adapter and binds it again, which reinitialises the
 * controller. Adapter drivers with bus recovery send the nine clocks of UM10204 section 3.1.16 by
 * themselves when they find the data line low (i2c_recover_bus of i2c-core); this is for those that
 * do not, and for a controller that hangs. Needs write access to the driver's `bind` and `unbind` in
 * sysfs; resolves to whether it was done.
 */
export async function rebindAdapter(
  bus: number,
  clock: Clock,
  sysfs = '/sys/bus/i2c/devices',
): Promise<boolean> {
  try {
    // …/platform/soc/fe804000.i2c/i2c-1: the adapter is in its controller's folder.
    const controller = dirname(await realpath(join(sysfs, `i2c-${bus}`)));
    const driver = await realpath(join(controller, 'driver'));
    await writeFile(join(driver, 'unbind'), basename(controller));
    await delay(clock, SETTLE_MS);
    const bind = (): Promise<void> => writeFile(join(driver, 'bind'), basename(controller));
    // Without a driver there is no bus at all, so retry once.
    await bind().catch(async () => {
      await delay(clock, SETTLE_MS);
      await bind();
    });
    return true;
  } catch {
    // Not permitted, or an adapter without such a driver: only reopening the file remains.
    return false;
  }
}
