import type { PlainKey } from '../words/dictionaries.ts';
import type { Direction } from './keys.ts';
import type { ClassModel } from './model.ts';

/** Why the head cannot be turned now, in words; undefined when it can. */
export function headBlock({ connection, robot }: ClassModel): PlainKey | undefined {
  if (connection.name !== 'inClass') return 'refusedLost';
  if (!robot || robot.phase === 'waking') return 'refusedNotLive';
  if (robot.phase === 'paused') return 'refusedPaused';
  if (robot.motion === 'absent') return 'refusedNoHead';
  const still = robot.motion === 'off' || robot.problems.includes('noMotion');
  return still || robot.problems.includes('body') ? 'refusedMotion' : undefined;
}

/** Why nothing in the picture can be pointed at: as for the head, and without a picture. */
export function tapBlock(model: ClassModel): PlainKey | undefined {
  const blocked = headBlock(model);
  if (blocked) return blocked;
  return model.robot?.camera === 'on' ? undefined : 'refusedCamera';
}

/** Nearer than this to its limit the head stands at it, degrees. */
const AT_LIMIT_DEG = 0.6;

/** True when the head stands at its limit in every one of the directions asked for, and they are some. */
export function atLimit({ robot }: ClassModel, asked: ReadonlySet<Direction>): boolean {
  if (!robot || asked.size === 0) return false;
  const { pan, tilt } = robot;
  const full: Readonly<Record<Direction, boolean>> = {
    left: pan.deg >= pan.maxDeg - AT_LIMIT_DEG,
    right: pan.deg <= pan.minDeg + AT_LIMIT_DEG,
    up: tilt.deg >= tilt.maxDeg - AT_LIMIT_DEG,
    down: tilt.deg <= tilt.minDeg + AT_LIMIT_DEG,
  };
  return [...asked].every((direction) => full[direction]);
}
