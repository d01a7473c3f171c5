import { type AngleEncoder, type BodyDevices, closings } from '../../ports/body.ts';
import type { DriverContext } from '../../ports/drivers.ts';
import type { HardwareFault } from '../../ports/fault.ts';
import type { BusCounts } from '../i2c/guard.ts';
import { Reopening } from './reopening.ts';

/** What can be closed closes itself. */
interface Closable {
  close(): Promise<void>;
}

interface Startable extends Closable {
  start(): Promise<void>;
}

/** A device that may be missing; `now`: the device, if open. */
interface Present {
  readonly now: unknown;
}

/** The devices of one body while they are opened and when they are closed. */
export class OpenDevices {
  /** Buses and GPIO chips, which the others use. */
  private readonly roots: Startable[] = [];
  private readonly leaves: Startable[] = [];
  private readonly firsts: (() => Promise<void>)[] = [];
  private readonly told = new WeakSet<HardwareFault>();
  private closing: Promise<void> | undefined;

  constructor(private readonly context: DriverContext) {}

  root<T extends Closable>(device: string, open: () => Promise<T>): Reopening<T>;
  root<T>(
    device: string,
    open: () => Promise<T>,
    close: (opened: T) => Promise<void>,
  ): Reopening<T>;
  root<T>(device: string, open: () => Promise<T>, close = closeIt): Reopening<T> {
    return this.remember(this.roots, device, open, close);
  }

  leaf<T extends Closable>(device: string, open: () => Promise<T>): Reopening<T> {
    return this.remember(this.leaves, device, open, closeIt);
  }

  /** A device that is put into its safe state when the body opens, if its bus is available. */
  firstOff<T>(device: T, off: (device: T) => Promise<void>, bus: Present): T {
    this.firsts.push(async () => {
      if (bus.now !== undefined) await off(device);
    });
    return device;
  }

  /** An encoder is read once, so that a missing one is reported at the start. */
  firstRead<T extends AngleEncoder>(encoder: T, bus: Present): T {
    this.firsts.push(async () => {
      if (bus.now !== undefined) await encoder.read();
    });
    return encoder;
  }

  /** Opens what can be opened. The first calls to chips are not awaited. */
  async started(): Promise<void> {
    await Promise.all(this.roots.map((device) => device.start()));
    await Promise.all(this.leaves.map((device) => device.start()));
    void this.all(this.firsts.map((first) => first()));
  }

  /** Torque, rails and lights off, independently; then lines, chips and buses. Idempotent. */
  close(body: BodyDevices, counts: BusCounts | undefined): Promise<void> {
    this.closing ??= this.end(body, counts);
    return this.closing;
  }

  private async end(body: BodyDevices, counts: BusCounts | undefined) {
    await this.all(closings(body));
    await this.all(this.leaves.map((device) => device.close()));
    await this.all(this.roots.map((device) => device.close()));
    this.report(counts);
  }

  /** Completes all steps even if some fail: a broken light must not keep a servo powered. */
  private async all(calls: readonly Promise<unknown>[]): Promise<void> {
    for (const result of await Promise.allSettled(calls))
      if (result.status === 'rejected' && !this.told.has(result.reason))
        this.context.logLine(String(result.reason?.message));
  }

  private report(counts: BusCounts | undefined): void {
    const noisy = counts?.devices.filter(({ retries, failures }) => retries + failures > 0) ?? [];
    for (const { name, calls, retries, failures, lastFault } of noisy)
      this.context.logLine(
        `${name}: ${calls} calls, ${retries} retries, ${failures} failures; last: ${lastFault ?? 'none'}`,
      );
  }

  private remember<T>(
    list: Startable[],
    device: string,
    open: () => Promise<T>,
    close: (opened: T) => Promise<void>,
  ): Reopening<T> {
    const { clock, logLine } = this.context;
    const made = new Reopening<T>({ device, clock, logLine, open, close, told: this.told });
    list.push(made);
    return made;
  }
}

async function closeIt(opened: unknown): Promise<void> {
  const closable = opened as Partial<Closable>;
  await closable.close?.();
}
