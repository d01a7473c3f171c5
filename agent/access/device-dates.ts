import { judges, type Moment, stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { Times } from './records.ts';

/**
 * When devices were bound and last used, until that is on disk. A moment that cannot be dated yet
 * stays here until it can: no guesses are written. Bounded by the bound devices.
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

  /** Whether something waits to be written. */
  get waits(): boolean {
    return this.bound.size + this.used.size > 0;
  }

  boundAt(device: string): number | undefined {
    return this.dated(this.bound.get(device));
  }

  usedAt(device: string): number | undefined {
    return this.dated(this.used.get(device));
  }

  /** The dates that can be written now. */
  known(): Times {
    return { bound: this.datesOf(this.bound), used: this.datesOf(this.used) };
  }

  /** Removes what was written, unless the device was used again meanwhile. */
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

  /** Milliseconds since 1970; undefined while the moment cannot be dated. */
  private dated(moment: Moment | undefined): number | undefined {
    if (!moment) return undefined;
    const { wallMs, stamp } = this.time.correct(moment.wallMs, stampOf(moment));
    return judges(stamp.trust) ? wallMs : undefined;
  }
}
