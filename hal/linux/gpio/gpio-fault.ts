import { firstLineOf } from '../../common/errors.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { type Causes, faultOf } from '../kernel/kernel-fault.ts';

const NOT_PERMITTED =
  "expected the user to be in the files' group (`gpio` by the package's udev rule)";

/** What to do about an error, by the kernel's error code. */
const CAUSES: Causes = {
  EACCES: ['notPermitted', NOT_PERMITTED],
  EPERM: ['notPermitted', NOT_PERMITTED],
  EBUSY: ['busy', 'the line is in use; gpioinfo tells by whom: end that program or overlay'],
  EINVAL: ['badData', 'the line does not exist or cannot do this; correct it in the board file'],
  ENOENT: ['noAnswer', 'its file is gone; is the chip still there (gpiodetect)?'],
  ENODEV: ['noAnswer', 'the chip is gone; is it unplugged?'],
  ENXIO: ['noAnswer', 'the chip is gone, or the line has no interrupt'],
  EIO: ['noAnswer', 'the chip does not answer'],
};

/** An error of a library or a file as one line for people. */
export function gpioFault(error: unknown, device: string, doing: string): HardwareFault {
  return faultOf(error, device, doing, CAUSES, firstLineOf(error));
}

/** One call to an open line; errors of the library become faults of the line. */
export function lineCall<T>(device: string, closed: boolean, doing: string, act: () => T): T {
  if (closed)
    throw new HardwareFault('noAnswer', device, `cannot ${doing}: it was closed; open it again`);
  try {
    return act();
  } catch (error) {
    throw gpioFault(error, device, doing);
  }
}
