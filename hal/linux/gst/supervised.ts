import type { Child, ChildEnd, ProgramPlan, Programs } from '../../bus/child.ts';
import { messageOf } from '../../common/errors.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { MediaState } from '../../ports/media.ts';
import {
  type PipelineEffect,
  type PipelineEvent,
  type PipelineState,
  stepPipeline,
} from './pipeline-machine.ts';

/** What a pipeline needs to be run. Made anew for each attempt, so the device may have changed. */
export interface PipelinePlan extends Omit<ProgramPlan, 'onLine'> {
  /** The process is there. */
  readonly onChild?: (child: Child) => void;
  readonly onLine?: (line: string) => void;
  /** Why it ended, in one sentence for people, from its last lines. */
  readonly explain: (lines: readonly string[], end: ChildEnd) => string | Promise<string>;
}

/** A plan that cannot be made yet, and that is no fault: a device whose power may be off. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** What a driver hands on to its pipeline. */
export interface PipelineParts {
  readonly programs: Programs;
  readonly clock: Clock;
  readonly onTransition?: (transition: Transition) => void;
  readonly times?: Partial<PipelineTimes>;
}

export interface SupervisedOptions extends PipelineParts {
  /** For logs: `camera`. */
  readonly name: string;
  /** Each change, beginning from `idle`. */
  readonly onState: (state: MediaState, why: string) => void;
  /** Why a silent device is at fault; undefined: it may be silent (its power may be off). */
  readonly explainSilence: () => string | undefined;
}

export interface Transition {
  readonly machine: string;
  readonly from: string;
  readonly event: string;
  readonly to: string;
}

/** Milliseconds. */
export interface PipelineTimes {
  /** From the wish to the process, at most: the device is looked for, the program started. */
  readonly open: number;
  /** From the start of the process to the first data, at most. */
  readonly first: number;
  /** Data that stays out for this long is told as `waiting`. */
  readonly next: number;
  /** After that, how long the process may take to go on by itself. */
  readonly again: number;
  /** From asking it to end to killing it. */
  readonly grace: number;
  /** From killing it to giving it up: a process that a driver holds cannot be killed. */
  readonly gone: number;
}

const DEFAULT_TIMES: PipelineTimes = {
  ...{ open: 15_000, first: 8_000, next: 500, again: 2_500 },
  ...{ grace: 500, gone: 2_000 },
};
/** Data that has flowed for this long makes earlier failures past. */
const STEADY_MS = 5_000;
/** The end of what it said on its standard error is enough to tell why it ended. */
const KEPT_LINES = 60;

/** Keeps one pipeline running while it is wanted; performs what the machine decides. */
export class SupervisedPipeline {
  private machine: PipelineState = { name: 'stopped' };
  private makePlan: (() => Promise<PipelinePlan>) | undefined;
  private readonly times: PipelineTimes;
  /** Opening, or the process itself: settled when nothing of it is left. */
  private current: Attempt | undefined;
  private told: MediaState = 'idle';
  private timer: Timer | undefined;
  private lastDataMs = 0;
  private runningSinceMs = 0;
  private whenStopped: (() => void)[] = [];

  constructor(private readonly options: SupervisedOptions) {
    this.times = { ...DEFAULT_TIMES, ...options.times };
  }

  get state(): MediaState {
    return this.told;
  }

  /** Wants this pipeline; ends another one first. `makePlan` rejects with HardwareFault or NotYet. */
  start(makePlan: () => Promise<PipelinePlan>): void {
    this.makePlan = makePlan;
    this.send({ type: 'start' });
  }

  /** Resolves when the process that there was is gone, also when another one was wanted since. */
  stop(): Promise<void> {
    this.send({ type: 'stop' });
    if (this.machine.name === 'stopped') return Promise.resolve();
    return new Promise((resolve) => this.whenStopped.push(resolve));
  }

  /** Data came, or went. Cheap: call it for each. */
  alive(): void {
    this.lastDataMs = this.options.clock.now();
    if (this.machine.name !== 'running') {
      this.runningSinceMs = this.lastDataMs;
      this.send({ type: 'data' });
    } else if (this.machine.failures > 0 && this.lastDataMs - this.runningSinceMs > STEADY_MS)
      this.send({ type: 'steady' });
  }

