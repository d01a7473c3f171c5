import type { GpioWiring } from '../../boards/board.ts';
import type { GpioChip } from '../../bus/gpio.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { openCharacterDevice } from './character-device.ts';
import { type GpioSystem, linuxGpio } from './libraries.ts';
import { openSysfs } from './sysfs.ts';

/** Opens a board's GPIO chip with the board's driver. */
export async function openGpioChip(
  { driver, chip }: Pick<GpioWiring, 'driver' | 'chip'>,
  clock: Clock,
  system: GpioSystem = linuxGpio,
): Promise<GpioChip> {
  if (driver === 'characterDevice') return openCharacterDevice(chip, clock, system);
  if (driver === 'sysfs') return openSysfs(chip, clock, system);
  try {
    return await openCharacterDevice(chip, clock, system);
  } catch (first) {
    return openSysfs(chip, clock, system).catch((second: unknown) => {
      throw both(chip, asFault(first), asFault(second));
    });
  }
}

/** Both drivers failed. The first is the one to fix, and its kind is used. */
function both(chip: string, first: HardwareFault, second: HardwareFault): HardwareFault {
  return new HardwareFault(
    first.kind,
    `GPIO chip ${chip}`,
    `no driver reaches it. Character device: ${first.message}. Sysfs: ${second.message}`,
    { cause: first },
  );
}

function asFault(error: unknown): HardwareFault {
  if (error instanceof HardwareFault) return error;
  return new HardwareFault('noAnswer', 'GPIO', String(error), { cause: error });
}
