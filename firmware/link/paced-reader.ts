import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { LineSplitter } from './line-splitter.ts';

/** Lines that are read in a turn of the loop: a hundredth of a second's worth of what is accepted. */
const LINES_PER_TURN = 16;
/** The same for bytes: what an agent says in a second fits, and a turn stays short. */
const BYTES_PER_TURN = 32 * 1024;
/** Until the next turn: control ticks come first. */
const TURN_MS = 5;
/** Who has not let up for this long means no good. */
export const FLOOD_MS = 1_000;

/** Nothing for this long is a pause, after which bursts are counted anew. */
const LET_UP_MS = 50;

/** The end that bytes come from. */
export interface Source {
  pause(): void;
  resume(): void;
}

/**
 * Reads lines of a sender that may be hostile, a few in each turn of the loop. While there are more
 * the source is paused, so that the sender waits and memory stays bounded; a sender that goes on for
 * FLOOD_MS is told of by `onFlood`.
 */
export class PacedReader {
  private readonly splitter: LineSplitter;
  /** Of the latest chunk, what has not been read. */
  private rest: Buffer | undefined;
  private timer: Timer | undefined;
  private closed = false;
  private busySinceMs: number | undefined;
  /** When all that had come was read, and the source was let go on. */
  private caughtUpMs: number | undefined;

  constructor(
    maxLineBytes: number,
    private readonly source: Source,
    private readonly clock: Clock,
    onLine: (line: string | undefined) => void,
    private readonly onFlood: () => void,
  ) {
    this.splitter = new LineSplitter(maxLineBytes, onLine);
  }

  push(chunk: Buffer): void {
    if (this.closed) return;
    // A source may deliver one more chunk after it was paused.
    this.rest = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    if (!this.timer) this.read();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.rest = undefined;
  }

  private read(): void {
    const { rest } = this;
    if (!rest) return;
    const part = rest.subarray(0, BYTES_PER_TURN);
    const read = this.splitter.push(part, LINES_PER_TURN);
    this.rest = read < rest.length ? rest.subarray(read) : undefined;
    // Less than a turn's worth: no need to wait.
    if (!this.rest && read < BYTES_PER_TURN) this.busySinceMs = undefined;
    else this.wait();
  }

  private wait(): void {
    const nowMs = this.clock.now();
    const letUp = this.caughtUpMs !== undefined && nowMs - this.caughtUpMs > LET_UP_MS;
    if (letUp) this.busySinceMs = nowMs;
    this.busySinceMs ??= nowMs;
    this.caughtUpMs = undefined;
    this.source.pause();
    if (nowMs - this.busySinceMs >= FLOOD_MS) {
      this.close();
      this.onFlood();
      return;
    }
    this.timer = this.clock.after(TURN_MS, () => {
      this.timer = undefined;
      if (this.rest) this.read();
      if (this.timer) return;
      this.caughtUpMs = this.clock.now();
      this.source.resume();
    });
  }
}
