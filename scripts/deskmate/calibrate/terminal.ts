import { createInterface, type Interface } from 'node:readline';
import type { Board } from '../../../hal/boards/board.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import type { Sample } from './fit.ts';
import { drawPlot, type Plot, type Point } from './plot.ts';
import { type AxisName, CalibrationFailed } from './problem.ts';
import type { Ask, Live, Operator, Stage } from './procedure.ts';
import type { Say } from './words.ts';

/** How often live angles are redrawn while somebody turns the head. */
const LIVE_MS = 150;
const ROWS = 12;
const MOST_COLUMNS = 70;

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/**
 * The person at a terminal. An interactive one shows plot and angles, redrawn in place; otherwise
 * (a pipe, a log) each stage prints its numbers once.
 */
export class TerminalOperator implements Operator {
  private readonly lines: Interface;
  private readonly points: Record<AxisName, Point[]> = { pan: [], tilt: [] };
  private checks: Point[] = [];
  private drawn = 0;
  private cancelled = false;
  private readonly ends = new Set<(error: Error) => void>();

  constructor(
    private readonly streams: TerminalStreams,
    private readonly board: Board,
    private readonly words: Say,
    private readonly clock: Clock,
  ) {
    this.lines = createInterface({ input: streams.input, terminal: false });
    this.lines.once('close', () => this.cancel());
    // It forwards its input's errors: the terminal is gone.
    this.lines.on('error', () => this.cancel());
  }

  async ask(what: Ask, live: () => Promise<Live>): Promise<void> {
    this.say(`\n${this.words(what)}`);
    this.say(`  ${this.words('whenDone')}.`);
    const answer = this.answer();
    let waiting = true;
    answer
      .catch(() => {})
      .finally(() => {
        waiting = false;
      });
    while (this.live && waiting) {
      const angles = await live();
      if (waiting) this.redraw([`  ${this.anglesText(angles)}`]);
      await delay(this.clock, LIVE_MS);
    }
    this.drawn = 0;
    await answer;
  }

  stage(stage: Stage): void {
    this.drawn = 0;
    this.checks = [];
    this.say(`\n${this.words(stage)} …`);
  }

  sample(axis: AxisName, { us, deg }: Sample): void {
    this.points[axis].push({ x: us, y: deg });
    const numbers = `  ${this.words('commanded')} ${us.toFixed(0)} µs, ${this.words('measured')} ${deg.toFixed(1)}°`;
    this.show(this.plot(axis, { from: 500, to: 2500, unit: 'µs' }), this.points[axis], numbers);
  }

  check(axis: AxisName, commandedDeg: number, measuredDeg: number): void {
    const { minDeg, maxDeg } = this.board[axis];
    if (this.checks.length >= 4) this.checks = [];
    this.checks.push({ x: commandedDeg, y: measuredDeg });
    const numbers = `  ${this.words(axis)}: ${this.words('commanded')} ${commandedDeg.toFixed(0)}°, ${this.words('measured')} ${measuredDeg.toFixed(1)}°`;
    this.show(this.plot(axis, { from: minDeg, to: maxDeg, unit: '°' }), this.checks, numbers);
  }

  throwIfCancelled(): void {
    if (this.cancelled) throw new CalibrationFailed({ kind: 'cancelled' });
  }

  /** On Ctrl-C or end of input: ends every wait for the person. */
  cancel(): void {
    this.cancelled = true;
    for (const end of this.ends) end(new CalibrationFailed({ kind: 'cancelled' }));
  }

  /** True for a line that begins with one of `letters`. */
  async confirm(question: string, letters: string): Promise<boolean> {
    this.say(`\n${question}`);
    const answer = await this.answer();
    return letters.includes(answer.trim().charAt(0).toLowerCase() || '?');
  }

  say(text: string): void {
    this.streams.output.write(`${text}\n`);
  }

  close(): void {
    this.lines.removeAllListeners('close');
    this.lines.close();
  }

  private get live(): boolean {
    return this.streams.output.isTTY === true;
  }

  private answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.cancelled) return reject(new CalibrationFailed({ kind: 'cancelled' }));
      const line = (text: string): void => {
        this.ends.delete(reject);
        resolve(text);
      };
      this.ends.add(reject);
      this.lines.once('line', line);
    });
  }

  private plot(axis: AxisName, x: Plot['x']): Plot {
    const { minDeg, maxDeg } = this.board[axis];
    const columns = Math.min(MOST_COLUMNS, (this.streams.output.columns ?? 80) - 12);
    return { x, y: { from: minDeg, to: maxDeg, unit: '°' }, columns, rows: ROWS };
  }

  private show(plot: Plot, points: readonly Point[], numbers: string): void {
    if (this.live) this.redraw([...drawPlot(plot, points), numbers]);
    else this.say(numbers);
  }

  /** Draws over what the last call drew. */
  private redraw(lines: readonly string[]): void {
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A` : '';
    this.streams.output.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
    this.drawn = lines.length;
  }

  private anglesText(angles: Live): string {
    return (['pan', 'tilt'] as const)
      .flatMap((axis) => {
        const deg = angles[axis];
        return deg === undefined ? [] : [`${this.words(axis)} ${deg.toFixed(1)}°`];
      })
      .join('   ');
  }
}

/**
 * Signals that end Node at once, with the servos powered, unless handled: Ctrl-C, Ctrl-\\, `kill`,
 * a dropped connection. Ctrl-Z would leave a stopped program that holds the head.
 */
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGTSTP'] as const;

interface Leaving {
  /** Aborted once the person has left or cancels. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Detects that the person leaves; repeated signals are ignored. A closed terminal fails at each
 * read and write (EIO, EPIPE), which counts as leaving, not as an error.
 */
export function watchLeaving(
  process: Pick<NodeJS.Process, 'on' | 'removeListener'>,
  { input, output }: TerminalStreams,
): Leaving {
  const controller = new AbortController();
  const leave = (): void => controller.abort();
  for (const signal of SIGNALS) process.on(signal, leave);
  // Both stay to the end of the program: the last write may fail after torque was turned off.
  for (const stream of [input, output]) stream.on('error', leave);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of SIGNALS) process.removeListener(signal, leave);
    },
  };
}
