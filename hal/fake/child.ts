import type { Child, ChildEnd, ChildInput, ProgramPlan, Programs } from '../bus/child.ts';
import type { HardwareFault } from '../ports/fault.ts';

/** Programs that do what a test tells them to; all that were started are kept. */
export class FakePrograms implements Programs {
  readonly children: FakeChild[] = [];
  /** While set, nothing can be started. */
  refusal: HardwareFault | undefined;
  /** Programs end at once when they are asked to; otherwise only when killed. */
  obeying = true;
  /** Starting one takes for ever. */
  stuck = false;
  private readonly listeners = new Set<(child: FakeChild) => void>();

  async start(plan: ProgramPlan): Promise<Child> {
    if (this.refusal) throw this.refusal;
    if (this.stuck) await new Promise(() => {});
    const child = new FakeChild(plan, 1_000 + this.children.length, this.obeying);
    this.children.push(child);
    for (const listener of this.listeners) listener(child);
    return child;
  }

  /** Tells each program that is started, so that a test can let it speak at once. */
  onStart(listener: (child: FakeChild) => void): void {
    this.listeners.add(listener);
  }

  get latest(): FakeChild {
    const child = this.children.at(-1);
    if (!child) throw new Error('no program was started');
    return child;
  }

  get alive(): readonly FakeChild[] {
    return this.children.filter((child) => child.end === undefined);
  }
}

export class FakeChild implements Child {
  readonly inputs: readonly FakeInput[];
  readonly ended: Promise<ChildEnd>;
  end: ChildEnd | undefined;
  /** A stop with this grace was asked for. */
  stoppedWithMs: number | undefined;
  private resolve: (end: ChildEnd) => void = () => {};

  constructor(
    readonly plan: ProgramPlan,
    readonly pid: number,
    private readonly obeying: boolean,
  ) {
    this.inputs = plan.pipes
      .filter((pipe) => pipe.kind === 'toChild')
      .map(() => ({ bytes: [], unsentBytes: 0, write: takeBytes }));
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** A line on its standard error. */
  logLine(line: string): void {
    this.plan.onLine(line);
  }

  /** Bytes of the program on the n-th pipe of its plan, in reads of at most `atMost`. */
  send(pipe: number, bytes: Uint8Array, atMost = 65_536): void {
    const to = this.plan.pipes[pipe];
    if (to?.kind !== 'fromChild') throw new Error(`pipe ${pipe} does not come from the child`);
    for (let at = 0; at < bytes.length && this.open; ) {
      const room = to.reader.room();
      const part = bytes.subarray(at, at + Math.min(atMost, room.length));
      room.set(part);
      at += part.length;
      to.reader.landed(part.length);
    }
  }

  /** It ends by itself. */
  exit(code: number | null, signal: string | null = null): void {
    if (this.end) return;
    this.end = { code, signal };
    this.resolve(this.end);
  }

  async stop(graceMs: number): Promise<ChildEnd> {
    this.stoppedWithMs = graceMs;
    if (this.obeying) this.exit(0);
    return this.ended;
  }

  /** The last resort of a program that does not obey. */
  kill(): void {
    this.exit(null, 'SIGKILL');
  }

  private get open(): boolean {
    return this.end === undefined && this.stoppedWithMs === undefined;
  }
}

interface FakeInput extends ChildInput {
  /** What was written, one entry a write. */
  readonly bytes: Uint8Array[];
  unsentBytes: number;
}

function takeBytes(this: FakeInput, bytes: Uint8Array): void {
  this.bytes.push(bytes.slice());
}
