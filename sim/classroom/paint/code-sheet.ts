/** A tablet that shows a QR code, as somebody holds it before the robot. */
import encodeQR from 'qr';
import { Canvas, type Colour } from './canvas.ts';

export const TABLET_M = 0.22;
const TEXEL_M = 0.22 / 704;
const BEZEL_M = 0.01;
/** Quiet zone, ISO/IEC 18004, 9.1. */
const QUIET_MODULES = 4;
const BEZEL: Colour = [38, 40, 44];
const SCREEN: Colour = [236, 238, 240];
const DARK: Colour = [22, 22, 26];

/** The tablet with its screen off. */
export function blankTablet(): Canvas {
  return new Canvas(TABLET_M, TABLET_M, TEXEL_M).flood(BEZEL);
}

/** Throws when no QR code holds the text (2,953 bytes). */
export function codeTablet(text: string): Canvas {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: QUIET_MODULES });
  const module = (TABLET_M - 2 * BEZEL_M) / rows.length;
  return new Canvas(TABLET_M, TABLET_M, TEXEL_M).flood((x, y) => {
    const [column, row] = [(x - BEZEL_M) / module, (y - BEZEL_M) / module];
    if (Math.min(column, row) < 0 || Math.max(column, row) >= rows.length) return BEZEL;
    return rows[Math.floor(row)]?.[Math.floor(column)] ? DARK : SCREEN;
  });
}
