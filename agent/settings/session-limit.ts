import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Limits } from './limits.ts';

/** Ends a session that has lasted as long as one may. A limit that is set meanwhile counts too. */
export class SessionLimit {
  private sinceMs: number | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: Pick<Limits, 'maxSessionMs' | 'onChange'>,
    /** The session is to end. Called once a session. */
    private readonly onOver: () => void,
  ) {
    limits.onChange(() => this.arm());
  }

  /** Whether a session is running; call at each change. */
  follow(running: boolean): void {
    if (running === (this.sinceMs !== undefined)) return;
    this.sinceMs = running ? this.clock.now() : undefined;
    this.arm();
  }

  stop(): void {
    this.follow(false);
  }

  private arm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const { sinceMs } = this;
    const { maxSessionMs } = this.limits;
    if (sinceMs === undefined || maxSessionMs === undefined) return;
    const leftMs = sinceMs + maxSessionMs - this.clock.now();
    this.timer = this.clock.after(Math.max(0, leftMs), () => this.onOver());
  }
}
