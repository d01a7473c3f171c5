/** Heads with necks, seen from the front, from behind, or from the side (looking to the right). */
import { Canvas, type Colour } from './canvas.ts';
import { mix, shade } from './palette.ts';
import type { Look } from './person-looks.ts';
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

function front(sheet: Canvas, look: Look, mouthOpen: number): void {
  const { skin, hair } = look;
  for (const side of [-1, 1])
    sheet.fill(ellipse(CX + side * 0.086, CY + 0.01, 0.016, 0.026), shade(skin, 0.9));
  sheet.fill(ellipse(CX, CY, 0.085, 0.112), skin);
  const cap = ellipse(CX, CY - 0.012, 0.096, 0.118);
  sheet.fill(both(cap, box(0, 0, 0.32, CY - 0.05)), hair);
  if (look.style === 'curly')
    for (let i = 0; i < 9; i++)
      sheet.fill(
        disc(CX - 0.088 + i * 0.022, CY - 0.062 - 0.05 * Math.sin((i / 8) * Math.PI), 0.032),
        hair,
      );
  if (look.style === 'bun') sheet.fill(disc(CX, CY - 0.128, 0.036), shade(hair, 0.9));
  sheet.fill(ellipse(CX - 0.03, CY - 0.055, 0.07, 0.03), hair);
  for (const side of [-1, 1]) {
    const x = CX + side * 0.034;
    sheet.fill(ellipse(x, CY - 0.002, 0.013, 0.008), [236, 230, 222]);
    sheet.fill(disc(x, CY - 0.002, 0.0068), DARK);
    sheet.fill(stroke(x - 0.014, CY - 0.022, x + 0.014, CY - 0.024, 0.0028), shade(hair, 0.8));
    sheet.soft(disc(CX + side * 0.048, CY + 0.036, 0.012), [214, 132, 112], 0.3, 0.014);
  }
  sheet.fill(stroke(CX + 0.004, CY + 0.01, CX + 0.006, CY + 0.028, 0.004), shade(skin, 0.86));
  mouth(sheet, skin, mouthOpen);
}

function mouth(sheet: Canvas, skin: Colour, open: number): void {
  const lips = mix(skin, [158, 70, 66], 0.6);
  const y = CY + 0.062;
  sheet.fill(ellipse(CX, y, 0.026, 0.006 + 0.016 * open), lips);
  if (open > 0) sheet.fill(ellipse(CX, y, 0.019, 0.013 * open), [84, 34, 34]);
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
  const { skin, hair } = look;
  sheet.fill(ellipse(CX, CY, 0.098, 0.112), skin);
  sheet.fill(stroke(CX + 0.09, CY + 0.0, CX + 0.106, CY + 0.03, 0.012, 0.01), skin);
  sheet.fill(ellipse(CX + 0.062, CY + 0.07, 0.04, 0.035), skin);
  sheet.fill(
    stroke(CX + 0.07, CY + 0.066, CX + 0.09, CY + 0.064, 0.004),
    mix(skin, [158, 70, 66], 0.6),
  );
  sheet.fill(ellipse(CX + 0.07, CY - 0.002, 0.007, 0.009), DARK);
  const cap = ellipse(CX - 0.01, CY - 0.012, 0.107, 0.12);
  sheet.fill(both(cap, box(0, 0, CX + 0.02, CY + 0.045)), hair);
  sheet.fill(both(cap, box(0, 0, 0.32, CY - 0.05)), hair);
  if (look.style === 'long')
    sheet.fill(roundBox(CX - 0.112, CY - 0.04, CX + 0.0, CY + 0.165, 0.05), hair);
  if (look.style === 'curly')
    for (let i = 0; i < 9; i++)
      sheet.fill(
        disc(CX - 0.09 + i * 0.02, CY - 0.04 - 0.07 * Math.sin((i / 8) * Math.PI), 0.034),
        hair,
      );
  sheet.fill(ellipse(CX + 0.002, CY + 0.016, 0.016, 0.025), shade(skin, 0.88));
}
