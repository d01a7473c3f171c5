import { ALIVE_PERIOD_MS, ALIVE_TIMEOUT_MS } from '../wire/limits.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';

/** A stalled page (closed lid, busy tab) finds old answers: they say nothing about the network. */
const MAX_ROUND_TRIP_MS = 60_000;

export interface PulseParts {
  readonly clock: ClientClock;
  /** Sends `alive` with the client's own time. */
  readonly beat: (sentAtMs: number) => void;
  readonly onSilent: () => void;
}

/** Heartbeat over the control channel: measures the round trip, notices a robot that went silent. */
export class Pulse {
  private timer: ClientTimer | undefined;
  private heardAtMs = 0;
  private checkedAtMs = 0;
  /** Smoothed over some seconds, milliseconds; undefined until the first answer. */
  roundTripMs: number | undefined;

  constructor(private readonly parts: PulseParts) {}

  start(): void {
    this.stop();
    const { clock } = this.parts;
    this.heardAtMs = clock.now();
    this.checkedAtMs = clock.now();
    this.roundTripMs = undefined;
    this.timer = clock.every(ALIVE_PERIOD_MS, () => this.tick());
    this.parts.beat(clock.now());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Anything valid that the robot says. */
  heard(): void {
    this.heardAtMs = this.parts.clock.now();
  }

  answered(sentAtMs: number): void {
    const ms = this.parts.clock.now() - sentAtMs;
    if (!(ms >= 0 && ms < MAX_ROUND_TRIP_MS)) return;
    this.roundTripMs =
      this.roundTripMs === undefined ? ms : this.roundTripMs + (ms - this.roundTripMs) / 4;
  }

  private tick(): void {
    const { clock, beat, onSilent } = this.parts;
    const now = clock.now();
    // A page that slept did not listen either: what has arrived meanwhile is read first.
    const slept = now - this.checkedAtMs > ALIVE_TIMEOUT_MS;
    this.checkedAtMs = now;
    if (!slept && now - this.heardAtMs > ALIVE_TIMEOUT_MS) {
      this.stop();
      onSilent();
      return;
    }
    beat(now);
  }
}
