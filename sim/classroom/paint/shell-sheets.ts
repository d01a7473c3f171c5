/** Walls, floor and ceiling. Sheets are seen from within the room, from their top left. */
import { ROOM } from '../plan/room.ts';
import { Canvas, type Colour } from './canvas.ts';
import {
  bumps,
  CREAM,
  LEAVES,
  mix,
  OAK,
  SAND,
  SHADOW,
  SKY,
  STEEL,
  shade,
  speckle,
  WALNUT,
  WHITE,
} from './palette.ts';
import { box, disc, ellipse, roundBox } from './shapes.ts';

const HEIGHT = ROOM.ceiling - ROOM.floor;
const DEPTH = ROOM.front - ROOM.back;
const WIDTH = ROOM.left - ROOM.right;
/** The lower part of each wall has washable paint. */
const DADO = 1.75;
const TEXEL = 0.0125;

/** Where desks stand, for the soft shadows under them. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

export function shellSheets(desks: readonly Spot[]): Map<string, Canvas> {
  return new Map([
    ['wall-front', frontWall()],
    ['wall-back', backWall()],
    ['wall-left', windowWall()],
    ['wall-right', doorWall()],
    ['floor', floor(desks)],
    ['ceiling', ceiling()],
  ]);
}

function plainWall(width: number): Canvas {
  const wall = new Canvas(width, HEIGHT, TEXEL);
  const lower = shade(SAND, 0.96);
  wall.flood((_, y) => (y < DADO ? CREAM : lower));
  wall.fill(box(0, DADO - 0.02, width, DADO + 0.02), shade(SAND, 0.85));
  wall.fill(box(0, HEIGHT - 0.09, width, HEIGHT), WHITE);
  wall.fill(box(0, HEIGHT - 0.1, width, HEIGHT - 0.088), shade(SAND, 0.75));
  return wall;
}

/** Walls are uneven, and rooms are darker towards their edges; `brighter` -1 lights the left end, 1 the right end. */
function settle(wall: Canvas, brighter: -1 | 0 | 1): Canvas {
  const { widthM, heightM } = wall;
  return wall.light((x, y) => {
    const side = 1 + 0.07 * brighter * ((2 * x) / widthM - 1);
    const rough = 0.985 + 0.03 * bumps(x * 7, y * 7);
    return side * rough * nearEdge(x, widthM) * nearEdge(y, heightM);
  });
}

function nearEdge(at: number, length: number): number {
  const edge = Math.min(at, length - at);
  return edge > 1.2 ? 1 : 1 - 0.2 * Math.exp(-edge / 0.22);
}

function frontWall(): Canvas {
  const wall = plainWall(WIDTH);
  // A shelf with a plant at the window end.
  wall.fill(box(5.55, 1.62, 6.45, 1.66), WALNUT);
  for (const [x, width, height, colour] of BOOKS)
    wall.fill(box(5.6 + x, 1.62 - height, 5.6 + x + width, 1.62), colour);
  return settle(wall, -1);
}

const BOOKS: readonly (readonly [number, number, number, Colour])[] = [
  [0, 0.04, 0.24, [120, 98, 92]],
  [0.045, 0.05, 0.21, [94, 110, 116]],
  [0.1, 0.035, 0.25, [168, 150, 118]],
  [0.14, 0.05, 0.22, [108, 116, 100]],
  [0.2, 0.045, 0.26, [132, 106, 104]],
  [0.25, 0.04, 0.2, [178, 168, 150]],
  [0.3, 0.055, 0.23, [88, 92, 104]],
  [0.36, 0.04, 0.24, [150, 132, 104]],
];

function backWall(): Canvas {
  const wall = plainWall(WIDTH);
  // Cupboards, a pin board, coat hooks.
  wall.soft(box(0.3, 0.95, 2.4, HEIGHT), SHADOW, 0.25, 0.1);
  wall.fill(box(0.35, 0.95, 2.35, HEIGHT - 0.05), shade(OAK, 1.06));
  for (const x of [0.35, 1.02, 1.69]) {
    wall.fill(roundBox(x + 0.02, 0.98, x + 0.64, HEIGHT - 0.1, 0.01), shade(OAK, 0.97));
    wall.fill(disc(x + 0.58, 1.8, 0.018), STEEL);
  }
  wall.fill(box(5.25, 0.75, 6.45, 1.55), WALNUT);
  wall.fill(box(5.29, 0.79, 6.41, 1.51), [190, 164, 128]);
  for (const [x, y, w, h] of [
    [5.36, 0.86, 0.24, 0.32],
    [5.68, 0.92, 0.3, 0.22],
    [6.06, 0.84, 0.26, 0.34],
    [5.5, 1.22, 0.34, 0.22],
    [5.98, 1.25, 0.3, 0.2],
  ] as const)
    wall.fill(box(x, y, x + w, y + h), mix(WHITE, SAND, speckle(x * 100, y * 100)));
  return settle(wall, 1);
}

/** Window panes from the left edge of the sheet, that is from the back of the room. */
const WINDOWS = [0.45, 2.35, 5.2];
const PANE = { width: 1.6, top: 0.35, bottom: 1.75 };

