/** A program that runs in one of the rig's hosts, and ends with the rig. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Namespaces } from './namespaces.ts';
import type { Host } from './plan.ts';

/** The kernel ends it when this process ends, in any way. */
export const BOUND = ['setpriv', '--pdeathsig', 'KILL'];
const KILL_AFTER_MS = 2_000;

interface ProgramPlan {
  readonly host: Host;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its log file. */
  readonly log: string;
}

export class Program {
  private readonly ended: Promise<void>;

  private constructor(
    private readonly clock: Clock,
    private readonly child: ChildProcess,
    private readonly name: string,
    private readonly said: Listener,
  ) {
    this.ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
  }

  static start(clock: Clock, spaces: Namespaces, plan: ProgramPlan): Program {
    const [command = '', ...args] = [...BOUND, ...spaces.inside(plan.host, plan.words)];
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...plan.env },
    });
    const said = new Listener(createWriteStream(plan.log, { flags: 'a' }));
    for (const stream of [child.stdout, child.stderr]) said.listenTo(stream);
    return new Program(clock, child, plan.words[0] ?? '', said);
  }

  /** Resolves with the match in its output; rejects when it ends before, or after `ms`. */
  async says(pattern: RegExp, ms: number): Promise<RegExpExecArray> {
    const heard = this.said.hears(pattern);
    const over = this.ended.then(() => {
      throw new Error(`${this.name} ended: ${this.said.last()}`);
    });
    const late = new Promise<never>((_, reject) => {
      this.clock.after(ms, () =>
        reject(new Error(`${this.name} was not ready within ${ms} ms: ${this.said.last()}`)),
      );
    });
    return Promise.race([heard, over, late]);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const timer = this.clock.after(KILL_AFTER_MS, () => this.child.kill('SIGKILL'));
    await this.ended;
    timer.cancel();
  }
}

/** The end of its output is kept in memory, all of it in a file. */
const KEPT = 16_384;

class Listener {
  private text = '';
  private readonly waiting = new Set<() => void>();

  constructor(private readonly file: WriteStream) {
    file.on('error', () => {});
  }

  listenTo(stream: Readable | null): void {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      this.file.write(text);
      this.text = (this.text + text).slice(-KEPT);
      for (const look of [...this.waiting]) look();
    });
  }

  hears(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = pattern.exec(this.text);
        if (!found) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  last(): string {
    return this.text.trim().split('\n').slice(-3).join(' | ') || 'it said nothing';
  }
}
