import { judges, type Moment, stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { Times } from './records.ts';

/**
 * When devices were bound and came last, until that is on disk. A moment whose date nobody knew stays
 * here until its date is known: the disk keeps no guesses. Bounded by the bound devices.
 */
export class DeviceDates {
  private readonly bound = new Map<string, Moment>();
  private readonly used = new Map<string, Moment>();

  constructor(private readonly time: TimeOfDay) {}

  noteBound(device: string, at: Moment): void {
    this.bound.set(device, at);
  }

  noteUsed(device: string, at: Moment): void {
    this.used.set(device, at);
  }

  /** Something waits to be written. */
  get waits(): boolean {
    return this.bound.size + this.used.size > 0;
  }

  boundAt(device: string): number | undefined {
    return this.dated(this.bound.get(device));
  }

  usedAt(device: string): number | undefined {
    return this.dated(this.used.get(device));
  }

  /** What can be written now. */
  known(): Times {
    return { bound: this.datesOf(this.bound), used: this.datesOf(this.used) };
  }

  /** On disk, and done with, unless the device has come again meanwhile. */
  written(times: Times): void {
    for (const device of times.bound.keys()) this.bound.delete(device);
    for (const [device, atMs] of times.used)
      if (this.usedAt(device) === atMs) this.used.delete(device);
  }

  private datesOf(moments: ReadonlyMap<string, Moment>): Map<string, number> {
    const dates = new Map<string, number>();
    for (const [device, moment] of moments) {
      const wallMs = this.dated(moment);
      if (wallMs !== undefined) dates.set(device, wallMs);
    }
    return dates;
  }

  /** Milliseconds since 1970, when it is known by now what time it was then. */
  private dated(moment: Moment | undefined): number | undefined {
    if (!moment) return undefined;
    const { wallMs, stamp } = this.time.correct(moment.wallMs, stampOf(moment));
    return judges(stamp.trust) ? wallMs : undefined;
  }
}
