import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { SyncReading, TimeKeeper } from '../../hal/ports/time-keeper.ts';
import { judges, type Moment, type Stamp, stampOf } from './moment.ts';
import { type BootAnchor, setRight, TimeStore } from './time-store.ts';
import {
  type Clocks,
  firstState,
  momentOf,
  remindOf,
  resume,
  stepTime,
  type TimeEvent,
  type TimeState,
} from './trust.ts';

/** How often both clocks are compared, to detect jumps. */
const LOOK_MS = 10_000;
/** How often the machine is asked whether it is synchronised, until it is. */
const ASK_MS = 10_000;
const ASK_AGAIN_MS = 5 * 60_000;
/** A clock that moved more than this during the question invalidates the answer. */
const STEADY_MS = 1_000;
/** How often a sure time is stored; a power cut may set the floor back by this. */
const KEEP_MS = 60 * 60_000;

/** Read access to the time of day. */
export interface TimeOfDay {
  now(): Moment;
  /** The present time is certainly not before this: milliseconds since 1970. */
  readonly floorMs: number;
  /** A recorded moment, corrected by what is now known of its boot. */
  correct(wallMs: number, stamp: Stamp): { wallMs: number; stamp: Stamp };
}

interface TimeParts {
  readonly clock: Clock;
  readonly keeper: TimeKeeper;
  readonly storage: Storage;
  readonly log: Log;
  /** Build time of this program, milliseconds since 1970: the present time is later. */
  readonly builtMs: number;
}

/**
 * The one source of the time of day and its trust (rules in agent/time/trust.ts). The system's
 * clock is never set: a time from devices is an offset to the monotonic clock, kept here.
 */
export class TimeService implements TimeOfDay {
  private state: TimeState;
  private timers: Timer[] = [];
  private asking = false;
  private askedMs = Number.NEGATIVE_INFINITY;
  private reported: Moment;
  private keptMs = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<(moment: Moment) => void>();

  /** Use `open` for one with persistent state. */
  constructor(
    private readonly parts: TimeParts,
    private readonly store: TimeStore,
  ) {
    const fresh = firstState(this.clocks(), parts.builtMs, store.knownMs);
    const anchor = store.anchorOf(parts.keeper.bootId);
    const sure = anchor?.trust === 'sure' && anchor.source === 'ntp';
    const known = sure ? resume(fresh, anchor) : fresh;
    this.state = anchor && judges(anchor.trust) ? remindOf(known, anchor.offsetMs) : known;
    this.reported = this.now();
  }

  static async open(parts: TimeParts): Promise<TimeService> {
    return new TimeService(parts, await TimeStore.open(parts.storage, parts.log));
  }

  start(): void {
    this.timers.push(this.parts.clock.every(LOOK_MS, () => this.compareClocks()));
    void this.ask();
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) timer.cancel();
    this.listeners.clear();
  }

  now(): Moment {
    const clocks = this.clocks();
    this.state = stepTime(this.state, clocks, { type: 'look' });
    return momentOf(this.state, clocks, this.parts.keeper.bootId);
  }

  get floorMs(): number {
    return this.state.floorMs;
  }

  correct(wallMs: number, stamp: Stamp): { wallMs: number; stamp: Stamp } {
    const now = this.now();
    const current = now.boot === stamp.boot ? anchorAt(now) : undefined;
    const kept = setRight(wallMs, stamp, this.store.anchorOf(stamp.boot));
    return setRight(kept.wallMs, kept.stamp, current);
  }

  /** The time by a bound device's clock, from a message whose challenge proves it fresh. */
  hint(device: string, saidMs: number): void {
    this.take({ type: 'lent', device, saidMs });
  }

  /** From the fleet's signed answer to our nonce. */
  signed(saidMs: number): void {
    this.take({ type: 'signed', saidMs });
  }

  /** Called when trust or source changes. Returns a function that unsubscribes. */
  onChange(listener: (moment: Moment) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when pending state is on disk. */
  settled(): Promise<void> {
    return this.store.settled();
  }

  private compareClocks(): void {
    this.take({ type: 'look' });
    const every = this.reported.source === 'ntp' ? ASK_AGAIN_MS : ASK_MS;
    if (this.parts.clock.now() - this.askedMs >= every) void this.ask();
  }

  private take(event: TimeEvent): void {
    this.state = stepTime(this.state, this.clocks(), event);
    this.tell(this.now());
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.askedMs = this.parts.clock.now();
    const before = this.clocks();
    const reading = await this.parts.keeper.read();
    this.asking = false;
    this.onReading(reading, before);
  }

  /** A reading does not apply if the clock was set meanwhile. */
  private onReading({ synchronised, by }: SyncReading, before: Clocks): void {
    const { nowMs, wallMs } = this.clocks();
    const sameClock = Math.abs(wallMs - nowMs - (before.wallMs - before.nowMs)) < STEADY_MS;
    if (synchronised && sameClock) {
      this.take({ type: 'synchronised' });
      if (this.now().source !== 'ntp')
        this.parts.log.warn({ by, wallMs, floorMs: this.floorMs }, 'the clock is impossible');
    } else this.take({ type: 'look' });
  }

  private tell(moment: Moment): void {
    const { trust, source } = moment;
    const changed = trust !== this.reported.trust || source !== this.reported.source;
    const from = `${this.reported.trust}/${this.reported.source}`;
    this.reported = moment;
    if (trust !== 'none') this.keep(moment, changed);
    if (!changed) return;
    const transition = { machine: 'time', from, to: `${trust}/${source}` };
    this.parts.log.info({ ...transition, wallMs: Math.round(moment.wallMs) }, 'transition');
    for (const listener of [...this.listeners]) listener(moment);
  }

  private keep(moment: Moment, changed: boolean): void {
    const { monotonicMs, wallMs, trust } = moment;
    if (!changed && monotonicMs - this.keptMs < KEEP_MS) return;
    this.keptMs = monotonicMs;
    this.store.remember(anchorAt(moment), trust === 'sure' ? wallMs : 0);
  }

  private clocks(): Clocks {
    return { nowMs: this.parts.clock.now(), wallMs: this.parts.clock.wall() };
  }
}

function anchorAt(moment: Moment): BootAnchor {
  const { monotonicMs, wallMs } = moment;
  const { boot, trust, source } = stampOf(moment);
  return { boot, trust, source, offsetMs: wallMs - monotonicMs, atMs: monotonicMs };
}
