import type { AxisBoard, Board } from '../../hal/boards/board.ts';

export type Gesture = 'nod' | 'shake';

/** Angles to go through on one axis, each to rest, ending where the head was. */
export interface GesturePlan {
  readonly axis: 'pan' | 'tilt';
  readonly stops: readonly number[];
}

/** A nod goes down first and twice; degrees from where the head is. */
const NOD_DEG = [-9, 4, -9];
/** A shake is as wide to both sides. */
const SHAKE_DEG = [14, -14, 14, -14];

/** The gesture around `pan` and `tilt`; near a limit the pattern is shifted, not squeezed. */
export function planGesture(gesture: Gesture, board: Board, pan: number, tilt: number) {
  return gesture === 'nod'
    ? around(board.tilt, 'tilt', tilt, NOD_DEG)
    : around(board.pan, 'pan', pan, SHAKE_DEG);
}

function around(
  board: AxisBoard,
  axis: 'pan' | 'tilt',
  home: number,
  pattern: readonly number[],
): GesturePlan {
  const lowest = board.minDeg - Math.min(...pattern);
  const highest = board.maxDeg - Math.max(...pattern);
  const middle = Math.min(highest, Math.max(lowest, home));
  return { axis, stops: [...pattern.map((deg) => middle + deg), home] };
}
