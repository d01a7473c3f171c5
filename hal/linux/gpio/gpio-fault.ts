import { firstLineOf } from '../../common/errors.ts';
import { HardwareFault, type HardwareFaultKind } from '../../ports/fault.ts';

const NOT_PERMITTED =
  "expected the user to be in the files' group (`gpio` by the package's udev rule)";

/** What can be done about it, by what the kernel says. */
const CAUSES: Readonly<Record<string, readonly [kind: HardwareFaultKind, advice: string]>> = {
  EACCES: ['notPermitted', NOT_PERMITTED],
  EPERM: ['notPermitted', NOT_PERMITTED],
  EBUSY: ['busy', 'the line is in use; gpioinfo tells by whom: end that program or overlay'],
  EINVAL: ['badData', 'the line does not exist or cannot do this; correct it in the board file'],
  ENOENT: ['noAnswer', 'its file is gone; is the chip still there (gpiodetect)?'],
  ENODEV: ['noAnswer', 'the chip is gone; is it unplugged?'],
  ENXIO: ['noAnswer', 'the chip is gone, or the line has no interrupt'],
  EIO: ['noAnswer', 'the chip does not answer'],
};

/** An error of a library or a file as the one line that a person needs. */
export function gpioFault(error: unknown, device: string, doing: string): HardwareFault {
  if (error instanceof HardwareFault) return error;
  const code = codeOf(error);
  const cause = CAUSES[code];
  const [kind, advice] = cause ?? ['noAnswer', firstLineOf(error)];
  return new HardwareFault(kind, device, `cannot ${doing} (${code}): ${advice}`, { cause: error });
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code !== '' ? code : 'unknown error';
}

/** One call to an open line; whatever a library throws is a fault of the line. */
export function lineCall<T>(device: string, closed: boolean, doing: string, act: () => T): T {
  if (closed)
    throw new HardwareFault('noAnswer', device, `cannot ${doing}: it was closed; open it again`);
  try {
    return act();
  } catch (error) {
    throw gpioFault(error, device, doing);
  }
}
