import type { Clock } from '../../ports/clock.ts';
import type { HardwareFault } from '../../ports/fault.ts';

/** So many calls fail in a row before the bus counts as stuck, and not just a chip as gone. */
const STICKS = { failures: 4, timeouts: 3 } as const;
/** From one recovery to the next; doubles. */
const GAP_MS = { first: 250, longest: 5_000 } as const;
const AT_ONCE = { notBeforeMs: 0, gapMs: GAP_MS.first as number };

/** Whether a bus is stuck, and when it is to be recovered: by how the calls of its chips end. */
export class BusHealth {
  /** No chip answers. */
  stuck = false;
  /** So many were begun. */
  recoveries = 0;
  /** One is due or under way. */
  recovering = false;
  /** Since the last success of any chip. */
  private readonly failed = new Set<number>();
  private failures = 0;
  private timeouts = 0;
  /** The next recovery: after one that took long, the chips are asked first whether it helped. */
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
    // These say nothing of the wires.
    if (fault.kind === 'notPermitted' || fault.kind === 'busy') return;
    this.failures += 1;
    this.failed.add(address);
    this.timeouts = fault.kind === 'timeout' || fault.kind === 'busStuck' ? this.timeouts + 1 : 0;
    // Every chip that is in use, of more than one: what they share is the bus.
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

  /** Has the bus freed when this turn ends, at once and then less and less often. */
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
