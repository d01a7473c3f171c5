import { HardwareFault } from '../../ports/fault.ts';

/** What one chip has cost so far. */
export interface DeviceCounts {
  readonly address: number;
  readonly name: string;
  /** Calls that were carried out or tried; retries of the same call are counted apart. */
  readonly calls: number;
  readonly retries: number;
  readonly failures: number;
  readonly lastFault: string | undefined;
}

/** From the second timeout in a row a chip is left alone for a while: each takes the bus for 20 ms. */
const TIMEOUTS_TO_HOLD = 2;
const FIRST_HOLD_MS = 50;
const LONGEST_HOLD_MS = 500;

/** One chip of a guarded bus: its counts, and whether it may use the bus at all now. */
export class DeviceHealth {
  private calls = 0;
  private retries = 0;
  private failures = 0;
  private lastFault: HardwareFault | undefined;
  private timeouts = 0;
  private holdMs = FIRST_HOLD_MS;
  private heldUntilMs = Number.NEGATIVE_INFINITY;
  /** When it last answered. */
  answeredMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly address: number,
    private readonly name: string,
  ) {}

  get counts(): DeviceCounts {
    const { address, name, calls, retries, failures, lastFault } = this;
    return { address, name, calls, retries, failures, lastFault: lastFault?.message };
  }

  /** The fault for a call while the chip is left alone. */
  heldOff(nowMs: number): HardwareFault | undefined {
    if (nowMs >= this.heldUntilMs) return undefined;
    return new HardwareFault(
      'timeout',
      this.name,
      `left alone for ${this.holdMs} ms at most, as it held the bus ${this.timeouts} times in a row; check its cable and supply`,
    );
  }

  succeeded(retries: number, nowMs: number): void {
    this.count(retries);
    this.answeredMs = nowMs;
    this.release();
  }

  failedWith(fault: HardwareFault, retries: number, nowMs: number): void {
    this.count(retries);
    this.failures += 1;
    this.lastFault = fault;
    if (fault.kind !== 'timeout') return;
    this.timeouts += 1;
    if (this.timeouts < TIMEOUTS_TO_HOLD) return;
    this.heldUntilMs = nowMs + this.holdMs;
    this.holdMs = Math.min(LONGEST_HOLD_MS, 2 * this.holdMs);
  }

  /** It may use the bus again. */
  release(): void {
    this.timeouts = 0;
    this.holdMs = FIRST_HOLD_MS;
    this.heldUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** The fault under the name that people know the chip by. */
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
    this.calls += 1;
    this.retries += retries;
  }
}
