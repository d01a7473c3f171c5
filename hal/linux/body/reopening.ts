import { CALL_MS, inTime } from '../../bus/calls.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

interface ReopeningParts<T> {
  /** Name for people, for messages. */
  readonly device: string;
  readonly clock: Clock;
  readonly logLine: (line: string) => void;
  readonly open: () => Promise<T>;
  readonly close: (opened: T) => Promise<void>;
  /** Faults already logged: a chip's fault is not logged again by each of its lines. */
  readonly told?: WeakSet<HardwareFault>;
}

/** Minimum time between attempts to open, which calls trigger. */
const RETRY_MS = 1_000;
/** Time limit of opening at start, which may load libraries. */
const START_MS = 3_000;

/**
 * A device that may be missing. Meanwhile calls reject with the fault of the last attempt to open it,
 * and trigger the next attempt. Logs one line when it cannot be opened, when the reason changes, and
 * when it is opened.
 */
export class Reopening<T> {
  private opened: T | undefined;
  private opening: Promise<T> | undefined;
  private fault: HardwareFault | undefined;
  /** It was logged that this device is missing. */
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

  /** The first attempt. Never rejects: calls report a missing device. */
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

  /** The open device has failed: it is closed, and reopened by a later call. */
  async drop(opened: T, why: HardwareFault): Promise<void> {
    if (this.opened !== opened) return;
    this.opened = undefined;
    this.tryAtMs = this.parts.clock.now() + RETRY_MS;
    this.tell(why);
    this.fault = why;
    // The next opening waits for this: only one may hold the device.
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

  /** A running attempt also closes the device again, so that it is free for the next user. */
  async close(): Promise<void> {
    this.closed = true;
    const { opened, opening } = this;
    const { clock } = this.parts;
    if (opening) await inTime(clock, CALL_MS, opening, () => this.late(CALL_MS)).catch(() => {});
    this.opened = undefined;
    if (opened !== undefined) await this.parts.close(opened);
  }

  /** One attempt at a time, and none once it is open, as the device would be busy. */
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
