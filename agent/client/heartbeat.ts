import { ALIVE_PERIOD_MS, ALIVE_TIMEOUT_MS } from '../wire/limits.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';

/** After a stall of the page (closed lid, busy tab) answers are stale: no measure of the path. */
const MAX_ROUND_TRIP_MS = 60_000;

interface HeartbeatParts {
  readonly clock: ClientClock;
  /** Sends `alive` with the client's own time. */
  readonly beat: (sentAtMs: number) => void;
  readonly onSilent: () => void;
}

/** Heartbeat over the control channel: measures the round trip, notices a robot that went silent. */
export class Heartbeat {
  private timer: ClientTimer | undefined;
  private heardAtMs = 0;
  private silent = false;
  private checkedAtMs = 0;
  /** Smoothed over some seconds, milliseconds. */
  private smoothedMs: number | undefined;
  /** When the oldest unanswered heartbeat was sent. */
  private openSinceMs: number | undefined;

  constructor(private readonly parts: HeartbeatParts) {}

  /**
   * Milliseconds; undefined until the first answer. An answer that is overdue counts with the time
   * that it has been waited for: a path that stands still shows before it is over.
   */
  get roundTripMs(): number | undefined {
    if (this.smoothedMs === undefined) return undefined;
    const waitedMs = this.parts.clock.now() - (this.openSinceMs ?? Number.POSITIVE_INFINITY);
    return Math.max(this.smoothedMs, waitedMs);
  }

  start(): void {
    this.stop();
    const { clock } = this.parts;
    this.heardAtMs = clock.now();
    this.silent = false;
    this.checkedAtMs = clock.now();
    this.smoothedMs = undefined;
    this.openSinceMs = undefined;
    this.timer = clock.every(ALIVE_PERIOD_MS, () => this.tick());
    this.beat(clock.now());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Sends a heartbeat now, outside the schedule. */
  ask(): void {
    if (this.timer) this.beat(this.parts.clock.now());
  }

  /** Call for any valid message of the robot. */
  heard(): void {
    this.silent = false;
    this.heardAtMs = this.parts.clock.now();
  }

  answered(sentAtMs: number): void {
    const ms = this.parts.clock.now() - sentAtMs;
    if (!(ms >= 0 && ms < MAX_ROUND_TRIP_MS)) return;
    // Answers come in order: what was asked after this one is open for a shorter time than we know.
    this.openSinceMs = undefined;
    this.smoothedMs =
      this.smoothedMs === undefined ? ms : this.smoothedMs + (ms - this.smoothedMs) / 4;
  }

  private beat(nowMs: number): void {
    this.openSinceMs ??= nowMs;
    this.parts.beat(nowMs);
  }

  private tick(): void {
    const { clock, onSilent } = this.parts;
    const now = clock.now();
    // A suspended page has not read its messages either: pending ones are handled first.
    const slept = now - this.checkedAtMs > ALIVE_TIMEOUT_MS;
    this.checkedAtMs = now;
    if (!slept && !this.silent && now - this.heardAtMs > ALIVE_TIMEOUT_MS) {
      // Reported once; heartbeats continue until stopped, as an ICE restart may succeed.
      this.silent = true;
      onSilent();
    }
    if (this.timer) this.beat(now);
  }
}