function windowWall(): Canvas {
  const wall = plainWall(DEPTH);
  settle(wall, 0);
  for (const left of WINDOWS) {
    const right = left + PANE.width;
    wall.fill(box(left - 0.07, PANE.top - 0.07, right + 0.07, PANE.bottom + 0.07), WHITE);
    wall.fill(box(left, PANE.top, right, PANE.bottom), outside);
    const middle = (left + right) / 2;
    wall.fill(box(middle - 0.03, PANE.top, middle + 0.03, PANE.bottom), WHITE);
    wall.fill(box(left, 0.78, right, 0.81), WHITE);
    wall.fill(box(left - 0.12, PANE.bottom + 0.05, right + 0.12, PANE.bottom + 0.1), WHITE);
    wall.soft(box(left, PANE.bottom + 0.1, right, PANE.bottom + 0.13), SHADOW, 0.25, 0.03);
    wall.fill(roundBox(left + 0.1, 2.05, right - 0.1, 2.6, 0.02), shade(WHITE, 0.95));
    for (let x = left + 0.18; x < right - 0.15; x += 0.09)
      wall.fill(box(x, 2.08, x + 0.02, 2.57), shade(WHITE, 0.84));
  }
  return wall;
}

/** A bright hazy day, with trees. */
function outside(x: number, y: number): Colour {
  const hill = 1.3 + 0.12 * Math.sin(x * 1.9) + 0.05 * Math.sin(x * 7.3) + 0.06 * bumps(x * 9, 3);
  const sky = mix(SKY, [246, 246, 240], Math.min(1, y / 1.6));
  const trees = mix(LEAVES, sky, 0.38 + 0.16 * bumps(x * 22, y * 22));
  return mix(sky, trees, Math.max(0, Math.min(1, (y - hill) / 0.03)));
}

function doorWall(): Canvas {
  const wall = plainWall(DEPTH);
  // Sheet from the front (left) to the back (right) of the room.
  wall.fill(box(0.35, 0.68, 1.45, HEIGHT), WHITE);
  wall.fill(box(0.43, 0.76, 1.37, HEIGHT), shade(OAK, 0.95));
  wall.fill(box(1.08, 0.95, 1.26, 1.6), [206, 214, 214]);
  wall.fill(roundBox(0.47, 1.78, 0.6, 1.81, 0.012), STEEL);
  // A low bookcase.
  wall.soft(box(3.5, 1.85, 6.1, HEIGHT), SHADOW, 0.22, 0.08);
  wall.fill(box(3.55, 1.85, 6.05, HEIGHT - 0.04), shade(OAK, 0.8));
  for (const [top, bottom] of [
    [1.89, 2.28],
    [2.32, 2.72],
  ] as const) {
    wall.fill(box(3.6, top, 6.0, bottom), shade(WALNUT, 0.62));
    let x = 3.62;
    for (let book = 0; x < 5.9; book++) {
      const width = 0.03 + 0.035 * speckle(book, top * 100);
      const height = (bottom - top) * (0.66 + 0.25 * speckle(book + 50, top * 100));
      const colour = BOOKS[Math.floor(speckle(book, 7 + top * 10) * BOOKS.length)]?.[3] ?? WALNUT;
      if (speckle(book, 99) > 0.12) wall.fill(box(x, bottom - height, x + width, bottom), colour);
      x += width + 0.004;
    }
  }
  return settle(wall, -1);
}

/** Linoleum; sheet x to the robot's right, y towards the back. */
function floor(desks: readonly Spot[]): Canvas {
  const sheet = new Canvas(WIDTH, DEPTH, 0.0175);
  sheet.flood((x, y) => {
    const plank = Math.floor(x / 0.19);
    const joint = Math.abs(x / 0.19 - plank - 0.5) > 0.475;
    const tone = 0.9 + 0.1 * speckle(plank, Math.floor((y + speckle(plank, 5) * 2) / 1.3));
    const grain = 0.97 + 0.06 * bumps(x * 60, y * 5);
    return shade([176, 146, 112], tone * grain * (joint ? 0.86 : 1));
  });
  // Daylight lies on the floor by the windows (left).
  sheet.light((x) => 0.9 + 0.26 * Math.exp(-x / 1.6));
  for (const { x, y } of desks) {
    const sx = ROOM.left - y;
    const sy = ROOM.front - x;
    sheet.soft(ellipse(sx + 0.1, sy, 0.62, 0.5), SHADOW, 0.45, 0.3);
  }
  return settle(sheet, 0);
}

function ceiling(): Canvas {
  const sheet = new Canvas(WIDTH, DEPTH, 0.03);
  sheet.flood(shade(WHITE, 0.93));
  for (let y = 0.6; y < DEPTH; y += 0.6)
    sheet.fill(box(0, y, WIDTH, y + 0.025), shade(WHITE, 0.87));
  for (let x = 0.6; x < WIDTH; x += 0.6)
    sheet.fill(box(x, 0, x + 0.025, DEPTH), shade(WHITE, 0.87));
  for (const y of [1.2, 3.6, 5.4])
    for (const x of [1.2, 4.2]) {
      sheet.soft(box(x, y, x + 1.2, y + 0.3), [255, 252, 240], 0.6, 0.25);
      sheet.fill(box(x, y, x + 1.2, y + 0.3), [255, 252, 240]);
    }
  return settle(sheet, -1);
}
