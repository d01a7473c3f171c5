/** What hangs on the walls beside the board: the posters and the clock. */
import { CLOCK, POSTERS, type PosterColour } from '../plan/room.ts';
import { Canvas, type Colour } from './canvas.ts';
import { INK, shade, WHITE } from './palette.ts';
import { disc, stroke } from './shapes.ts';

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
