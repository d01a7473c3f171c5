import type { Pose } from './head.ts';

/** The head was turned by somebody, and not by what the springs of gears and cables give. */
const TURNED_DEG = 6;

/**
 * What the head was about when an axis stalled. After the pause it goes on, unless that is no longer
 * wanted: the pupil stopped, the agent fell silent, or somebody turned the limp head elsewhere.
 */
export class Unfinished {
  private goal: Pose | undefined;
  /** Where it was let go. Tilt tells nothing: a limp head sinks. */
  private panDeg = 0;

  begin(goal: Pose, at: Pose): void {
    this.goal = goal;
    this.panDeg = at.pan;
  }

  forget(): void {
    this.goal = undefined;
  }

  /** Where to go on to, from `at`; once. */
  take(at: Pose): Pose | undefined {
    const { goal } = this;
    this.goal = undefined;
    return Math.abs(at.pan - this.panDeg) > TURNED_DEG ? undefined : goal;
  }
}
