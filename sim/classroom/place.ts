/** Painted flat rectangles, and how they are put into the room. */
import type { Vec3 } from './plan/pose.ts';
import { cornersOf, type Hanging, ROOM, rightwards, type Wall } from './plan/room.ts';
import type { Texture } from './texture.ts';

export interface Surface {
  /** The corner where the picture's top left is. */
  readonly corner: Vec3;
  /** Along the whole top edge, and along the whole left edge downwards; at right angles. */
  readonly across: Vec3;
  readonly down: Vec3;
  readonly texture: Texture;
  /** Walls, floor and ceiling: together they close the room, so nothing is ever left unpainted. */
  readonly shell: boolean;
}

/** The same, by the name of its picture, before the pictures are painted. */
export interface PlacedSheet extends Omit<Surface, 'texture'> {
  readonly sheet: string;
}

const UP: Vec3 = { x: 0, y: 0, z: 1 };

/** On a wall; the thing's centre is where its face is. */
export function onWall(sheet: string, thing: Hanging, shell = false): PlacedSheet {
  const [corner] = cornersOf(thing);
  return {
    sheet,
    corner,
    across: scale(rightwards(thing.wall), thing.widthM),
    down: scale(UP, -thing.heightM),
    shell,
  };
}

/** A sheet with a joint: where it is held, from its top left. */
interface Part {
  readonly widthM: number;
  readonly heightM: number;
  readonly pivot: { readonly x: number; readonly y: number };
}

/**
 * Upright, held at its joint and turned clockwise about it. `right` is the way to the right for who
 * looks at it; a mirrored sheet shows its left on the right.
 */
export function held(
  sheet: string,
  part: Part,
  joint: Vec3,
  right: Vec3,
  turnDeg = 0,
  mirrored = false,
): PlacedSheet {
  const turn = (turnDeg * Math.PI) / 180;
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const upright = add(scale(right, cos), scale(UP, -sin));
  const across = mirrored ? scale(upright, -1) : upright;
  const down = add(scale(right, -sin), scale(UP, -cos));
  const toCorner = add(scale(across, -part.pivot.x), scale(down, -part.pivot.y));
  return {
    sheet,
    corner: add(joint, toCorner),
    across: scale(across, part.widthM),
    down: scale(down, part.heightM),
    shell: false,
  };
}

/** Lies flat, seen from above with the far side (+x) up and the robot's left (+y) to the left. */
export function flat(
  sheet: string,
  middle: Vec3,
  widthM: number,
  depthM: number,
  shell = false,
): PlacedSheet {
  return {
    sheet,
    corner: { x: middle.x + depthM / 2, y: middle.y + widthM / 2, z: middle.z },
    across: { x: 0, y: -widthM, z: 0 },
    down: { x: -depthM, y: 0, z: 0 },
    shell,
  };
}

/** The way to the right for somebody at the robot who looks at the point. */
export function rightOf(point: Vec3): Vec3 {
  const distance = Math.hypot(point.x, point.y);
  return { x: point.y / distance, y: -point.x / distance, z: 0 };
}

export function add(a: Vec3, b: Vec3): Vec3 {
  return { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z };
}

export function scale(a: Vec3, by: number): Vec3 {
  return { x: a.x * by, y: a.y * by, z: a.z * by };
}

/** The six faces of the room. */
export function shellSurfaces(): PlacedSheet[] {
  const middleX = (ROOM.front + ROOM.back) / 2;
  const middleY = (ROOM.left + ROOM.right) / 2;
  const middleZ = (ROOM.floor + ROOM.ceiling) / 2;
  const widthY = ROOM.left - ROOM.right;
  const depthX = ROOM.front - ROOM.back;
  const wall = (name: Wall, x: number, y: number, widthM: number): PlacedSheet =>
    onWall(
      `wall-${name}`,
      {
        wall: name,
        centre: { x, y, z: middleZ },
        widthM,
        heightM: ROOM.ceiling - ROOM.floor,
      },
      true,
    );
  return [
    wall('front', ROOM.front, middleY, widthY),
    wall('back', ROOM.back, middleY, widthY),
    wall('left', middleX, ROOM.left, depthX),
    wall('right', middleX, ROOM.right, depthX),
    flat('floor', { x: middleX, y: middleY, z: ROOM.floor }, widthY, depthX, true),
    flat('ceiling', { x: middleX, y: middleY, z: ROOM.ceiling }, widthY, depthX, true),
  ];
}
