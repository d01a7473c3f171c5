import type { Board } from '../../hal/boards/board.ts';
import type { Posture } from '../safety/posture.ts';
import type { Pose } from './head.ts';

/** How far down, from awake to rest, the teacher's pause lowers the head. */
const LOWERED = 0.8;

/** Which way the head looks in a posture: as the board says, or as it did before a pause. */
export class PosturePoses {
  /** Where the pupil was looking when the teacher paused. */
  private lookedAt: Pose | undefined;

  constructor(private readonly board: Board) {}

  /** After a pause the head comes up to this. */
  remember(lookedAt: Pose): void {
    this.lookedAt = lookedAt;
  }

  forget(): void {
    this.lookedAt = undefined;
  }

  /** A missing axis stays where it is. */
  of(posture: Posture): { pan?: number; tilt: number } {
    const { pan, tilt } = this.board;
    if (posture === 'rest') return { pan: pan.restDeg, tilt: tilt.restDeg };
    if (posture === 'awake') return this.lookedAt ?? { pan: pan.awakeDeg, tilt: tilt.awakeDeg };
    return { tilt: tilt.awakeDeg + LOWERED * (tilt.restDeg - tilt.awakeDeg) };
  }
}
