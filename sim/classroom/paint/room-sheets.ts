/** What is in the room beside the board: posters and clock on the walls, and desks. */
import { CLOCK, POSTERS, type PosterColour } from '../plan/room.ts';
import { Canvas, type Colour } from './canvas.ts';
import { bumps, INK, OAK, SHADOW, STEEL, shade, WHITE } from './palette.ts';
import { box, disc, polygon, roundBox, stroke } from './shapes.ts';

/** Strong and far apart in hue: tests find the posters by them. */
const GROUND: Readonly<Record<PosterColour, Colour>> = {
  red: [206, 28, 36],
  green: [22, 150, 60],
  blue: [24, 70, 204],
  yellow: [244, 200, 10],
};

export function posterSheet(colour: PosterColour): Canvas {
  const { widthM, heightM } = POSTERS[colour];
  const sheet = new Canvas(widthM, heightM, 0.006);
  const ground = GROUND[colour];
  sheet.flood(ground);
  // A motif of the same hue, the same on all sides of the middle, keeps the centroid in the middle.
  const [cx, cy] = [widthM / 2, heightM / 2];
  for (const [r, tone] of [
    [0.27, 0.8],
    [0.2, 1],
    [0.13, 0.8],
    [0.06, 1],
  ] as const)
    sheet.fill(disc(cx, cy, r), shade(ground, tone));
  return sheet;
}

export function clockSheet(): Canvas {
  const r = CLOCK.widthM / 2;
  const sheet = new Canvas(CLOCK.widthM, CLOCK.heightM, 0.003);
  sheet.fill(disc(r, r, r - 0.006), [70, 66, 62]);
  sheet.fill(disc(r, r, r - 0.02), WHITE);
  for (let mark = 0; mark < 60; mark++) {
    const angle = (mark / 60) * 2 * Math.PI;
    const hour = mark % 5 === 0;
    const [from, to, pen] = hour ? [r - 0.052, r - 0.03, 0.004] : [r - 0.036, r - 0.03, 0.0015];
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    sheet.fill(stroke(r + sin * from, r - cos * from, r + sin * to, r - cos * to, pen), INK);
  }
  return sheet;
}

export const HANDS = {
  hour: { lengthM: 0.085, penM: 0.008, colour: INK },
  minute: { lengthM: 0.125, penM: 0.0055, colour: INK },
  second: { lengthM: 0.13, penM: 0.0025, colour: [170, 70, 50] as Colour },
} as const;
export type HandName = keyof typeof HANDS;
/** Half the width of a hand's sheet, and how far it reaches behind the axle. */
export const HAND_MARGIN_M = 0.02;

/** Points up; the axle is HAND_MARGIN_M above the lower edge, in the middle. */
export function handSheet(name: HandName): Canvas {
  const { lengthM, penM, colour } = HANDS[name];
  const sheet = new Canvas(2 * HAND_MARGIN_M, lengthM + 2 * HAND_MARGIN_M, 0.0025);
  const axle = lengthM + HAND_MARGIN_M;
  sheet.fill(stroke(HAND_MARGIN_M, axle, HAND_MARGIN_M, HAND_MARGIN_M, penM, penM * 0.7), colour);
  sheet.fill(disc(HAND_MARGIN_M, axle, 0.011), colour);
  return sheet;
}

export const DESK = { widthM: 0.72, depthM: 0.52, heightM: 0.72 } as const;
export const OWN_DESK = { widthM: 0.8, depthM: 0.62 } as const;

function wood(width: number, depth: number, texel: number): Canvas {
  const sheet = new Canvas(width, depth, texel);
  const top = roundBox(0.002, 0.002, width - 0.002, depth - 0.002, 0.02);
  return sheet.fill(top, (x, y) => shade(OAK, 1.02 + 0.14 * bumps(x * 4, y * 55) - 0.04));
}

/** With an open book and a pen: the far side is up. */
export function deskTopSheet(): Canvas {
  const sheet = wood(DESK.widthM, DESK.depthM, 0.005);
  sheet.soft(box(0.22, 0.2, 0.52, 0.4), SHADOW, 0.35, 0.02);
  sheet.fill(box(0.22, 0.19, 0.37, 0.39), WHITE);
  sheet.fill(box(0.372, 0.19, 0.52, 0.39), shade(WHITE, 0.97));
  for (let y = 0.22; y < 0.37; y += 0.02) {
    sheet.fill(stroke(0.24, y, 0.35, y, 0.002), [150, 150, 156]);
    sheet.fill(stroke(0.39, y, 0.5, y, 0.002), [150, 150, 156]);
  }
  return sheet.fill(stroke(0.56, 0.22, 0.6, 0.36, 0.005), [92, 100, 110]);
}

/** The edge of the top, two legs, a bar. */
export function deskLegsSheet(widthM: number): Canvas {
  const sheet = new Canvas(widthM, DESK.heightM, 0.006);
  sheet.fill(roundBox(0.004, 0.004, widthM - 0.004, 0.032, 0.006), shade(OAK, 0.78));
  for (const x of [0.05, widthM - 0.05])
    sheet.fill(stroke(x, 0.03, x, DESK.heightM - 0.02, 0.016), shade(STEEL, 0.8));
  return sheet.fill(stroke(0.05, 0.12, widthM - 0.05, 0.12, 0.01), shade(STEEL, 0.72));
}

/** The robot's own: somebody left a note and a pencil. */
export function ownDeskSheet(): Canvas {
  const sheet = wood(OWN_DESK.widthM, OWN_DESK.depthM, 0.004);
  sheet.soft(box(0.5, 0.08, 0.66, 0.3), SHADOW, 0.35, 0.015);
  const note = polygon([
    [0.5, 0.08],
    [0.65, 0.07],
    [0.665, 0.28],
    [0.515, 0.29],
  ]);
  sheet.fill(note, [238, 230, 204]);
  for (let y = 0.11; y < 0.27; y += 0.024)
    sheet.fill(stroke(0.525, y + 0.005, 0.635, y - 0.003, 0.0018), [124, 128, 142]);
  sheet.fill(stroke(0.16, 0.1, 0.3, 0.14, 0.005), [190, 150, 70]);
  return sheet.fill(stroke(0.3, 0.14, 0.312, 0.1435, 0.004, 0.001), INK);
}
