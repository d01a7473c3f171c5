/** Where the tablet is that somebody holds before the robot. */
import { TABLET_M } from './paint/code-sheet.ts';
import { add, type PlacedSheet, scale } from './place.ts';
import { cameraFrame, type HeadPose, type Vec3 } from './plan/pose.ts';

/** How it is held, as seen from the lens. */
export interface Hold {
  readonly distanceM: number;
  /** Turned about its upright axis, its level axis, and the line of sight. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
}

const DISTANCE_M = 0.3;
const RADIANS = Math.PI / 180;

/** Nobody's hand is still: some degrees and centimetres, slowly. */
export function handHold(sceneMs: number): Hold {
  const swing = (periodMs: number): number => Math.sin((2 * Math.PI * sceneMs) / periodMs);
  return {
    distanceM: DISTANCE_M + 0.015 * swing(3_100),
    yawDeg: 6 * swing(2_300),
    pitchDeg: 5 * swing(2_900),
    rollDeg: 3 * swing(3_700),
  };
}

/** Before the lens of a head in that pose. */
export function tabletBefore(pose: HeadPose, hold: Hold): PlacedSheet {
  const { at, forward, right, up } = cameraFrame(pose);
  const rolled = turn(right, scale(up, -1), hold.rollDeg);
  const across = turn(rolled[0], forward, hold.yawDeg)[0];
  const down = turn(rolled[1], forward, hold.pitchDeg)[0];
  const middle = add(at, scale(forward, hold.distanceM));
  const corner = add(add(middle, scale(across, -TABLET_M / 2)), scale(down, -TABLET_M / 2));
  return {
    ...{ sheet: 'tablet', corner, shell: false },
    across: scale(across, TABLET_M),
    down: scale(down, TABLET_M),
  };
}

/** Two axes at right angles, turned in their plane. */
function turn(a: Vec3, b: Vec3, deg: number): [Vec3, Vec3] {
  const [sin, cos] = [Math.sin(deg * RADIANS), Math.cos(deg * RADIANS)];
  return [add(scale(a, cos), scale(b, sin)), add(scale(b, cos), scale(a, -sin))];
}
