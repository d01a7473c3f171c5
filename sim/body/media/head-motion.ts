/** The head's true pose at a moment, from the world's last word. */
import type { HeadMotion } from '../../classroom/render-rays.ts';
import type { WorldState } from '../../world/schema.ts';

/** The world tells every 10 ms; a longer silence says nothing about where the head went on to. */
const FURTHEST_MS = 40;

const HEAD_AT_REST: HeadMotion = { panDeg: 0, tiltDeg: 0, panDegPerS: 0, tiltDegPerS: 0 };

export function headMotionAt(state: WorldState | undefined, atMs: number): HeadMotion {
  if (!state) return HEAD_AT_REST;
  return movedOn(
    {
      panDeg: state.pan.deg,
      tiltDeg: state.tilt.deg,
      panDegPerS: state.pan.degPerS,
      tiltDegPerS: state.tilt.degPerS,
    },
    atMs - state.atMs,
  );
}

export function movedOn(motion: HeadMotion, byMs: number): HeadMotion {
  const seconds = Math.max(-FURTHEST_MS, Math.min(FURTHEST_MS, byMs)) / 1_000;
  return {
    ...motion,
    panDeg: motion.panDeg + motion.panDegPerS * seconds,
    tiltDeg: motion.tiltDeg + motion.tiltDegPerS * seconds,
  };
}
