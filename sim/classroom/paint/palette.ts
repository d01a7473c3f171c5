/** The room's colours: warm and calm, so that the four posters stay the only strong ones. */
import type { Colour } from './canvas.ts';

export const CREAM: Colour = [226, 215, 196];
export const SAND: Colour = [206, 192, 168];
export const OAK: Colour = [186, 148, 108];
export const WALNUT: Colour = [122, 90, 64];
export const WHITE: Colour = [240, 238, 232];
export const SKY: Colour = [226, 234, 240];
export const LEAVES: Colour = [150, 168, 138];
export const STEEL: Colour = [150, 152, 152];
export const INK: Colour = [38, 40, 52];
export const SHADOW: Colour = [44, 34, 26];

export function mix(a: Colour, b: Colour, part: number): Colour {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

export function shade(colour: Colour, by: number): Colour {
  return [colour[0] * by, colour[1] * by, colour[2] * by];
}

/** How people in the room look: muted clothes, all sorts of hair and skin. */
export interface Look {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly top: Colour;
  readonly style: 'short' | 'long' | 'bun' | 'curly';
}

export const CLASSMATE_LOOKS: readonly Look[] = [
  { skin: [222, 182, 152], hair: [92, 66, 46], top: [112, 126, 134], style: 'long' },
  { skin: [150, 108, 82], hair: [38, 32, 30], top: [168, 144, 112], style: 'curly' },
  { skin: [232, 196, 168], hair: [186, 150, 102], top: [116, 122, 104], style: 'short' },
  { skin: [196, 150, 116], hair: [46, 38, 36], top: [146, 122, 124], style: 'bun' },
  { skin: [226, 188, 158], hair: [128, 84, 56], top: [96, 104, 122], style: 'short' },
  { skin: [118, 84, 64], hair: [30, 26, 26], top: [182, 168, 146], style: 'bun' },
];

export const TEACHER_LOOK: Look = {
  skin: [214, 172, 142],
  hair: [104, 84, 70],
  top: [74, 88, 104],
  style: 'bun',
};
export const TROUSERS: Colour = [88, 80, 74];
export const SHOES: Colour = [54, 46, 42];

/**
 * 0..1 for a whole-numbered place: a fixed irregularity for wood, paint and cloth, the same at each
 * start.
 */
export function speckle(x: number, y: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** Smooth noise, 0..1, with bumps of size 1. */
export function bumps(x: number, y: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = smooth(x - ix);
  const fy = smooth(y - iy);
  const upper = speckle(ix, iy) * (1 - fx) + speckle(ix + 1, iy) * fx;
  const lower = speckle(ix, iy + 1) * (1 - fx) + speckle(ix + 1, iy + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
