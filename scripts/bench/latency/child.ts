import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const END_MS = 3_000;

/** A sending process, controlled by lines of JSON that it also answers with. */
export class Child {
  private readonly process: ChildProcess;
  private readonly waiting: ((line: string | undefined) => void)[] = [];
  private readonly lines: string[] = [];
  private complaint = '';
  private readonly ended: Promise<void>;
  private over = false;

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const next = this.waiting.shift();
      if (next) next(line);
      else this.lines.push(line);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.complaint = `${this.complaint}${chunk.toString()}`.slice(-2_000);
    });
    child.stdin.on('error', () => {}); // it ended first; `next` says why
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.over = true;
        for (const next of this.waiting.splice(0)) next(undefined);
        resolve();
      };
      child.on('exit', end).on('error', end);
    });
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  tell(message: object): void {
    this.process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** The next line's field `key`. */
  async next(key: string): Promise<string> {
    const line =
      this.lines.shift() ??
      (this.over ? undefined : await new Promise<string | undefined>((r) => this.waiting.push(r)));
    if (line === undefined) {
      throw new Error(`sending process ended before it said "${key}": ${this.complaint.trim()}`);
    }
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null && key in message) {
      return String((message as Record<string, unknown>)[key]);
    }
    throw new Error(`sending process: expected "${key}", got ${line.slice(0, 200)}`);
  }

  /** Resolves when it has ended; by force when it does not do so by itself. */
  async end(): Promise<void> {
    this.process.stdin?.end();
    const force = setTimeout(() => this.process.kill('SIGKILL'), END_MS);
    await this.ended;
    clearTimeout(force);
  }
}
