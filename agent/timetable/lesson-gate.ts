import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { judges, type Moment } from '../time/moment.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import { type HeldLesson, heldLessons } from './held-lessons.ts';
import { Lessons } from './lessons.ts';
import type { TimetableStore } from './timetable-store.ts';
import { type Running, type WakeVerdict, wakeVerdict } from './wake.ts';
import { ZoneTime } from './zone-time.ts';

/** The verdict is looked at again after this, whatever the timetable says: wall clocks are set. */
const LONGEST_LOOK_MS = 3_600_000;

interface LessonGateParts {
  readonly clock: Clock;
  /** Time of day, with how far it is trusted. */
  readonly now: () => Moment;
  readonly store: TimetableStore;
  /** Called when the answer of `mayWake` has changed. */
  readonly onChange: (verdict: WakeVerdict) => void;
}

/** Owner of the question whether the robot may be awake now: asks again whenever it may change. */
export class LessonGate {
  private lessons: Lessons | undefined;
  private running: Running | undefined;
  private timer: Timer | undefined;
  /** Wall minus monotonic time, when the clock was last trusted. */
  private trusted: { readonly boot: string; readonly offsetMs: number } | undefined;
  private last: WakeVerdict = { wakeNow: 'noTimetable' };

  constructor(private readonly parts: LessonGateParts) {
    parts.store.onChange(() => {
      // A new timetable decides by itself whether what runs goes on.
      this.running = undefined;
      this.build();
      this.look();
    });
    this.build();
    this.last = this.verdict();
  }

  start(): void {
    this.look();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  get mayWake(): boolean {
    const { wakeNow } = this.verdict();
    return wakeNow === 'noTimetable' || wakeNow === 'granted';
  }

  /** For the pupil's page; undefined without one, or when the time is unknown. */
  get next(): NextLesson | undefined {
    const { next } = this.verdict();
    const zone = this.parts.store.timetable?.zone;
    return next && zone !== undefined ? { from: next.from, zone } : undefined;
  }

  /** Granted lessons in the last `lastMs`; undefined without a timetable. */
  heldInLast(lastMs: number): readonly HeldLesson[] | undefined {
    const { lessons, trusted } = this;
    if (!lessons) return undefined;
    const now = this.parts.now();
    const offsetMs = trusted?.boot === now.boot ? trusted.offsetMs : undefined;
    const { allowances } = this.parts.store;
    return heldLessons({ lessons, allowances, now, offsetMs }, lastMs);
  }

  verdict(): WakeVerdict {
    const { store, now } = this.parts;
    const moment = now();
    if (store.damaged) return { wakeNow: 'expired' };
    const { allowances, confirmedMs } = store;
    const facts = { lessons: this.lessons, allowances, now: moment, confirmedMs };
    const verdict = wakeVerdict({ ...facts, running: this.running });
    if (judges(moment.trust)) {
      this.running = runningBy(verdict, moment);
      const { boot, wallMs, monotonicMs } = moment;
      this.trusted = { boot, offsetMs: wallMs - monotonicMs };
    }
    return verdict;
  }

  /** Call when the time of day, or the trust in it, has changed. */
  look(): void {
    const { clock, store, now, onChange } = this.parts;
    this.timer?.cancel();
    const verdict = this.verdict();
    const waitMs = Math.min(verdict.changesInMs ?? LONGEST_LOOK_MS, LONGEST_LOOK_MS);
    if (store.timetable) this.timer = clock.after(Math.max(1, waitMs), () => this.look());
    // Accepted while nobody knew the time: the 14 days count from the first trusted one.
    const moment = now();
    if (store.timetable && store.confirmedMs === undefined && judges(moment.trust))
      void store.confirm(moment);
    const changed = verdict.wakeNow !== this.last.wakeNow;
    this.last = verdict;
    if (changed) onChange(verdict);
  }

  private build(): void {
    const { timetable, allowances } = this.parts.store;
    const zone = this.lessons?.zone;
    this.lessons =
      timetable &&
      new Lessons(
        timetable,
        allowances,
        zone?.zone === timetable.zone ? zone : new ZoneTime(timetable.zone),
      );
  }
}

function runningBy(
  { wakeNow, lesson, changesInMs = 0 }: WakeVerdict,
  { boot, monotonicMs }: Moment,
): Running | undefined {
  if (wakeNow !== 'granted' || !lesson) return undefined;
  return { boot, untilMonotonicMs: monotonicMs + changesInMs, lesson };
}
