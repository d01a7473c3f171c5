import type { Scene } from '../../messages.ts';

/** All that one can see of the robot from outside: what a view draws. */
export interface Look {
  readonly panDeg: number;
  readonly tiltDeg: number;
  /** Linear light, 0..1. */
  readonly ring: readonly [number, number, number];
  readonly hand: number;
  readonly eyes: {
    readonly left: readonly number[];
    readonly right: readonly number[];
    /** 0..15 */
    readonly brightness: number;
  };
  /** The white light beside the camera: on the camera's own supply. */
  readonly watch: boolean;
  readonly teacherPressed: boolean;
  readonly pairPressed: boolean;
}

export function lookOf({ world }: Scene): Look {
  return {
    panDeg: world.pan.deg,
    tiltDeg: world.tilt.deg,
    ring: world.ring,
    hand: world.hand,
    eyes: world.eyes,
    watch: world.cameraRail,
    teacherPressed: world.buttons.teacher,
    pairPressed: world.buttons.pair,
  };
}

/** Whether lights and buttons are the same; the head's angles are compared by who moves it. */
export function sameLights(a: Look, b: Look): boolean {
  return (
    a.watch === b.watch &&
    a.teacherPressed === b.teacherPressed &&
    a.pairPressed === b.pairPressed &&
    close(a.hand, b.hand) &&
    a.ring.every((level, i) => close(level, b.ring[i] ?? 0)) &&
    a.eyes.brightness === b.eyes.brightness &&
    a.eyes.left.every((row, i) => row === b.eyes.left[i]) &&
    a.eyes.right.every((row, i) => row === b.eyes.right[i])
  );
}

const close = (a: number, b: number): boolean => Math.abs(a - b) < 1 / 256;

/** LEDs are seen brighter than their share of light: lifts dim levels, keeps 0 and 1. */
export const seen = (level: number): number => Math.min(1, Math.max(0, level)) ** 0.45;

/** The eight dots of a row, leftmost first (bit 7). */
export function dotsOf(row: number): boolean[] {
  return [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((row >> bit) & 1) === 1);
}
