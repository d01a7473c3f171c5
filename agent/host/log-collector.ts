/** Keeps what a process says in a file and picks out what people should see. */

import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { jsonOf } from '../../hal/common/json.ts';
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
/** The same words again within this time are not printed again. */
const AGAIN_MS = 5_000;
/** A log larger than this moves to `.old` at the next start. */
const MAX_LOG_BYTES = 5 * 1024 * 1024;

export class LogCollector {
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
    if (text !== undefined) this.warn(process, text);
  }

  /** Something that people should know of a process, by itself or by who watches it. */
  warn(process: string, text: string): void {
    const warning = { atMs: this.clock.now(), process, text };
    const repeated = this.kept.at(-1);
    this.kept = [...this.kept, warning].slice(-KEPT);
    const again = repeated?.text === text && repeated.process === process;
    if (!again || warning.atMs - repeated.atMs > AGAIN_MS) this.onWarning(warning);
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    const ends = [...this.files.values()].map(
      (file) => new Promise<void>((resolve) => file.end(resolve)),
    );
    await Promise.all(ends);
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
  const entry = parseObject(line);
  if (!entry || typeof entry.level !== 'number' || entry.level < WARN) return undefined;
  if (typeof entry.msg !== 'string') return undefined;
  const details = Object.entries(entry)
    .filter(([name, value]) => !ENVELOPE.has(name) && isPlain(value))
    .map(([name, value]) => `${name} ${value}`);
  return [entry.msg, details.join(', ')]
    .filter(Boolean)
    .join(': ')
    .split('\n', 1)[0]
    ?.slice(0, 300);
}

/** Fields that pino adds to every line. */
const ENVELOPE = new Set(['level', 'time', 'pid', 'hostname', 'name', 'process', 'robot', 'msg']);

function parseObject(line: string): Record<string, unknown> | undefined {
  const value = jsonOf(line);
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function moveAwayWhenLarge(file: string): void {
  try {
    if (statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  } catch {
    // No log yet.
  }
}
