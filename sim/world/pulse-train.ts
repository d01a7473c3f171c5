/**
 * Two channels of the servo driver (PCA9685 at 50 Hz): widths come in steps of 1/4096 of a frame,
 * and a new width begins with the next frame. The servo holds the last frame's width.
 */
export const PULSE_MIN_US = 500;
export const PULSE_MAX_US = 2500;
const FRAME_MS = 20;
const STEP_US = (FRAME_MS * 1000) / 4096;

export interface Pulses {
  readonly panUs: number;
  readonly tiltUs: number;
}

export class PulseTrain {
  private asked: Pulses | undefined;
  private sent: Pulses | undefined;
  private frame = -1;

  /** Outputs on with these widths, from the next frame. */
  set(panUs: number, tiltUs: number): void {
    this.asked = { panUs: quantise(panUs), tiltUs: quantise(tiltUs) };
  }

  /** Output enable off: at once. */
  release(): void {
    this.asked = undefined;
    this.sent = undefined;
  }

  get on(): boolean {
    return this.asked !== undefined;
  }

  get current(): Pulses | undefined {
    return this.sent;
  }

  /** What the servos see at `atMs`; undefined when there are no pulses. */
  at(atMs: number): Pulses | undefined {
    const frame = Math.floor(atMs / FRAME_MS + 1e-9);
    if (frame !== this.frame) {
      this.frame = frame;
      this.sent = this.asked;
    }
    return this.sent;
  }
}

/** A width servos take. Outside of it a real driver refuses, and so does everything simulated. */
export function isPulse(us: number): boolean {
  return us >= PULSE_MIN_US && us <= PULSE_MAX_US;
}

function quantise(us: number): number {
  return Math.round(us / STEP_US) * STEP_US;
}
