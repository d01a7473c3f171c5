/** Desks. */
import { CLASSMATES, DESK_AHEAD_M } from './classmates.ts';
import type { Canvas } from './paint/canvas.ts';
import { DESK, deskLegsSheet, deskTopSheet, OWN_DESK, ownDeskSheet } from './paint/room-sheets.ts';
import type { Group } from './people.ts';
import { flat, type PlacedSheet } from './place.ts';
import { ROOM } from './plan/room.ts';

const TOP_Z = ROOM.floor + DESK.heightM;
/** The robot's head is this far over its own desk. */
const OWN_TOP_Z = -0.27;

interface Spot {
  readonly x: number;
  readonly y: number;
}

export const DESKS: readonly Spot[] = CLASSMATES.map(({ x, y }) => ({ x: x + DESK_AHEAD_M, y }));

export function furnitureSheets(): Map<string, Canvas> {
  return new Map([
    ['desk-top', deskTopSheet()],
    ['desk-long', deskLegsSheet(DESK.widthM)],
    ['desk-short', deskLegsSheet(DESK.depthM)],
    ['desk-own', ownDeskSheet()],
  ]);
}

export function furniture(): Group[] {
  const own = flat('desk-own', { x: 0, y: 0, z: OWN_TOP_Z }, OWN_DESK.widthM, OWN_DESK.depthM);
  return [{ distanceM: 0, parts: [own] }, ...DESKS.map(desk)];
}

function desk(spot: Spot): Group {
  const top = flat('desk-top', { ...spot, z: TOP_Z }, DESK.widthM, DESK.depthM);
  return { distanceM: Math.hypot(spot.x, spot.y), parts: [nearSide(spot), top] };
}

/** What is under the edge that the robot looks at. */
function nearSide({ x, y }: Spot): PlacedSheet {
  const down = { x: 0, y: 0, z: -DESK.heightM };
  if (Math.abs(y) > Math.abs(x)) {
    const towards = Math.sign(y);
    const edge = y - (towards * DESK.widthM) / 2;
    return {
      sheet: 'desk-short',
      corner: { x: x - (towards * DESK.depthM) / 2, y: edge, z: TOP_Z },
      across: { x: towards * DESK.depthM, y: 0, z: 0 },
      down,
      shell: false,
    };
  }
  const towards = Math.sign(x);
  return {
    sheet: 'desk-long',
    corner: {
      x: x - (towards * DESK.depthM) / 2,
      y: y + (towards * DESK.widthM) / 2,
      z: TOP_Z,
    },
    across: { x: 0, y: -towards * DESK.widthM, z: 0 },
    down,
    shell: false,
  };
}
