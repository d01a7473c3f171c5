import type { Clock } from '../../ports/clock.ts';
import type { HardwareFault } from '../../ports/fault.ts';

/** Consecutive failures after which the bus, and not just a chip, counts as failed. */
const STICKS = { failures: 4, timeouts: 3 } as const;
/** Back-off between recoveries; doubles. */
const GAP_MS = { first: 250, longest: 5_000 } as const;
const AT_ONCE = { notBeforeMs: 0, gapMs: GAP_MS.first as number };

/** Detects a stuck bus from the results of its chips' calls, and decides when to recover it. */
export class BusHealth {
  /** No chip answers. */
  stuck = false;
  /** Number of recoveries begun. */
  recoveries = 0;
  /** A recovery is due or running. */
  recovering = false;
  /** Addresses that failed since the last success of any chip. */
  private readonly failed = new Set<number>();
  private failures = 0;
  private timeouts = 0;
  /** Earliest next recovery: after one, the chips are tried first to see whether it helped. */
  private next = AT_ONCE;

  constructor(
    private readonly name: string,
    private readonly clock: Clock,
    /** One line for people when the bus sticks and when it is free again. */
    private readonly logLine: (line: string) => void = () => {},
  ) {}

  succeeded(): void {
    this.failed.clear();
    this.failures = 0;
    this.timeouts = 0;
    if (!this.stuck) return;
    this.stuck = false;
    this.next = AT_ONCE;
    this.logLine(`${this.name} is free again after ${this.recoveries} recoveries in all`);
  }

  /** `inUse`: addresses of the chips that are in use. */
  failedWith(fault: HardwareFault, address: number, inUse: readonly number[]): void {
    // These say nothing about the wires.
    if (fault.kind === 'notPermitted' || fault.kind === 'busy') return;
    this.failures += 1;
    this.failed.add(address);
    this.timeouts = fault.kind === 'timeout' || fault.kind === 'busStuck' ? this.timeouts + 1 : 0;
    // All chips in use fail, and more than one: the common cause is the bus.
    const allFail = this.failed.size > 1 && inUse.every((one) => this.failed.has(one));
    const silent = this.failures >= STICKS.failures && allFail;
    if (silent || this.timeouts >= STICKS.timeouts) this.free(fault);
  }

  recovered(): void {
    this.recovering = false;
    const { gapMs } = this.next;
    this.next = {
      notBeforeMs: this.clock.now() + gapMs,
      gapMs: Math.min(GAP_MS.longest, 2 * gapMs),
    };
  }

  /** Requests a recovery at the end of this turn: at once, then with increasing back-off. */
  private free(fault: HardwareFault): void {
    if (!this.stuck)
      this.logLine(
        `${this.name} is stuck, no chip answers (last: ${fault.message}); check cables and supply; it is being recovered`,
      );
    this.stuck = true;
    if (this.recovering || this.clock.now() < this.next.notBeforeMs) return;
    this.recovering = true;
    this.recoveries += 1;
  }
}
