/** How far a long task is: one line that is redrawn on a terminal, a line now and then elsewhere. */
import type { Clock } from '../../../hal/ports/clock.ts';
import { type Language, translator } from './language.ts';
import { padded, printable, truncated } from './text-width.ts';
import { commandWords } from './words.ts';

/** Where progress goes: standard error, so that a pipe gets the answer only. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface ProgressParts {
  readonly stream: ProgressStream;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly language: Language;
  readonly title: string;
  /** Steps of the whole task; more than 0. */
  readonly total: number;
  /** Where Ctrl-C arrives: `process`. While a task runs it aborts `stopped` instead of the process. */
  readonly signals?: Signals;
}

export interface Signals {
  on(signal: 'SIGINT', act: () => void): unknown;
  off(signal: 'SIGINT', act: () => void): unknown;
}

const REDRAW_MS = 100;
/** Without a terminal: a line each tenth, and at least one in this time. */
const PLAIN_MS = 10_000;
const BAR_CELLS = 20;

export class Progress {
  private done = 0;
  private ended = false;
  private readonly startMs: number;
  private toldMs = Number.NEGATIVE_INFINITY;
  private toldTenth = 0;
  private readonly live: boolean;
  private readonly stop = new AbortController();
  /** Aborted by Ctrl-C: the task should end where it can be continued. */
  readonly stopped: AbortSignal = this.stop.signal;

  constructor(private readonly parts: ProgressParts) {
    const { stream, env, clock, signals } = parts;
    // A dumb terminal cannot go back to the beginning of a line.
    this.live = stream.isTTY === true && env.TERM !== 'dumb';
    this.startMs = clock.now();
    signals?.on('SIGINT', this.interrupted);
    this.tell();
  }

  /** `steps` more are done. */
  advance(steps = 1): void {
    if (this.ended) return;
    this.done = Math.min(this.parts.total, this.done + steps);
    const tenth = Math.floor((this.done / this.parts.total) * 10);
    const since = this.parts.clock.now() - this.toldMs;
    if (this.live ? since >= REDRAW_MS : tenth > this.toldTenth || since >= PLAIN_MS) this.tell();
  }

  /** Leaves the last state on its line. To be called in `finally`; harmless when called again. */
  end(): void {
    if (this.ended) return;
    this.tell();
    this.close();
  }

  private readonly interrupted = (): void => {
    if (this.ended) return;
    const { total, language, stream } = this.parts;
    const say = translator(commandWords, language);
    if (this.live) stream.write('\r\u001b[K');
    stream.write(`${say('stoppedAt', { done: this.done, total })}\n`);
    this.ended = true;
    this.parts.signals?.off('SIGINT', this.interrupted);
    this.stop.abort();
  };

  private close(): void {
    this.ended = true;
    this.parts.signals?.off('SIGINT', this.interrupted);
    if (this.live) this.parts.stream.write('\n');
  }

  private tell(): void {
    const { stream, total, clock } = this.parts;
    this.toldMs = clock.now();
    this.toldTenth = Math.floor((this.done / total) * 10);
    const title = printable(this.parts.title);
    const figures = [`${this.done}/${total}`, `${this.percent()}%`, this.left()];
    const facts = figures.filter(Boolean).join('  ');
    if (!this.live) stream.write(`${title}: ${facts}\n`);
    else {
      const line = `${title}  [${this.bar()}]  ${facts}`;
      // In the last column some terminals would begin a new line.
      stream.write(`\r${truncated(line, (stream.columns ?? 80) - 1)}\u001b[K`);
    }
  }

  private bar(): string {
    return padded('#'.repeat(Math.floor((this.done / this.parts.total) * BAR_CELLS)), BAR_CELLS);
  }

  private percent(): number {
    return Math.floor((this.done / this.parts.total) * 100);
  }

  /** By the mean of what is done. */
  private left(): string {
    const { total, clock, language } = this.parts;
    if (this.done === 0 || this.done === total) return '';
    const each = (clock.now() - this.startMs) / this.done;
    const seconds = Math.ceil((each * (total - this.done)) / 1_000);
    const say = translator(commandWords, language);
    if (seconds < 90) return say('secondsLeft', { seconds });
    return say('minutesLeft', { minutes: Math.ceil(seconds / 60) });
  }
}
