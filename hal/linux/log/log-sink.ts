import { constants, fstatSync, openSync, write } from 'node:fs';
import { isatty } from 'node:tty';
import type { Clock, Timer } from '../../ports/clock.ts';

/**
 * Writes a chunk and calls `done` once, later, with the number of bytes written; 0: any failure.
 * Never throws.
 */
type LogOutlet = (chunk: Buffer, done: (written: number) => void) => void;

const STDOUT = 1;

/**
 * Non-blocking standard output: a write that blocks in libuv's threads would prevent exit, since
 * `process.exit` joins them (Node 20, measured with a full pipe).
 */
export function stdoutOutlet(): LogOutlet {
  const kind = fstatSync(STDOUT);
  return kind.isFIFO() || kind.isSocket()
    ? streamOutlet(process.stdout)
    : fileOutlet(isatty(STDOUT) ? unblockedTerminal() : STDOUT);
}

/** Pipes and sockets: libuv does not block on them. A closed reader does not come back. */
export function streamOutlet(stream: NodeJS.WritableStream): LogOutlet {
  // Each write gets the error as well; without a listener it would end the process.
  stream.on('error', () => {});
  return (chunk, done) => {
    stream.write(chunk, (error) => done(error ? 0 : chunk.length));
  };
}

/** Files and devices; `descriptor` stays open. */
export function fileOutlet(descriptor: number): LogOutlet {
  return (chunk, done) => {
    write(descriptor, chunk, (error, written) => done(error ? 0 : written));
  };
}

/** A stopped terminal (Ctrl-S) accepts nothing. Opened anew, so that its mode is our own. */
function unblockedTerminal(): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${STDOUT}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return STDOUT;
  }
}

/** Buffer while the output accepts nothing: about 5,000 lines. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** One write; a pipe takes 64 KiB at once. */
const MOST_WRITTEN_BYTES = 64 * 1024;
const RETRY_MS = 500;
/** Limit of flushing at exit: the supervisor is waiting. */
const END_MS = 300;

/**
 * The sink of a process' log lines. Logging never blocks the process: `write` does not throw or wait,
 * and buffers at most 1 MiB while the output accepts nothing (full disk, slow or closed reader). Lines
 * beyond are dropped, which is logged once the output works again.
 */
export class LogSink {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private writing = false;
  private retry: Timer | undefined;
  private dropped = 0;
  private sayDropped: (lines: number) => void = () => {};
  private readonly enders = new Set<() => void>();

  constructor(
    private readonly outlet: LogOutlet,
    private readonly clock: Clock,
  ) {}

  /** Calls `say` with the number of dropped lines, once the output accepts lines again. */
  onDropped(logLine: (lines: number) => void): void {
    this.sayDropped = logLine;
  }

  /** Takes a line that ends with a newline. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.waitingBytes + bytes.length > MOST_WAITING_BYTES) {
      this.dropped++;
      return;
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.retry === undefined) this.pump();
  }

  /**
   * Flushes before exit: resolves when all lines are written, when the output fails, or after 300 ms.
   * Never rejects.
   */
  async end(): Promise<void> {
    this.retry?.cancel();
    this.retry = undefined;
    this.pump();
    if (!this.writing) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(END_MS, resolve);
      this.enders.add(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  private pump(): void {
    if (this.writing || this.waiting.length === 0) return;
    this.writing = true;
    const chunk = this.nextChunk();
    this.outlet(chunk, (written) => {
      this.writing = false;
      this.take(chunk, written);
    });
  }

  /** Whole lines, joined; they stay at the head of the queue until written. */
  private nextChunk(): Buffer {
    let bytes = 0;
    let lines = 0;
    for (const line of this.waiting) {
      if (lines > 0 && bytes + line.length > MOST_WRITTEN_BYTES) break;
      bytes += line.length;
      lines++;
    }
    const chunk = Buffer.concat(this.waiting.slice(0, lines), bytes);
    this.waiting.splice(0, lines, chunk);
    return chunk;
  }

  private take(chunk: Buffer, written: number): void {
    this.waitingBytes -= written;
    if (written < chunk.length) this.waiting[0] = chunk.subarray(written);
    else this.waiting.shift();
    if (written === 0) {
      this.ended();
      this.retry = this.clock.after(RETRY_MS, () => {
        this.retry = undefined;
        this.pump();
      });
      return;
    }
    this.tellDropped();
    this.pump();
    if (!this.writing) this.ended();
  }

  private tellDropped(): void {
    // Only with room for this and the next lines, so that it is reported once.
    if (this.dropped === 0 || this.waitingBytes > MOST_WAITING_BYTES / 2) return;
    const lines = this.dropped;
    this.dropped = 0;
    this.sayDropped(lines);
  }

  private ended(): void {
    for (const end of this.enders) end();
    this.enders.clear();
  }
}
