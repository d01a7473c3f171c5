/** Heads with necks, seen from the front, from behind, or from the side (looking to the right). */
import { Canvas, type Colour } from './canvas.ts';
import { type Look, mix, shade } from './palette.ts';
import { both, box, disc, ellipse, roundBox, stroke } from './shapes.ts';

export const HEAD = {
  widthM: 0.32,
  heightM: 0.4,
  /** The neck's joint, from the top left. */
  pivot: { x: 0.16, y: 0.34 },
} as const;

export type HeadView = 'front' | 'back' | 'side';

const CX = 0.16;
const CY = 0.19;
const DARK: Colour = [52, 40, 36];

/** `mouthOpen` 0..1, seen from the front only. */
export function headSheet(look: Look, view: HeadView, mouthOpen = 0): Canvas {
  const sheet = new Canvas(HEAD.widthM, HEAD.heightM, 0.0025);
  if (view !== 'front') hairBehind(sheet, look, view);
  else if (look.style === 'long') longHair(sheet, look);
  sheet.fill(roundBox(CX - 0.04, CY + 0.06, CX + 0.04, 0.4, 0.025), shade(look.skin, 0.86));
  if (view === 'front') front(sheet, look, mouthOpen);
  else if (view === 'side') side(sheet, look);
  else back(sheet, look);
  // Daylight from the windows.
  return sheet.light((x) => 1.04 - 0.14 * (x / HEAD.widthM));
}

function longHair(sheet: Canvas, look: Look): void {
  sheet.fill(roundBox(CX - 0.105, CY - 0.06, CX + 0.105, CY + 0.17, 0.07), shade(look.hair, 0.8));
}

/** The outline of the hair on the skull. */
const CAP = ellipse(CX, CY - 0.014, 0.096, 0.122);

function front(sheet: Canvas, look: Look, mouthOpen: number): void {
  const { skin, hair } = look;
  if (look.style === 'bun') sheet.fill(disc(CX, CY - 0.135, 0.036), shade(hair, 0.9));
  sheet.fill(both(CAP, box(0, 0, HEAD.widthM, CY + 0.02)), shade(hair, 0.94));
  for (const side of [-1, 1])
    sheet.fill(ellipse(CX + side * 0.084, CY + 0.014, 0.015, 0.025), shade(skin, 0.9));
  sheet.fill(ellipse(CX, CY + 0.012, 0.082, 0.1), skin);
  fringe(sheet, look);
  for (const side of [-1, 1]) {
    const x = CX + side * 0.034;
    sheet.fill(ellipse(x, CY + 0.002, 0.0125, 0.0085), [238, 232, 224]);
    sheet.fill(disc(x, CY + 0.002, 0.0072), DARK);
    const brow = shade(hair, 0.85);
    sheet.fill(stroke(x - 0.016, CY - 0.019, x, CY - 0.024, 0.0024), brow);
    sheet.fill(stroke(x, CY - 0.024, x + 0.016, CY - 0.019, 0.0024), brow);
    sheet.soft(disc(CX + side * 0.05, CY + 0.04, 0.01), [214, 132, 112], 0.22, 0.014);
  }
  sheet.fill(stroke(CX + 0.003, CY + 0.014, CX + 0.005, CY + 0.031, 0.0036), shade(skin, 0.88));
  mouth(sheet, skin, mouthOpen);
}

/** Parted on one side; tied back hair shows more forehead. */
function fringe(sheet: Canvas, { hair, style }: Look): void {
  const lift = style === 'bun' ? 0.022 : 0;
  for (const [dx, rx] of [
    [-0.036, 0.075],
    [0.056, 0.055],
  ] as const)
    sheet.fill(both(CAP, ellipse(CX + dx, CY - 0.085 - lift, rx, 0.04)), hair);
  if (style !== 'curly') return;
  for (let i = 0; i < 11; i++) {
    const angle = Math.PI * (0.02 + (0.96 * i) / 10);
    const [dx, dy] = [Math.cos(angle) * 0.09, Math.sin(angle) * 0.1];
    sheet.fill(disc(CX + dx, CY - 0.015 - dy, 0.03), shade(hair, 0.92 + 0.08 * (i % 3)));
  }
}

