import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { StateFile } from '../state/state-file.ts';
import { judges, type Moment } from '../time/moment.ts';
import { Allowance, Timetable } from '../wire/timetable.ts';
import {
  type KeptAllowance,
  MAX_ALLOWANCES,
  noTimetable,
  TIMETABLE_FILE,
  type TimetableFile,
  timetableFormat,
} from './timetable-file.ts';

const DAY_MS = 86_400_000;
/** Confirmations within this of the last one are not written. */
const CONFIRM_GAP_MS = 3_600_000;

export type StoreRefusal =
  /** What is kept has a higher version. */
  | 'older'
  /** The same id and version, and another content. */
  | 'conflict'
  | 'malformed'
  | 'tooMany'
  /** An allowance whose time is over. */
  | 'over'
  /** The disk refused: nothing has changed. */
  | 'notWritten';

export type Stored =
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly reason: StoreRefusal; readonly why: string };

/**
 * Timetable and allowances of this robot. A change counts once it is on disk. Calls are carried out
 * one after another.
 *
 * A timetable with another id replaces the one before, whatever its version: whether whoever sends
 * it may do so, and that it is no replay, the order has proven.
 */
export class TimetableStore {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly disk: StateFile<TimetableFile>,
    private readonly log: Log,
    private file: TimetableFile,
    private unusable: boolean,
  ) {}

  /** A file that cannot be used counts as a timetable without lessons; see `damaged`. */
  static async open(storage: Storage, log: Log): Promise<TimetableStore> {
    const disk = new StateFile(storage, log, TIMETABLE_FILE, timetableFormat);
    const loaded = await disk.load().catch((error: unknown) => {
      log.error({ file: TIMETABLE_FILE, error: String(error) }, 'the timetable is unreadable');
      return undefined;
    });
    const usable = loaded && 'value' in loaded ? loaded.value : noTimetable;
    const damaged = loaded === undefined || loaded.from === 'damaged' || loaded.from === 'newer';
    return new TimetableStore(disk, log, usable, damaged);
  }

  get timetable(): Timetable | undefined {
    return this.file.timetable;
  }

  get allowances(): readonly KeptAllowance[] {
    return this.file.allowances;
  }

  /** See WakeFacts. */
  get confirmedMs(): number | undefined {
    return this.file.confirmedMs;
  }

  /** There was a timetable that cannot be read: the robot must not wake until another one comes. */
  get damaged(): boolean {
    return this.unusable;
  }

  /** Called after each change. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** A timetable that the fleet has sent; also confirms it. A lower phase is as good as any. */
  accept(given: Timetable, now: Moment): Promise<Stored> {
    return this.inTurn(async () => {
      const parsed = Timetable.safeParse(given);
      if (!parsed.success) return refuse('malformed', String(parsed.error.issues[0]?.message));
      const before = this.file.timetable;
      const timetable = parsed.data;
      if (before?.id === timetable.id) {
        if (timetable.version < before.version)
          return refuse('older', `expected a version above ${before.version}`);
        const same = isDeepStrictEqual(before, timetable);
        if (timetable.version === before.version && !same)
          return refuse('conflict', `version ${before.version} is another one: raise the version`);
        if (same) return this.write({ ...this.file, confirmedMs: this.confirmed(now) }, false);
      }
      return this.write({ ...this.file, timetable, confirmedMs: trusted(now) });
    });
  }

  /** The fleet was heard, and this is still its timetable. */
  confirm(now: Moment): Promise<Stored> {
    return this.inTurn(async () => {
      const confirmedMs = this.confirmed(now);
      const { timetable, confirmedMs: before } = this.file;
      const since = Math.abs((confirmedMs ?? 0) - (before ?? 0));
      if (!timetable || since < CONFIRM_GAP_MS) return { ok: true, changed: false };
      return this.write({ ...this.file, confirmedMs });
    });
  }

  /**
   * A teacher's allowance. `saidMs`: the time by whoever gives it; without a trusted clock its start
   * is counted from that time, so the robot is ready though it does not know what time it is.
   */
  allow(given: Allowance, now: Moment, saidMs: number): Promise<Stored> {
    return this.inTurn(async () => {
      const parsed = Allowance.safeParse(given);
      if (!parsed.success) return refuse('malformed', String(parsed.error.issues[0]?.message));
      const allowance = parsed.data;
      const { id, from, until } = allowance;
      const nowMs = judges(now.trust) ? now.wallMs : saidMs;
      if (until <= nowMs) return refuse('over', 'expected a time that is not over');
      const others = this.file.allowances.filter((one) => one.id !== id && !isOver(one, now));
      if (others.length >= MAX_ALLOWANCES)
        return refuse('tooMany', `expected at most ${MAX_ALLOWANCES} at once`);
      const counted = { boot: now.boot, fromMonotonicMs: now.monotonicMs + (from - nowMs) };
      return this.write({ ...this.file, allowances: [...others, { ...allowance, counted }] });
    });
  }

  /** Takes an allowance back. */
  disallow(id: string): Promise<Stored> {
    return this.inTurn(async () => {
      const allowances = this.file.allowances.filter((one) => one.id !== id);
      if (allowances.length === this.file.allowances.length) return { ok: true, changed: false };
      return this.write({ ...this.file, allowances });
    });
  }

  /** Forgets timetable and allowances, as when the robot gets another pupil. */
  clear(): Promise<Stored> {
    return this.inTurn(() => this.write(noTimetable));
  }

  /** The start of the 14 days, when the clock became trusted only now. */
  private confirmed(now: Moment): number | undefined {
    return trusted(now) ?? this.file.confirmedMs;
  }

  private async write(next: TimetableFile, changed = true): Promise<Stored> {
    try {
      await this.disk.save(next);
    } catch (error) {
      this.log.error({ file: TIMETABLE_FILE, error: String(error) }, 'timetable not stored');
      return refuse('notWritten', 'the disk refused, nothing has changed: try again');
    }
    this.file = next;
    this.unusable = false;
    for (const listener of this.listeners) listener();
    return { ok: true, changed };
  }

  private inTurn(act: () => Promise<Stored>): Promise<Stored> {
    const result = this.queue.then(act);
    this.queue = result.catch(() => {});
    return result;
  }
}

const trusted = ({ trust, wallMs }: Moment): number | undefined =>
  judges(trust) ? wallMs : undefined;

const isOver = ({ until }: Allowance, { trust, wallMs }: Moment): boolean =>
  judges(trust) && until + DAY_MS < wallMs;

const refuse = (reason: StoreRefusal, why: string): Stored => ({ ok: false, reason, why });
