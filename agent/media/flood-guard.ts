import type { Clock } from '../../hal/ports/clock.ts';

/** A page says 60 looks a second and a few words more. */
const MAX_MESSAGES_PER_S = 1_000;
const MAX_BYTES_PER_S = 1_000_000;

/**
 * What the gate refuses costs the process a turn all the same. Nobody who means well comes near
 * these numbers; a connection that passes them is closed, so that the others are served.
 */
export class FloodGuard {
  private sinceMs = 0;
  private messages = 0;
  private bytes = 0;

  constructor(private readonly clock: Clock) {}

  /** False once it is a flood. */
  takes(bytes: number): boolean {
    const now = this.clock.now();
    if (now - this.sinceMs >= 1_000) {
      this.sinceMs = now;
      this.messages = 0;
      this.bytes = 0;
    }
    this.messages += 1;
    this.bytes += bytes;
    return this.messages <= MAX_MESSAGES_PER_S && this.bytes <= MAX_BYTES_PER_S;
  }
}
