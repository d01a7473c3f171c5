/** Time for drivers on an emulated processor: what takes a robot 20 ms may take it five times that. */
import type { Clock, Timer } from '../../../hal/ports/clock.ts';

/** How many times slower than a robot the machine is taken to be; 1 with KVM. */
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

/** Real time, but whatever waits for something waits longer. */
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
