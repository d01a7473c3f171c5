/** Keeps what a process says in a file and picks out what people should see. */
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../hal/ports/clock.ts';

export interface Warning {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  readonly process: string;
  readonly text: string;
}

/** pino's number of `warn`; what is above is `error` and `fatal`. */
const WARN = 40;
/** The newest warnings that pages are told. */
const KEPT = 8;
/** A log larger than this moves to `.old` at the next start. */
const MAX_LOG_BYTES = 5 * 1024 * 1024;

export class LogKeeper {
  private readonly files = new Map<string, WriteStream>();
  private kept: Warning[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly folder: string,
    private readonly onWarning: (warning: Warning) => void = () => {},
  ) {}

  get warnings(): readonly Warning[] {
    return this.kept;
  }

  /** One line of a process, JSON of pino or anything else. */
  take(process: string, line: string): void {
    this.file(process).write(`${line}\n`);
    const text = warningIn(line);
    if (text === undefined) return;
    const warning = { atMs: this.clock.now(), process, text };
    const repeated = this.kept.at(-1);
    this.kept = [...this.kept, warning].slice(-KEPT);
    if (repeated?.text !== text || repeated.process !== process) this.onWarning(warning);
  }

  close(): void {
    for (const file of this.files.values()) file.end();
  }

  private file(process: string): WriteStream {
    const open = this.files.get(process);
    if (open) return open;
    const name = path.join(this.folder, `${process}.log`);
    moveAwayWhenLarge(name);
    const file = createWriteStream(name, { flags: 'a' });
    // A full disk must not end the simulator; the console still shows warnings.
    file.on('error', () => {});
    this.files.set(process, file);
    return file;
  }
}

/** The message when the line is a warning or worse, or the first line of a crash. */
export function warningIn(line: string): string | undefined {
  if (!line.startsWith('{')) return /^\S*Error\b.*:/.test(line) ? line.slice(0, 300) : undefined;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return undefined;
    const { level, msg, err } = entry as { level?: unknown; msg?: unknown; err?: unknown };
    if (typeof level !== 'number' || level < WARN || typeof msg !== 'string') return undefined;
    return [msg, reason(err)].filter(Boolean).join(': ').slice(0, 300);
  } catch {
    return undefined;
  }
}

function reason(err: unknown): string | undefined {
  if (typeof err === 'string') return err;
  if (typeof err !== 'object' || err === null || !('message' in err)) return undefined;
  return typeof err.message === 'string' ? err.message : undefined;
}

function moveAwayWhenLarge(file: string): void {
  try {
    if (statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  } catch {
    // No log yet.
  }
}