  /** What comes from the process is not what it should be: replace it. */
  broken(why: string): void {
    this.send({ type: 'broken', why });
  }

  /** The device may be back: do not wait for the next attempt. */
  changed(): void {
    this.send({ type: 'changed' });
  }

  private send(event: PipelineEvent): void {
    const from = this.machine.name;
    const { state, effects } = stepPipeline(this.machine, event);
    this.machine = state;
    if (state.name !== from) {
      this.timer?.cancel();
      this.options.onTransition?.({
        machine: this.options.name,
        from,
        event: event.type,
        to: state.name,
      });
    }
    for (const effect of effects) this.perform(effect);
    const over = event.type === 'ended' || (event.type === 'overdue' && from === 'ending');
    if (state.name === 'stopped' || over)
      for (const resolve of this.whenStopped.splice(0)) resolve();
  }

  private perform(effect: PipelineEffect): void {
    switch (effect.do) {
      case 'open':
        this.limit(this.times.open, 'does not open; unplug it and plug it in again');
        void this.open();
        break;
      case 'end':
        this.limit(
          this.times.grace + this.times.gone,
          'hangs in its driver; start the computer anew when it does not come back',
        );
        void this.current?.end(this.times.grace);
        break;
      case 'abandon':
        void this.current?.end(0);
        this.current = undefined;
        break;
      case 'rest':
        this.timer = this.options.clock.after(effect.ms, () => this.send({ type: 'rested' }));
        break;
      case 'watch':
        this.lastDataMs = this.options.clock.now();
        this.watch(this.times[effect.for]);
        break;
      case 'tell':
        this.tell(effect.state, effect.why);
        break;
    }
  }

  private limit(ms: number, why: string): void {
    this.timer?.cancel();
    const { name, clock } = this.options;
    this.timer = clock.after(ms, () => this.send({ type: 'overdue', why: `${name}: ${why}` }));
  }

  private tell(state: MediaState, why: string): void {
    if (state === this.told) return;
    this.told = state;
    this.options.onState(state, why);
  }

  private watch(ms: number): void {
    const left = this.lastDataMs + ms - this.options.clock.now();
    this.timer = this.options.clock.after(Math.max(1, left), () => {
      if (this.lastDataMs + ms > this.options.clock.now()) this.watch(ms);
      else this.send({ type: 'silent', why: this.options.explainSilence() });
    });
  }

  private async open(): Promise<void> {
    const attempt = new Attempt();
    this.current = attempt;
    // One that was abandoned has no say any more.
    const logLine = (event: PipelineEvent): void => {
      if (this.current === attempt) this.send(event);
    };
    try {
      await attempt.run(this.makePlan, this.options.programs, () => logLine({ type: 'opened' }));
      logLine({ type: 'ended' });
    } catch (error) {
      const ending = this.machine.name === 'ending';
      logLine(ending ? { type: 'ended' } : failure(error));
    }
  }
}

/** One plan and its process, from the wish to the end. */
class Attempt {
  private child: Child | undefined;
  private graceMs: number | undefined;

  /** Settles when nothing of it is left: resolves when it was told to end, else rejects with why. */
  async run(
    makePlan: (() => Promise<PipelinePlan>) | undefined,
    programs: Programs,
    opened: () => void,
  ): Promise<void> {
    const plan = await makePlan?.();
    if (!plan || this.graceMs !== undefined) return;
    const lines: string[] = [];
    this.child = await programs.start({
      ...plan,
      onLine: (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        plan.onLine?.(line);
      },
    });
    if (this.graceMs === undefined) {
      plan.onChild?.(this.child);
      opened();
    } else void this.child.stop(this.graceMs);
    const end = await this.child.ended;
    if (this.graceMs === undefined) throw new Error(await plan.explain(lines, end));
  }

  async end(graceMs: number): Promise<void> {
    this.graceMs = graceMs;
    await this.child?.stop(graceMs);
  }
}

function failure(error: unknown): PipelineEvent {
  return { type: 'failed', why: messageOf(error), waits: error instanceof NotYet };
}
