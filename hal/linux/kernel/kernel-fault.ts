import { HardwareFault, type HardwareFaultKind } from '../../ports/fault.ts';

/** What an error number of the kernel means for a device, and what can be done about it. */
export type Causes = Readonly<Record<string, readonly [kind: HardwareFaultKind, advice: string]>>;

const FILES: Causes = {
  ENOENT: ['noAnswer', 'the file is gone; is the device unplugged or its driver unloaded?'],
  ENODEV: ['noAnswer', 'the device is gone'],
  ENXIO: ['noAnswer', 'the device is gone'],
  ENODATA: ['noAnswer', 'the device has no reading'],
  EAGAIN: ['noAnswer', 'the sensor is not ready'],
  ETIMEDOUT: ['timeout', 'the chip behind it did not answer in time'],
  EACCES: ['notPermitted', 'this user may not read or write it; see the udev rules'],
  EPERM: ['notPermitted', 'this user may not read or write it; see the udev rules'],
  EBUSY: ['busy', 'another program has it'],
};

/** An error of a kernel file as one line. */
export function kernelFault(error: unknown, device: string, doing: string): HardwareFault {
  return faultOf(error, device, doing, FILES, 'the device does not answer');
}

/** An error as a fault of the device, by these causes; `otherwise` is said of any other. */
export function faultOf(
  error: unknown,
  device: string,
  doing: string,
  causes: Causes,
  otherwise: string,
): HardwareFault {
  if (error instanceof HardwareFault) return error;
  const code = errorCode(error);
  const [kind, advice] = causes[code] ?? ['noAnswer', otherwise];
  return new HardwareFault(kind, device, `cannot ${doing} (${code}): ${advice}`, { cause: error });
}

export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code !== '' ? code : 'unknown error';
}
