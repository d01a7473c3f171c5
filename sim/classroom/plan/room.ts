/** The room's measures, and where the things on its walls hang. Metres, room frame. */
import type { Vec3 } from './pose.ts';

export const ROOM = {
  front: 3.0,
  back: -4.0,
  left: 3.6,
  right: -3.0,
  floor: -1.0,
  ceiling: 1.8,
} as const;

export type Wall = 'front' | 'back' | 'left' | 'right';

/** A flat upright thing on a wall. `centre` is on its visible face, which is just off the wall. */
export interface Hanging {
  readonly wall: Wall;
  readonly centre: Vec3;
  readonly widthM: number;
  readonly heightM: number;
}

/** The writing surface, without the frame. */
export const BOARD: Hanging = {
  wall: 'front',
  centre: { x: ROOM.front, y: 0, z: 0.6 },
  widthM: 3.0,
  heightM: 1.2,
};

export const CLOCK: Hanging = {
  wall: 'front',
  centre: { x: ROOM.front, y: -2.0, z: 1.3 },
  widthM: 0.36,
  heightM: 0.36,
};

export type PosterColour = 'red' | 'green' | 'blue' | 'yellow';

/** Each of the four walls has one poster of one colour, so that a frame shows the direction. */
export const POSTERS: Readonly<Record<PosterColour, Hanging>> = {
  yellow: {
    wall: 'front',
    centre: { x: ROOM.front, y: 2.95, z: 0.95 },
    widthM: 0.7,
    heightM: 0.9,
  },
  blue: { wall: 'left', centre: { x: 0.6, y: ROOM.left, z: 0.65 }, widthM: 0.7, heightM: 0.9 },
  red: { wall: 'right', centre: { x: 0.9, y: ROOM.right, z: 0.65 }, widthM: 0.7, heightM: 0.9 },
  green: { wall: 'back', centre: { x: ROOM.back, y: 0.9, z: 0.75 }, widthM: 0.7, heightM: 0.9 },
};

/** The way along the wall from its left to its right, as somebody in the room sees it. */
const RIGHTWARDS: Readonly<Record<Wall, Vec3>> = {
  front: { x: 0, y: -1, z: 0 },
  back: { x: 0, y: 1, z: 0 },
  left: { x: 1, y: 0, z: 0 },
  right: { x: -1, y: 0, z: 0 },
};

export function rightwards(wall: Wall): Vec3 {
  return RIGHTWARDS[wall];
}

/** Corners as seen from within the room: top left, top right, bottom right, bottom left. */
export function cornersOf(thing: Hanging): readonly [Vec3, Vec3, Vec3, Vec3] {
  const along = rightwards(thing.wall);
  const corner = (sideways: number, upwards: number): Vec3 => ({
    x: thing.centre.x + (along.x * sideways * thing.widthM) / 2,
    y: thing.centre.y + (along.y * sideways * thing.widthM) / 2,
    z: thing.centre.z + (upwards * thing.heightM) / 2,
  });
  return [corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)];
}
