import type { Clock } from '../../ports/clock.ts';

/** A driver may be loaded at any time, as that of a gauge on a bus that comes late. */
const LOOK_MS = 5_000;

/**
 * A device of the kernel that may come later: nothing was there at the start. It is looked for by
 * whoever asks it, now and then, and never waited for; what was found stays until it is lost and
 * another is there.
 */
export class UntilFound<T> {
  private found: T | undefined;
  private looking = false;
  private lookedMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly find: () => Promise<T | undefined>,
    /** Answers in its place. */
    private readonly absent: T,
  ) {
    this.lookedMs = clock.now();
  }

  get now(): T {
    return this.found ?? this.absent;
  }

  /** For a call: what is there now, and a look for what is not, or is `lost`. */
  ask(lost = false): T {
    const due = this.clock.now() - this.lookedMs >= LOOK_MS;
    if ((lost || this.found === undefined) && due && !this.looking) void this.look();
    return this.now;
  }

  async look(): Promise<void> {
    this.looking = true;
    this.lookedMs = this.clock.now();
    // A folder that cannot be read holds nothing for now.
    this.found = (await this.find().catch(() => undefined)) ?? this.found;
    this.looking = false;
  }
}
