import { z } from 'zod';
import { HardwareFault, type HardwareFaultKind } from '../../ports/fault.ts';

const Failed = z.object({ code: z.string(), syscall: z.string().optional() });

interface Meaning {
  readonly kind: HardwareFaultKind;
  readonly why: string;
}

/**
 * Meaning of an I2C adapter's error code (Documentation/i2c/fault-codes.rst), and what to do about
 * it. `bus` is the device file.
 */
function meaningOf(code: string, bus: string): Meaning {
  switch (code) {
    case 'ENXIO':
    case 'EREMOTEIO':
      return { kind: 'noAnswer', why: 'no acknowledge; check its supply, plug and address' };
    case 'EIO':
      return { kind: 'noAnswer', why: 'the transaction failed on the wires; check plug and cable' };
    case 'EAGAIN':
      return { kind: 'noAnswer', why: 'arbitration was lost: something else drives the data line' };
    case 'ETIMEDOUT':
      return {
        kind: 'timeout',
        why: 'the adapter gave up waiting; the clock or data line is held',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        kind: 'notPermitted',
        why: `this user may not open ${bus}; add it to the group that owns the file (usually i2c)`,
      };
    case 'ENOENT':
    case 'ENODEV':
      return {
        kind: 'noAnswer',
        why: 'the bus does not exist; switch I2C on (Raspberry Pi: dtparam=i2c_arm=on), load i2c-dev, or correct i2c.bus in the board file',
      };
    case 'EBUSY':
      return {
        kind: 'busy',
        why: 'a kernel driver has this chip; remove it from the device tree or unbind the driver',
      };
    case 'EOPNOTSUPP':
    case 'EINVAL':
      return { kind: 'badData', why: 'this adapter cannot do the transaction' };
    case 'EBADMSG':
    case 'EPROTO':
      return { kind: 'badData', why: 'the chip answered against the protocol' };
    default:
      return { kind: 'noAnswer', why: 'the transaction failed' };
  }
}

/** Maps an error of i2c-bus (or of opening its file) to a fault. */
export function faultOf(error: unknown, device: string, bus: string): HardwareFault {
  if (error instanceof HardwareFault) return error;
  const failed = Failed.safeParse(error);
  if (!failed.success)
    return new HardwareFault('badData', device, `unexpected: ${String(error)}`, { cause: error });
  const { code, syscall } = failed.data;
  const { kind, why } = meaningOf(code, bus);
  const where = syscall ? `${code} from ${syscall}` : code;
  return new HardwareFault(kind, device, `${why} (${where})`, { cause: error });
}
