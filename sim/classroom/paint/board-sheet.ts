/** The whiteboard with its frame and what is written on it. */
import { BOARD } from '../room.ts';
import { Canvas } from './canvas.ts';
import { STEEL, shade, WHITE } from './palette.ts';
import { box } from './shapes.ts';

export const FRAME_M = 0.04;
/** 2 mm: a pixel of a 720p picture is about twice that. */
const TEXEL = 0.002;

export function boardSheet(): Canvas {
  const sheet = new Canvas(BOARD.widthM + 2 * FRAME_M, BOARD.heightM + 2 * FRAME_M, TEXEL);
  sheet.flood(shade(STEEL, 0.8));
  sheet.fill(box(FRAME_M, FRAME_M, FRAME_M + BOARD.widthM, FRAME_M + BOARD.heightM), WHITE);
  return sheet;
}
