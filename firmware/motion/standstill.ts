import type { Head, Pose } from './head.ts';
import type { ServoDrive } from './servo-drive.ts';

/** After a longer gap between ticks the servos have long stood at the last pulse. */
const FROZEN_MS = 100;

/**
 * Sees that the process did not run for a while, or that the servos took nothing. They stood at the
 * last pulse meanwhile; a trajectory that went on without them would make them jump, so it starts
 * anew there.
 */
export class Standstill {
  private tickedMs: number;
  private braking = false;

  constructor(
    private readonly head: Head,
    private readonly servos: ServoDrive,
    nowMs: number,
  ) {
    this.tickedMs = nowMs;
  }

  /** Who brakes for want of authority has nowhere to go after a standstill. */
  brakes(braking: boolean): void {
    this.braking = braking;
  }

  /** To be called each tick, and before a command is taken from where the head is thought to be. */
  watch(nowMs: number): void {
    const last = this.tickedMs;
    this.tickedMs = nowMs;
    const { standing } = this.servos;
    if (this.servos.limp || !this.head.moving(last)) return;
    if (nowMs - last >= FROZEN_MS) this.goOnFrom(this.head.at(last), last, nowMs);
    else if (standing) this.goOnFrom(standing, nowMs, nowMs);
  }

  private goOnFrom(pose: Pose, lastMs: number, nowMs: number): void {
    const home = this.head.home(lastMs);
    this.head.adopt(pose, nowMs);
    if (!this.braking) this.head.look(home, nowMs);
  }
}
