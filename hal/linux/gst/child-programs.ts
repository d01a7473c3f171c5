import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type {
  Child,
  ChildEnd,
  ChildInput,
  PipePlan,
  PipeReader,
  ProgramPlan,
  Programs,
} from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/** The last that a program wrote may still be in its pipes when it has ended. */
const LAST_BYTES_MS = 200;

/**
 * Programs as child processes. Each is started through `setpriv --pdeathsig KILL` (util-linux,
 * essential in Debian), which sets PR_SET_PDEATHSIG and becomes the program: the kernel ends it
 * with us, even when we are killed and it hangs. A program that merely watches for the end of its
 * standard input would not notice while it hangs, and gst-launch-1.0 does not watch at all.
 *
 * Pipes are Unix socket pairs made by connecting to ourselves: only a connecting socket can be
 * given the memory to read into (`onread`), and child_process' own pipes hand out fresh 64 KB
 * buffers instead (measured at 720p30: 3.8 % of a core against 1.1 %).
 */
export class ChildPrograms implements Programs {
  constructor(private readonly clock: Clock) {}

  async start(plan: ProgramPlan): Promise<Child> {
    const [setpriv, program] = await Promise.all([
      findProgram('setpriv'),
      findProgram(plan.command),
    ]);
    if (program === undefined) throw notInstalled(plan);
    const pairs = await connectPairs(plan.pipes);
    const words = setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', program] : [program];
    const [command = program, ...before] = words;
    const process_ = spawn(command, [...before, ...plan.args], {
      env: { ...process.env, ...plan.env },
      stdio: ['ignore', 'ignore', 'pipe', ...pairs.map((pair) => pair.theirs)],
    });
    for (const pair of pairs) pair.theirs.destroy();
    try {
      await running(process_);
    } catch (error) {
      for (const pair of pairs) pair.ours.destroy();
      throw new HardwareFault('notPermitted', program, `cannot be started (${String(error)})`);
    }
    return new SystemChild(process_, pairs, plan.onLine, this.clock);
  }
}

function notInstalled({ command, comesWith }: ProgramPlan): HardwareFault {
  const what = comesWith === undefined ? '' : `; install it: apt install ${comesWith}`;
  return new HardwareFault('noAnswer', command, `this program is not installed${what}`);
}

class SystemChild implements Child {
  readonly pid: number;
  readonly inputs: readonly ChildInput[];
  readonly ended: Promise<ChildEnd>;

  constructor(
    private readonly process: ChildProcess,
    private readonly pairs: readonly Pair[],
    onLine: (line: string) => void,
    private readonly clock: Clock,
  ) {
    this.pid = process.pid ?? 0;
    this.inputs = pairs.filter((pair) => !pair.reads).map(({ ours }) => new SocketInput(ours));
    const spoken = new SpokenLines(onLine);
    process.stderr?.on('data', (bytes: Buffer) => spoken.take(bytes));
    process.stderr?.on('end', () => spoken.end());
    // What cannot be read is not heard; how it ended still says why.
    process.stderr?.on('error', () => spoken.end());
    this.ended = this.end();
  }

  async stop(graceMs: number): Promise<ChildEnd> {
    this.closePipes();
    this.process.kill('SIGINT');
    const lastResort = this.clock.after(graceMs, () => this.process.kill('SIGKILL'));
    const end = await this.ended;
    lastResort.cancel();
    return end;
  }

  /** Gone, and what it had written is read: its pipes close, unless a child of its own has them. */
  private async end(): Promise<ChildEnd> {
    const closed = [
      new Promise((resolve) => this.process.once('close', resolve)),
      ...this.pairs
        .filter((pair) => pair.reads)
        // Not `once` of node:events: that rejects where the pipe breaks before it closes.
        .map(({ ours }) => new Promise((resolve) => ours.once('close', resolve))),
    ];
    const end = await new Promise<ChildEnd>((resolve) => {
      this.process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(LAST_BYTES_MS, resolve);
      void Promise.all(closed).then(() => {
        timer.cancel();
        resolve();
      });
    });
    this.closePipes();
    return end;
  }

  private closePipes(): void {
    for (const pair of this.pairs) pair.ours.destroy();
  }
}

class SocketInput implements ChildInput {
  constructor(private readonly socket: Socket) {}

  write(bytes: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  get unsentBytes(): number {
    return this.socket.writableLength;
  }
}

interface Pair {
  readonly ours: Socket;
  readonly theirs: Socket;
  readonly reads: boolean;
}

/** In a folder that only this user can enter; nothing of it is left afterwards. */
async function connectPairs(plans: readonly PipePlan[]): Promise<Pair[]> {
  if (plans.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'deskmate-pipe-'));
  try {
    return await Promise.all(plans.map((plan, at) => connectPair(join(folder, `${at}`), plan)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function connectPair(path: string, plan: PipePlan): Promise<Pair> {
  const server = createServer({ pauseOnConnect: true });
  const accepted = new Promise<Socket>((resolve, reject) => {
    server.once('connection', resolve);
    server.once('error', reject);
  });
  server.listen(path);
  await Promise.race([accepted, new Promise<void>((resolve) => server.once('listening', resolve))]);
  const reads = plan.kind === 'fromChild';
  const ours = reads ? connectReader(path, plan.reader) : connect({ path });
  // A program that ends breaks its pipes; how it ended says why.
  ours.on('error', () => {});
  const theirs = await accepted;
  server.close();
  return { ours, theirs, reads };
}

function connectReader(path: string, reader: PipeReader): Socket {
  return connect({
    path,
    onread: {
      buffer: () => reader.room(),
      callback: (count) => {
        reader.landed(count);
        return true;
      },
    },
  });
}

function running(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    // For good: a signal that cannot be sent is an error, too.
    child.on('error', reject);
  });
}

/** The path of a program, or undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const path = folder === '' ? name : join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** More of a line says nothing more. */
const LONGEST_LINE = 2_000;

/**
 * Lines of what a program says, without empty ones. Of a line only the beginning is kept: a program
 * that never ends its line takes no more memory than one that does.
 */
export class SpokenLines {
  private readonly decoder = new StringDecoder('utf8');
  private begun = '';

  constructor(private readonly onLine: (line: string) => void) {}

  take(bytes: Buffer): void {
    const [first = '', ...others] = this.decoder.write(bytes).split(/[\r\n]+/);
    this.add(first);
    for (const next of others) {
      this.tell();
      this.add(next);
    }
  }

  /** It says no more. */
  end(): void {
    this.add(this.decoder.end());
    this.tell();
  }

  private add(text: string): void {
    this.begun += text.slice(0, LONGEST_LINE - this.begun.length);
  }

  private tell(): void {
    if (this.begun !== '') this.onLine(this.begun);
    this.begun = '';
  }
}
