import { LineSplitter } from '../../hal/common/line-splitter.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** Maximum lines read in TURN_MS. */
const LINES_PER_TURN = 16;
/** Maximum bytes: an agent's traffic of a second fits, and a turn stays short. */
const BYTES_PER_TURN = 32 * 1024;
/** Maximum processing time, whatever the content and however slow the processor. */
const READING_PER_TURN_MS = 2;
/** Until the next turn: control ticks come first. */
const TURN_MS = 5;
/** A sender that has not let up for this long is flooding. */
export const FLOOD_MS = 1_000;

/** Silence of this length ends a burst. */
const LET_UP_MS = 50;

/** Where the bytes come from. */
interface Source {
  pause(): void;
  resume(): void;
}

/**
 * Reads lines of a possibly hostile sender, a few in each turn. While there are more the source is
 * paused (backpressure), so that memory stays bounded; a sender that continues for FLOOD_MS is
 * reported by `onFlood`.
 */
export class PacedReader {
  private readonly splitter: LineSplitter;
  /** Unread part of the received data. */
  private rest: Buffer | undefined;
  private timer: Timer | undefined;
  private closed = false;
  private busySinceMs: number | undefined;
  /** When all received data was read and the source resumed. */
  private caughtUpMs: number | undefined;
  /** Usage of the current turn; several small chunks share a turn. */
  private turn = { sinceMs: Number.NEGATIVE_INFINITY, lines: 0, bytes: 0, readingMs: 0 };

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
    const read = this.readSome(rest);
    this.rest = read < rest.length ? rest.subarray(read) : undefined;
    // Wait only when the turn's quota is used up.
    if (this.rest || this.spent) this.wait();
  }

  /** Reads what the quota still allows; returns the number of bytes. */
  private readSome(bytes: Buffer): number {
    let nowMs = this.clock.now();
    if (nowMs - this.turn.sinceMs >= TURN_MS)
      this.turn = { sinceMs: nowMs, lines: 0, bytes: 0, readingMs: 0 };
    const { turn } = this;
    let read = 0;
    while (read < bytes.length && !this.spent) {
      const most = BYTES_PER_TURN - turn.bytes;
      const some = this.splitter.push(bytes.subarray(read, read + most), 1);
      read += some;
      turn.bytes += some;
      turn.lines += 1;
      const beganMs = nowMs;
      nowMs = this.clock.now();
      turn.readingMs += nowMs - beganMs;
    }
    return read;
  }

  private get spent(): boolean {
    const { lines, bytes, readingMs } = this.turn;
    return lines >= LINES_PER_TURN || bytes >= BYTES_PER_TURN || readingMs >= READING_PER_TURN_MS;
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
