import { jsonOf } from '../../hal/common/json.ts';

/** What is kept, for staff who ask for it. */
const MOST = { lines: 2_000, bytes: 1024 * 1024 } as const;
/** pino's numbers. */
const LEVELS = { error: 50, warn: 40, info: 30, debug: 20 } as const;
export type RecentLevel = keyof typeof LEVELS;

interface Sink {
  write(line: string): void;
  onDropped(say: (lines: number) => void): void;
  end(): Promise<void>;
}

/** Passes log lines on, and keeps the newest in memory. */
export class RecentLog implements Sink {
  private readonly kept: { readonly line: string; readonly level: number }[] = [];
  private bytes = 0;

  constructor(private readonly sink: Sink) {}

  write(line: string): void {
    this.sink.write(line);
    this.kept.push({ line: line.trimEnd(), level: levelOf(line) });
    this.bytes += line.length;
    while (this.kept.length > MOST.lines || this.bytes > MOST.bytes)
      this.bytes -= (this.kept.shift()?.line.length ?? this.bytes - 1) + 1;
  }

  onDropped(say: (lines: number) => void): void {
    this.sink.onDropped(say);
  }

  end(): Promise<void> {
    return this.sink.end();
  }

  /** The newest lines of at least this level, oldest first. */
  recent(lines: number, level: RecentLevel): readonly string[] {
    const atLeast = this.kept.filter((one) => one.level >= LEVELS[level]);
    return atLeast.slice(-lines).map(({ line }) => line);
  }
}

/** A line that is none of pino's is always of interest. */
function levelOf(line: string): number {
  const parsed = jsonOf(line);
  const level =
    typeof parsed === 'object' && parsed && 'level' in parsed ? parsed.level : undefined;
  return typeof level === 'number' ? level : LEVELS.error;
}
