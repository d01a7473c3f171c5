import type { Clock, Timer } from '../../hal/ports/clock.ts';

/**
 * Writes the newest value of what changes faster than a disk should be written: the first at once,
 * then no more often than `gaps` say, never two at a time, and nothing ever queues. A write that
 * failed is tried again, with what is newest by then.
 */
export class LatestWriter<T> {
  private next: { readonly value: T } | undefined;
  private writing: Promise<void> | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly gaps: { readonly afterWriteMs: number; readonly afterFailureMs: number },
    private readonly write: (value: T) => Promise<void>,
    private readonly onOutcome: (error: unknown) => void,
  ) {}

  put(value: T): void {
    this.next = { value };
    if (!this.timer && !this.writing) void this.writeNext();
  }

  /** Does not wait for the gap. Resolves when the newest value was written, or refused. */
  async flush(): Promise<void> {
    await this.writing;
    this.rest();
    await this.writeNext();
    this.rest();
  }

  private rest(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private writeNext(): Promise<void> {
    const { next } = this;
    if (!next) return Promise.resolve();
    this.next = undefined;
    const done = this.write(next.value).then(
      () => this.ended(undefined),
      (error: unknown) => {
        this.next ??= next;
        this.ended(error);
      },
    );
    this.writing = done;
    return done;
  }

  private ended(error: unknown): void {
    this.writing = undefined;
    const { afterWriteMs, afterFailureMs } = this.gaps;
    this.timer = this.clock.after(error === undefined ? afterWriteMs : afterFailureMs, () => {
      this.timer = undefined;
      void this.writeNext();
    });
    this.onOutcome(error);
  }
}
