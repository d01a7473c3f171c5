import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { Facts } from '../admission/facts.ts';
import type { Moment } from '../time/moment.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { Allowance, Timetable } from '../wire/timetable.ts';
import { decodeTimetable } from '../wire/timetable-code.ts';
import type { HeldLesson } from './held-lessons.ts';
import { LessonGate } from './lesson-gate.ts';
import { type Stored, TimetableStore } from './timetable-store.ts';
import type { WakeVerdict } from './wake.ts';

interface RobotTimetableParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Storage;
  /** Time of day, with how far it is trusted. */
  readonly now: () => Moment;
  /** Called once opened, and at each change. */
  readonly onLesson: (lesson: Facts['lesson']) => void;
  /** The timetable is about to be another: what was attended by this one is noted now. */
  readonly onReplace: () => void;
  /** A timetable is on disk that cannot be read, so that there are no lessons (true), or not any more. */
  readonly onTrouble: (trouble: boolean) => void;
}

interface Opened {
  readonly store: TimetableStore;
  readonly gate: LessonGate;
}

/**
 * This robot's timetable, for session, usage record and orders. Who may change it, and that an
 * order is no replay, the caller has verified. Changes wait until `open` has read the disk.
 */
export class RobotTimetable {
  private opened: Opened | undefined;
  private readonly ready: Promise<Opened>;
  private setReady: (opened: Opened) => void = () => {};
  private stopped = false;

  constructor(private readonly parts: RobotTimetableParts) {
    this.ready = new Promise((resolve) => {
      this.setReady = resolve;
    });
  }

  /** Never rejects: a file that cannot be read counts as a timetable without lessons. */
  async open(): Promise<void> {
    const { clock, log, storage, now, onLesson, onReplace, onTrouble } = this.parts;
    const store = await TimetableStore.open(storage, log);
    onTrouble(store.damaged);
    // Before the gate's own listener, which takes the new timetable.
    store.onChange(() => {
      onReplace();
      onTrouble(store.damaged);
    });
    const gate = new LessonGate({
      ...{ clock, now, store },
      onChange: (verdict) => {
        const { lesson, next } = verdict;
        log.info({ wakeNow: verdict.wakeNow, lesson, next }, 'timetable');
        onLesson(lessonFact(verdict));
      },
    });
    if (this.stopped) return;
    this.opened = { store, gate };
    onLesson(lessonFact(gate.verdict()));
    gate.start();
    this.setReady(this.opened);
  }

  stop(): void {
    this.stopped = true;
    this.opened?.gate.stop();
  }

  /** The time of day, or the trust in it, has changed. */
  onTime(): void {
    this.opened?.gate.look();
  }

  /** Undefined without one, and before `open`. */
  get timetable(): Timetable | undefined {
    return this.opened?.store.timetable;
  }

  /** For the pupil; undefined without a timetable, without a further lesson, or without the time. */
  get nextLesson(): NextLesson | undefined {
    return this.opened?.gate.next;
  }

  /** Granted lessons in the last `lastMs`; undefined without a timetable. */
  heldInLast(lastMs: number): readonly HeldLesson[] | undefined {
    return this.opened?.gate.heldInLast(lastMs);
  }

  /** A timetable in its compact form (wire/timetable-code.ts), as an order carries it. */
  async accept(code: string): Promise<Stored> {
    const decoded = decodeTimetable(code);
    if (!decoded.ok)
      return { ok: false, reason: 'malformed', why: `${decoded.where}: ${decoded.why}` };
    return (await this.ready).store.accept(decoded.value, this.parts.now());
  }

  /** A teacher's one-off lesson. `saidMs`: the time by whoever ordered it. */
  async allow(allowance: Allowance, saidMs: number): Promise<Stored> {
    return (await this.ready).store.allow(allowance, this.parts.now(), saidMs);
  }

  /** Takes a one-off lesson back. */
  async disallow(id: string): Promise<Stored> {
    return (await this.ready).store.disallow(id);
  }

  /** Call at each verified word of the fleet: the 14 days of an unreachable robot begin anew. */
  async confirmed(): Promise<Stored> {
    return (await this.ready).store.confirm(this.parts.now());
  }

  /** Forgets the timetable and a teacher's lessons, as part of a wipe. */
  async clear(): Promise<Stored> {
    return (await this.ready).store.clear();
  }
}

function lessonFact({ wakeNow }: WakeVerdict): Facts['lesson'] {
  return wakeNow === 'noTimetable' || wakeNow === 'granted' ? wakeNow : 'notNow';
}
