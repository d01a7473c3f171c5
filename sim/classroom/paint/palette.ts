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
