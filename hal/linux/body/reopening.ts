import { CALL_MS, inTime } from '../../bus/calls.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

interface ReopeningParts<T> {
  /** As people know it, for messages. */
  readonly device: string;
  readonly clock: Clock;
  readonly logLine: (line: string) => void;
  readonly open: () => Promise<T>;
  readonly close: (opened: T) => Promise<void>;
  /** Faults that were said: those of a chip are not said again by each of its lines. */
  readonly told?: WeakSet<HardwareFault>;
}

/** What could not be opened is tried again by a call, no sooner than this. */
const RETRY_MS = 1_000;
/** Opening may load libraries; whoever starts the process waits no longer. */
const START_MS = 3_000;

/**
 * A device that may not be there yet. While it is not, calls reject with the fault of the last
 * attempt to open it; calls also are what has it tried again. Says one line when it cannot be
 * opened, another one when the reason changes, and one when it is there.
 */
export class Reopening<T> {
  private opened: T | undefined;
  private opening: Promise<T> | undefined;
  private fault: HardwareFault | undefined;
  /** This device has said that it is not there. */
  private said = false;
  private tryAtMs = Number.NEGATIVE_INFINITY;
  private closed = false;
  private readonly openListeners = new Set<(opened: T) => void>();

  constructor(private readonly parts: ReopeningParts<T>) {}

  get now(): T | undefined {
    return this.opened;
  }

  /** Calls `listener` at the moment the device opens, or now when it is open. */
  onOpen(listener: (opened: T) => void): void {
    if (this.opened !== undefined) listener(this.opened);
    else this.openListeners.add(listener);
  }

  /** The first attempt. Never rejects: a device that is missing is the calls' to tell. */
  async start(): Promise<void> {
    const { clock } = this.parts;
    await inTime(clock, START_MS, this.attempt(), () => this.late(START_MS)).catch(() => {});
  }

  async get(): Promise<T> {
    if (this.opened !== undefined) return this.opened;
    const { clock } = this.parts;
    if (this.closed) throw this.wasClosed();
    const due = this.opening !== undefined || clock.now() >= this.tryAtMs;
    if (!due && this.fault) throw this.fault;
    return inTime(clock, CALL_MS, this.attempt(), () => this.late(CALL_MS));
  }

  /** What was opened does not work any more: it is closed, and opened again by a later call. */
  async drop(opened: T, why: HardwareFault): Promise<void> {
    if (this.opened !== opened) return;
    this.opened = undefined;
    this.tryAtMs = this.parts.clock.now() + RETRY_MS;
    this.tell(why);
    this.fault = why;
    // An opening waits for it: the device is had by one at a time.
    this.opening = this.parts
      .close(opened)
      .catch(() => {})
      .then(() => {
        throw why;
      });
    this.opening
      .catch(() => {})
      .finally(() => {
        this.opening = undefined;
      });
    await this.opening.catch(() => {});
  }

  /** An opening under way lets go of the device again: whoever opens it next is to find it free. */
  async close(): Promise<void> {
    this.closed = true;
    const { opened, opening } = this;
    const { clock } = this.parts;
    if (opening) await inTime(clock, CALL_MS, opening, () => this.late(CALL_MS)).catch(() => {});
    this.opened = undefined;
    if (opened !== undefined) await this.parts.close(opened);
  }

  /** One at a time, and none once it is open: whoever has the device would find it in use. */
  private async attempt(): Promise<T> {
    if (this.opened !== undefined) return this.opened;
    if (this.closed) throw this.wasClosed();
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async open(): Promise<T> {
    const { clock, device, logLine, open, close } = this.parts;
    this.tryAtMs = clock.now() + RETRY_MS;
    try {
      const opened = await open();
      if (this.closed) {
        await close(opened);
        throw this.wasClosed();
      }
      this.opened = opened;
      if (this.said) logLine(`${device}: there now`);
      this.said = false;
      this.fault = undefined;
      for (const listener of this.openListeners) listener(opened);
      this.openListeners.clear();
      return opened;
    } catch (error) {
      const fault =
        error instanceof HardwareFault
          ? error
          : new HardwareFault('noAnswer', device, String(error), { cause: error });
      this.tell(fault);
      this.fault = fault;
      throw fault;
    }
  }

  private tell(fault: HardwareFault): void {
    const { logLine, told } = this.parts;
    if (this.closed || told?.has(fault)) return;
    told?.add(fault);
    if (fault.message === this.fault?.message) return;
    this.said = true;
    logLine(fault.message);
  }

  private wasClosed(): HardwareFault {
    return new HardwareFault('noAnswer', this.parts.device, 'it was closed');
  }

  private late(ms: number): HardwareFault {
    return new HardwareFault('timeout', this.parts.device, `not open within ${ms} ms`);
  }
}
