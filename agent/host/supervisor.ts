/** Keeps one process running, as systemd does on the robot: restarted when it dies, stopped in order. */
import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** A started process as the supervisor sees it. `spawn.ts` makes real ones. */
export interface Child {
  readonly pid: number | undefined;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Once: when it has ended or could not be started, with words for people. */
  onExit(listener: (exit: Exit) => void): void;
}

export interface Exit {
  /** Words for people. */
  readonly how: string;
  /** It would fail again in the same way: its configuration is wrong (EX_CONFIG of sysexits.h). */
  readonly lasting?: boolean;
}

type ProcessState = 'stopped' | 'running' | 'waiting' | 'stopping';

interface ProcessReport {
  readonly name: string;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** How often it was started again since the simulator's start. */
  readonly restarts: number;
  /** Monotonic milliseconds of the last change of state. */
  readonly sinceMs: number;
  readonly lastExit: string | undefined;
  /** It should run, and starting it again would not help. */
  readonly givenUp: boolean;
}

export const FIRST_BACKOFF_MS = 250;
export const MAX_BACKOFF_MS = 5_000;
/** A process that ran this long has proven itself: its next restart is a quick one. */
export const PROVEN_MS = 10_000;
/** Between the request to stop and the end of patience. */
export const KILL_AFTER_MS = 3_000;

export class Supervisor {
  private state: ProcessState = 'stopped';
  private child: Child | undefined;
  private wanted = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private startedAtMs = 0;
  private sinceMs = 0;
  private starts = 0;
  private lastExit: string | undefined;
  private timer: Timer | undefined;
  private stopped: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    readonly name: string,
    private readonly open: () => Child,
    private readonly changed: (report: ProcessReport) => void = () => {},
  ) {}

  get report(): ProcessReport {
    return {
      name: this.name,
      state: this.state,
      pid: this.child?.pid,
      restarts: Math.max(0, this.starts - 1),
      sinceMs: this.sinceMs,
      lastExit: this.lastExit,
      givenUp: this.wanted && this.state === 'stopped',
    };
  }

  start(): void {
    this.wanted = true;
    if (this.state === 'stopped') this.launch();
  }

  /** Asks it to stop and starts it again; kills it when it does not listen. */
  restart(): void {
    if (this.state === 'running') this.ask();
    else if (this.wanted && this.state === 'stopped') this.launch();
  }

  /** As a crash: no chance to say goodbye. The restart follows by itself. */
  kill(): void {
    this.child?.signal('SIGKILL');
  }

  /** Resolves when it has ended, after KILL_AFTER_MS at the latest. */
  stop(): Promise<void> {
    this.wanted = false;
    if (this.state === 'waiting') this.enter('stopped');
    if (this.state === 'stopped') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.stopped.push(resolve));
    if (this.state === 'running') this.ask();
    return ended;
  }

  private launch(): void {
    this.timer?.cancel();
    const child = this.open();
    this.child = child;
    this.starts += 1;
    this.startedAtMs = this.clock.now();
    child.onExit((exit) => this.ended(exit));
    this.enter('running');
  }

  private ask(): void {
    this.enter('stopping');
    this.child?.signal('SIGTERM');
    this.timer = this.clock.after(KILL_AFTER_MS, () => this.child?.signal('SIGKILL'));
  }

  private ended({ how, lasting = false }: Exit): void {
    const asked = this.state === 'stopping';
    this.child = undefined;
    this.lastExit = how;
    this.timer?.cancel();
    if (this.wanted && !lasting) {
      this.again(asked);
      return;
    }
    this.enter('stopped');
    for (const resolve of this.stopped.splice(0)) resolve();
  }

  private again(asked: boolean): void {
    const proven = asked || this.clock.now() - this.startedAtMs >= PROVEN_MS;
    if (proven) this.backoffMs = FIRST_BACKOFF_MS;
    this.timer = this.clock.after(this.backoffMs, () => this.launch());
    this.backoffMs = Math.min(2 * this.backoffMs, MAX_BACKOFF_MS);
    this.enter('waiting');
  }

  private enter(state: ProcessState): void {
    if (state !== 'stopping' && state !== 'waiting') this.timer?.cancel();
    this.state = state;
    this.sinceMs = this.clock.now();
    this.changed(this.report);
  }
}

/** One after the other: the first of the list is down before the next is asked. */
export async function stopInOrder(supervisors: readonly Supervisor[]): Promise<void> {
  for (const supervisor of supervisors) await supervisor.stop();
}
