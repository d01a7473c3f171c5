import { Stillness } from '../safety/stillness.ts';
import type { Pose } from './head.ts';

/** A head that is let go of stands still for this long. */
const LET_GO_MS = 1_000;
/** At rest the servos hold on for this long before they go limp. */
const HOLD_AT_REST_MS = 500;

/** Sees when a head that rests may go limp, and when a hand has let go of a limp one. */
export class RestWatch {
  private readonly pan = new Stillness();
  private readonly tilt = new Stillness();
  private restingSinceMs: number | undefined;

  /** The servos went limp: whoever holds the head now may turn it. */
  restart(nowMs: number): void {
    this.pan.restart(nowMs);
    this.tilt.restart(nowMs);
  }

  /** To be asked each tick that the head is limp: somebody may be turning it. */
  letGo(measured: Pose, nowMs: number): boolean {
    const panMs = this.pan.add(measured.pan, nowMs);
    const tiltMs = this.tilt.add(measured.tilt, nowMs);
    return Math.min(panMs, tiltMs) >= LET_GO_MS;
  }

  /** To be asked each tick; `there`: the head stands at its rest. */
  mayGoLimp(there: boolean, nowMs: number): boolean {
    this.restingSinceMs = there ? (this.restingSinceMs ?? nowMs) : undefined;
    return this.restingSinceMs !== undefined && nowMs - this.restingSinceMs >= HOLD_AT_REST_MS;
  }
}
