import type { Clock } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import type { Storage } from '../../../hal/ports/storage.ts';
import type { SyncReading, TimeKeeper } from '../../../hal/ports/time-keeper.ts';
import { BUILT_MS } from '../built.ts';
import type { Moment, Stamp } from '../moment.ts';
import { type TimeOfDay, TimeService } from '../time-service.ts';
import { TimeStore } from '../time-store.ts';

/** A machine controlled by a test. */
export class FakeKeeper implements TimeKeeper {
  asked = 0;

  constructor(
    public synchronised: boolean | undefined,
    readonly bootId = 'boot-1',
  ) {}

  async read(): Promise<SyncReading> {
    this.asked += 1;
    const { synchronised } = this;
    return { synchronised, by: synchronised === undefined ? 'nobody' : 'kernel' };
  }

  close(): void {}
}

/** A time of day set by a test: sure, or a guess. */
export class FakeTime implements TimeOfDay {
  boot = 'boot-1';
  floorMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly isTrusted: () => boolean = () => true,
  ) {}

  now(): Moment {
    const known = this.isTrusted();
    return {
      ...{ boot: this.boot, monotonicMs: this.clock.now(), wallMs: this.clock.wall() },
      ...(known
        ? ({ trust: 'sure', source: 'ntp' } as const)
        : ({ trust: 'none', source: 'system' } as const)),
    };
  }

  correct(wallMs: number, stamp: Stamp): { wallMs: number; stamp: Stamp } {
    const now = this.now();
    if (now.trust === 'none' || stamp.trust !== 'none' || stamp.boot !== now.boot)
      return { wallMs, stamp };
    const { trust, source } = now;
    const then = now.wallMs - now.monotonicMs + stamp.monotonicMs;
    return { wallMs: then, stamp: { ...stamp, trust, source } };
  }
}

/** The whole service on a machine that is synchronised from the start. */
export function sureTime(clock: Clock, storage: Storage, log: Log): TimeService {
  const parts = { clock, log, storage, keeper: new FakeKeeper(true), builtMs: BUILT_MS };
  return new TimeService(parts, TimeStore.fresh(storage, log));
}
