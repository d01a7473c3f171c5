import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** Minimum time between writes, milliseconds. */
interface Pace {
  readonly clock: Clock;
  readonly afterWriteMs: number;
  readonly afterFailureMs: number;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes the newest of a quickly changing value: the first at once, one at a time, skipping values
 * that were replaced meanwhile. With a pace the interval is limited and a failed write is retried
 * with the newest value; without one the next `put` or `settled` retries.
 */
export class LatestWriter<T> {
  private next: { readonly value: T } | undefined;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly write: (value: T) => Promise<void>,
    private readonly onOutcome: (error: unknown) => void = () => {},
    private readonly pace?: Pace,
  ) {}

  put(value: T): void {
    this.next = { value };
    if (!this.timer && !this.writing) void this.writeNext();
  }

  /** Like `put`. Resolves when this value or a newer one is on disk; rejects if that fails. */
  saved(value: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.put(value);
    });
  }

  /** Ignores the pace. Resolves when the newest value was written, or the write failed. */
  async settled(): Promise<void> {
    while (this.writing) await this.writing;
    this.cancelTimer();
    await this.writeNext();
    this.cancelTimer();
  }

  private cancelTimer(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private writeNext(): Promise<void> {
    const { next, waiting } = this;
    if (!next) return Promise.resolve();
    this.next = undefined;
    this.waiting = [];
    const done = this.write(next.value).then(
      () => {
        for (const { resolve } of waiting) resolve();
        this.ended(undefined);
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
        this.ended(error, next);
      },
    );
    this.writing = done;
    return done;
  }

  private ended(error: unknown, refused?: { readonly value: T }): void {
    this.writing = undefined;
    const newer = this.next !== undefined;
    this.next ??= refused;
    if (this.pace) this.wait(this.pace, error === undefined);
    else if (newer) void this.writeNext();
    this.onOutcome(error);
  }

  private wait({ clock, afterWriteMs, afterFailureMs }: Pace, well: boolean): void {
    this.timer = clock.after(well ? afterWriteMs : afterFailureMs, () => {
      this.timer = undefined;
      void this.writeNext();
    });
  }
}
