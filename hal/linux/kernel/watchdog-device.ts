import { closeSync, constants, openSync, realpathSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Watchdog } from '../../ports/body.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { errorCode, kernelFault } from './kernel-fault.ts';
import { namesIn, readOptional, wholeNumber } from './sysfs.ts';

/*
 * The kernel's watchdog (Documentation/watchdog/watchdog-api.rst). Opening the device arms it, a
 * write is a kick, and closing it disarms it only after a 'V', so that a process that dies leaves
 * it armed.
 *
 * Its timeout is set by ioctl alone, which Node cannot call. It is set where the driver is loaded
 * (`options bcm2835_wdt heartbeat=10` in /etc/modprobe.d, `soft_margin` of softdog, `heartbeat` of
 * most others) and read here from /sys/class/watchdog, in seconds.
 */

/** Of kernels without the watchdog in sysfs: shorter than any driver's own, so kicks keep it. */
const UNKNOWN_TIMEOUT_MS = 10_000;

export interface WatchdogOptions {
  readonly sys?: string;
  /** Told in one line what a person ought to know of this watchdog. */
  readonly logLine?: (line: string) => void;
}

/** Looks at a watchdog without touching it: nothing is armed before the first kick. */
export async function openWatchdog(path: string, options: WatchdogOptions = {}): Promise<Watchdog> {
  const { sys = '/sys', logLine = () => {} } = options;
  const device = `watchdog ${path}`;
  const folder = `${sys}/class/watchdog/${await nameOf(path, sys, device)}`;
  const timeout = await readOptional(`${folder}/timeout`);
  if (timeout === undefined)
    logLine(
      `${device}: ${folder}/timeout cannot be read; taken for ${UNKNOWN_TIMEOUT_MS / 1_000} s`,
    );
  const timeoutMs =
    timeout === undefined ? UNKNOWN_TIMEOUT_MS : timeoutOf(timeout, device, `${folder}/timeout`);
  if ((await readOptional(`${folder}/nowayout`)) === '1')
    logLine(
      `${device}: cannot be disarmed (nowayout): ${timeoutMs / 1_000} s after firmware stops, for whatever reason, the board resets`,
    );
  return new WatchdogDevice(path, device, timeoutMs);
}

/** The name in sysfs. /dev/watchdog is the first watchdog's other name. */
async function nameOf(path: string, sys: string, device: string): Promise<string> {
  try {
    const name = basename(realpathSync(path));
    return name === 'watchdog' ? 'watchdog0' : name;
  } catch (error) {
    const there = (await namesIn(`${sys}/class/watchdog`)).map((name) => `/dev/${name}`);
    throw new HardwareFault(
      'noAnswer',
      device,
      `cannot be found (${errorCode(error)}); this computer has ${there.join(', ') || 'none: load its driver, or softdog'}; correct kernel.watchdog in the board file`,
      { cause: error },
    );
  }
}

function timeoutOf(text: string, device: string, path: string): number {
  const seconds = wholeNumber(text, device, path);
  if (seconds >= 1) return seconds * 1_000;
  throw new HardwareFault('badData', device, `${path} is ${seconds} s, expected 1 or more`);
}

class WatchdogDevice implements Watchdog {
  readonly present = true;
  private descriptor: number | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly device: string,
    readonly timeoutMs: number,
  ) {}

  /**
   * Not by way of Node's threads, which a hanging device elsewhere may hold: a kick is a write
   * that the kernel takes at once.
   */
  async kick(): Promise<void> {
    if (this.closed)
      throw new HardwareFault('noAnswer', this.device, 'it was closed and is disarmed');
    this.descriptor ??= this.open();
    try {
      writeSync(this.descriptor, '\0');
    } catch (error) {
      this.letGo();
      throw kernelFault(error, this.device, 'kick it');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.descriptor === undefined) return;
    try {
      writeSync(this.descriptor, 'V');
    } catch {
      // The device is gone, and with it what it would have done.
    }
    this.letGo();
  }

  private open(): number {
    try {
      return openSync(this.path, constants.O_WRONLY);
    } catch (error) {
      if (errorCode(error) === 'EBUSY')
        throw new HardwareFault(
          'busy',
          this.device,
          'another program kicks it; is RuntimeWatchdogSec= set in /etc/systemd/system.conf? Leave it to one of them',
          { cause: error },
        );
      throw kernelFault(error, this.device, 'arm it');
    }
  }

  private letGo(): void {
    if (this.descriptor === undefined) return;
    const descriptor = this.descriptor;
    this.descriptor = undefined;
    try {
      closeSync(descriptor);
    } catch {
      // Closed all the same.
    }
  }
}