/** A calm smile when closed. */
function mouth(sheet: Canvas, skin: Colour, open: number): void {
  const lips = mix(skin, [150, 66, 62], 0.6);
  const y = CY + 0.06;
  if (open > 0) {
    sheet.fill(ellipse(CX, y, 0.024, 0.007 + 0.014 * open), lips);
    sheet.fill(ellipse(CX, y, 0.018, 0.012 * open), [84, 34, 34]);
    return;
  }
  sheet.fill(stroke(CX - 0.022, y - 0.003, CX, y + 0.004, 0.003, 0.004), lips);
  sheet.fill(stroke(CX, y + 0.004, CX + 0.022, y - 0.003, 0.004, 0.003), lips);
}

function hairBehind(sheet: Canvas, look: Look, view: HeadView): void {
  if (look.style === 'bun')
    sheet.fill(disc(view === 'side' ? CX - 0.095 : CX, CY - 0.07, 0.042), shade(look.hair, 0.85));
}

function back(sheet: Canvas, look: Look): void {
  const { skin, hair } = look;
  for (const side of [-1, 1])
    sheet.fill(ellipse(CX + side * 0.088, CY + 0.012, 0.015, 0.026), shade(skin, 0.88));
  sheet.fill(ellipse(CX, CY, 0.086, 0.11), shade(skin, 0.9));
  const lower = look.style === 'short' || look.style === 'curly' ? CY + 0.055 : CY + 0.08;
  sheet.fill(both(ellipse(CX, CY - 0.008, 0.096, 0.122), box(0, 0, 0.32, lower)), hair);
  if (look.style === 'long')
    sheet.fill(roundBox(CX - 0.094, CY - 0.02, CX + 0.094, CY + 0.165, 0.05), hair);
  if (look.style === 'curly') curls(sheet, hair);
  if (look.style === 'bun') sheet.fill(disc(CX, CY - 0.06, 0.045), shade(hair, 1.12));
  sheet.soft(ellipse(CX - 0.03, CY - 0.05, 0.03, 0.04), shade(hair, 1.3), 0.35, 0.03);
}

function curls(sheet: Canvas, hair: Colour): void {
  for (let ring = 0; ring < 3; ring++)
    for (let i = 0; i < 12; i++) {
      const angle = (i / 12 + ring * 0.04) * 2 * Math.PI;
      const r = 0.088 - ring * 0.034;
      const tone = 0.88 + 0.08 * ((i + ring) % 3);
      sheet.fill(
        disc(CX + r * Math.cos(angle), CY - 0.02 + r * 1.05 * Math.sin(angle), 0.03),
        shade(hair, tone),
      );
    }
}

function side(sheet: Canvas, look: Look): void {
  const { skin, hair, style } = look;
  const skull = ellipse(CX, CY, 0.098, 0.112);
  sheet.fill(skull, skin);
  const cap = ellipse(CX - 0.006, CY - 0.012, 0.106, 0.12);
  sheet.fill(both(cap, box(0, 0, HEAD.widthM, CY + 0.06)), hair);
  sheet.fill(both(skull, ellipse(CX + 0.085, CY + 0.035, 0.075, 0.098)), skin);
  sheet.fill(ellipse(CX + 0.058, CY + 0.07, 0.042, 0.038), skin);
  sheet.fill(stroke(CX + 0.09, CY + 0.002, CX + 0.104, CY + 0.026, 0.01, 0.011), skin);
  const lips = mix(skin, [150, 66, 62], 0.6);
  sheet.fill(stroke(CX + 0.074, CY + 0.06, CX + 0.094, CY + 0.064, 0.0032), lips);
  sheet.fill(ellipse(CX + 0.072, CY - 0.002, 0.0065, 0.0085), DARK);
  sheet.fill(stroke(CX + 0.06, CY - 0.024, CX + 0.086, CY - 0.027, 0.0026), shade(hair, 0.85));
  if (style === 'long') sheet.fill(roundBox(CX - 0.112, CY - 0.04, CX, CY + 0.165, 0.05), hair);
  sheet.fill(ellipse(CX + 0.002, CY + 0.016, 0.015, 0.024), shade(skin, 0.88));
}
