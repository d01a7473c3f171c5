/** Puts painted sheets into the room. */
import type { Vec3 } from './pose.ts';
import { cornersOf, type Hanging, ROOM, rightwards, type Wall } from './room.ts';
import type { PlacedSheet } from './surface.ts';

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

/** On a wall, turned clockwise about the thing's centre; its axle is `axleM` above the lower edge. */
export function turnedOnWall(
  sheet: string,
  thing: Hanging,
  axleM: number,
  turns: number,
): PlacedSheet {
  const along = rightwards(thing.wall);
  const [sin, cos] = [Math.sin(turns * 2 * Math.PI), Math.cos(turns * 2 * Math.PI)];
  const across = add(scale(along, cos), scale(UP, -sin));
  const down = add(scale(along, -sin), scale(UP, -cos));
  const toCorner = add(scale(across, -thing.widthM / 2), scale(down, -(thing.heightM - axleM)));
  return {
    sheet,
    corner: add(thing.centre, toCorner),
    across: scale(across, thing.widthM),
    down: scale(down, thing.heightM),
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

/** Stands upright and faces the robot, with the middle of its lower edge at `foot`. */
export function standing(sheet: string, foot: Vec3, widthM: number, heightM: number): PlacedSheet {
  const right = rightOf(foot);
  return {
    sheet,
    corner: add(foot, add(scale(right, -widthM / 2), scale(UP, heightM))),
    across: scale(right, widthM),
    down: scale(UP, -heightM),
    shell: false,
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
