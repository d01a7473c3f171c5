import type { I2cBus } from '../../../hal/bus/i2c.ts';
import { codeOf, messageOf } from '../../../hal/common/errors.ts';
import { HardwareFault, type HardwareFaultKind } from '../../../hal/ports/fault.ts';

/**
 * The bus for single questions: without the drivers' retries and recovery, which would hide what
 * the doctor is looking for. Rejects with HardwareFault.
 */
export async function openProbe(bus: number): Promise<Pick<I2cBus, 'readByte' | 'close'>> {
  const device = `/dev/i2c-${bus}`;
  try {
    const library = await import('i2c-bus');
    const opened = await (library.default ?? library).openPromisified(bus);
    return {
      readByte: (address, register) =>
        opened.readByte(address, register).catch((error) => {
          throw faultOf(device, error);
        }),
      close: () => opened.close(),
    };
  } catch (error) {
    throw faultOf(device, error);
  }
}

/** Errno of the kernel's I2C (Documentation/i2c/fault-codes.rst). */
const KINDS: Readonly<Record<string, HardwareFaultKind>> = {
  ENXIO: 'noAnswer',
  EREMOTEIO: 'noAnswer',
  EIO: 'noAnswer',
  EBUSY: 'busy',
  EAGAIN: 'busStuck',
  ETIMEDOUT: 'busStuck',
  EACCES: 'notPermitted',
};

function faultOf(device: string, error: unknown): HardwareFault {
  const kind = KINDS[codeOf(error) ?? ''] ?? 'badData';
  return new HardwareFault(kind, device, messageOf(error), { cause: error });
}
