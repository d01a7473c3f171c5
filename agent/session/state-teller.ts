import type { Clock } from '../../hal/ports/clock.ts';
import type { RobotState } from '../wire/control.ts';
import { digest, robotState, type Shown } from './robot-state.ts';

/** How often the angle of a moving head is told. */
const MOVING_MS = 100;
/** Less than this is noise of the encoder, not motion. Degrees. */
const STILL_DEG = 0.25;

/** Tells the pupil's page the whole state: at each change, and at 10 Hz while the head moves. */
export class StateTeller {
  private seq = 0;
  private told: { digest: string; pan: number; tilt: number; atMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly send: (state: RobotState) => void,
  ) {}

  /** Call after anything may have changed; cheap when nothing has. */
  update(shown: Shown): void {
    const state = robotState(shown, this.seq);
    const now = this.clock.now();
    const summary = digest(state);
    const told = this.told;
    if (told?.digest === summary && (!moved(state, told) || now - told.atMs < MOVING_MS)) return;
    this.told = { digest: summary, pan: state.pan.deg, tilt: state.tilt.deg, atMs: now };
    this.seq += 1;
    this.send(state);
  }

  /** A page that has just come knows nothing yet. */
  forget(): void {
    this.told = undefined;
  }
}

function moved(state: RobotState, told: { pan: number; tilt: number }): boolean {
  const far = (a: number, b: number): boolean => Math.abs(a - b) >= STILL_DEG;
  return far(state.pan.deg, told.pan) || far(state.tilt.deg, told.tilt);
}
