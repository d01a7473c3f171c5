/** A clock for drivers on an emulated processor, which may be five times slower than a robot's. */
import type { Clock, Timer } from '../../../hal/ports/clock.ts';

/** Assumed slowness of the machine relative to a robot; 1 with KVM. */
export function slowness(): number {
  return Number(process.env.VM_SLOWNESS ?? 1);
}

/** Code on this clock runs `factor` times slower. */
export class SlowClock implements Clock {
  constructor(
    private readonly real: Clock,
    private readonly factor: number,
  ) {}

  now(): number {
    return this.real.now() / this.factor;
  }

  wall(): number {
    return this.real.wall();
  }

  after(ms: number, act: () => void): Timer {
    return this.real.after(ms * this.factor, act);
  }

  every(ms: number, act: () => void): Timer {
    return this.real.every(ms * this.factor, act);
  }
}

/** Real time, but timers take longer. */
export class PatientClock extends SlowClock {
  constructor(
    private readonly clock: Clock,
    factor: number,
  ) {
    super(clock, factor);
  }

  override now(): number {
    return this.clock.now();
  }

  override every(ms: number, act: () => void): Timer {
    return this.clock.every(ms, act);
  }
}
