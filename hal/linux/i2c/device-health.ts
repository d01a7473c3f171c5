import { HardwareFault } from '../../ports/fault.ts';

/** Call statistics of one chip. */
export interface DeviceCounts {
  readonly address: number;
  readonly name: string;
  /** Calls, successful or not; retries of the same call are counted separately. */
  readonly calls: number;
  readonly retries: number;
  readonly failures: number;
  readonly lastFault: string | undefined;
}

/** Back-off from the second consecutive timeout on: each timeout blocks the bus for 20 ms. */
const HOLD = { fromTimeouts: 2, firstMs: 50, longestMs: 500 } as const;
const FREE = { timeouts: 0, nextMs: HOLD.firstMs as number, untilMs: Number.NEGATIVE_INFINITY };

/** One chip of a guarded bus: its statistics and back-off. */
export class DeviceHealth {
  private readonly counted = { calls: 0, retries: 0, failures: 0 };
  private lastFault: HardwareFault | undefined;
  /** Consecutive timeouts, the next back-off, and the end of the current one. */
  private hold = FREE;
  /** When it last answered. */
  answeredMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly address: number,
    private readonly name: string,
  ) {}

  get counts(): DeviceCounts {
    const { address, name, counted, lastFault } = this;
    return { address, name, ...counted, lastFault: lastFault?.message };
  }

  /** The fault for a call during the back-off. */
  heldOff(nowMs: number): HardwareFault | undefined {
    const { timeouts, nextMs, untilMs } = this.hold;
    if (nowMs >= untilMs) return undefined;
    return new HardwareFault(
      'timeout',
      this.name,
      `left alone for ${nextMs} ms at most, as it held the bus ${timeouts} times in a row; check its cable and supply`,
    );
  }

  succeeded(retries: number, nowMs: number): void {
    this.count(retries);
    this.answeredMs = nowMs;
    this.release();
  }

  failedWith(fault: HardwareFault, retries: number, nowMs: number): void {
    this.count(retries);
    this.counted.failures += 1;
    this.lastFault = fault;
    if (fault.kind !== 'timeout') return;
    const { nextMs, untilMs } = this.hold;
    const timeouts = this.hold.timeouts + 1;
    this.hold =
      timeouts < HOLD.fromTimeouts
        ? { timeouts, nextMs, untilMs }
        : { timeouts, nextMs: Math.min(HOLD.longestMs, 2 * nextMs), untilMs: nowMs + nextMs };
  }

  /** Ends the back-off. */
  release(): void {
    this.hold = FREE;
  }

  /** The fault, renamed to the chip's name for people. */
  named(error: unknown): HardwareFault {
    if (!(error instanceof HardwareFault))
      return new HardwareFault('badData', this.name, `unexpected: ${String(error)}`, {
        cause: error,
      });
    if (error.device === this.name) return error;
    const message = error.message.startsWith(`${error.device}: `)
      ? error.message.slice(error.device.length + 2)
      : error.message;
    return new HardwareFault(error.kind, this.name, message, { cause: error });
  }

  private count(retries: number): void {
    this.counted.calls += 1;
    this.counted.retries += retries;
  }
}
