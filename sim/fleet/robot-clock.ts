import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** Simulated time that all robots of a process share. It stands at its start until it begins. */
export class FleetTimescale {
  private beganMs: number | undefined;

  constructor(
    /** The machine's own time. */
    readonly real: Clock,
    /** Simulated seconds a second, more than 0. */
    readonly speed: number,
    /** Milliseconds since 1970. */
    private readonly startWallMs: number,
  ) {}

  begin(): void {
    this.beganMs ??= this.now();
  }

  now(): number {
    return this.real.now() * this.speed;
  }

  wall(): number {
    return this.startWallMs + (this.beganMs === undefined ? 0 : this.now() - this.beganMs);
  }
}

/**
 * A robot's clock: the machine's, faster, with a wall clock of its own that can be set wrong. Only
 * durations of protocols (agent/broker) stay on the machine's, as broker and network are real.
 */
export class RobotClock implements Clock {
  /** How wrong the wall clock is, milliseconds. */
  wrongMs = 0;

  constructor(private readonly scale: FleetTimescale) {}

  now(): number {
    return this.scale.now();
  }

  wall(): number {
    return this.trueWall() + this.wrongMs;
  }

  /** What the time of day is, whatever the robot's clock shows. */
  trueWall(): number {
    return this.scale.wall();
  }

  after(ms: number, act: () => void): Timer {
    return this.scale.real.after(ms / this.scale.speed, act);
  }

  every(ms: number, act: () => void): Timer {
    return this.scale.real.every(ms / this.scale.speed, act);
  }
}
