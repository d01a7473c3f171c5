/** Periodic jobs: of several services, the one with the job's lease in the store does it. */
import { messageOf } from '../../../hal/common/errors.ts';
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import type { FleetStore } from '../store/store.ts';

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

interface JobParts {
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Random, of this service. */
  readonly holder: string;
}

/** Another service takes over when the holder missed its turn twice. */
const LEASE_TURNS = 2.5;

export class Jobs {
  private readonly timers: Timer[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: JobParts) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) {
      let busy = false;
      const turn = (): void => {
        if (busy) return;
        busy = true;
        const run = this.turn(job).finally(() => {
          busy = false;
          this.running.delete(run);
        });
        this.running.add(run);
      };
      this.timers.push(this.parts.clock.every(job.everyMs, turn));
    }
  }

  /** Ends after what runs, and gives the leases back. */
  async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    await Promise.all(this.running);
    await this.parts.store.leases.release(this.parts.holder).catch(() => {});
  }

  private async turn({ name, everyMs, run }: Job): Promise<void> {
    const { store, clock, log, holder } = this.parts;
    const now = clock.wall();
    try {
      if (await store.leases.take(name, holder, now, now + everyMs * LEASE_TURNS)) await run();
    } catch (error) {
      log.warn({ job: name, error: messageOf(error) }, 'a periodic job failed; it runs again');
    }
  }
}
