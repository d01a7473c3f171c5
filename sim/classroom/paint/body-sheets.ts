/** Bodies without heads: seated classmates with their chairs, and the teacher in pieces that move. */
import { Canvas, type Colour } from './canvas.ts';
import type { HeadView } from './head-sheets.ts';
import { type Look, OAK, SHADOW, SHOES, STEEL, shade, TEACHER_LOOK, TROUSERS } from './palette.ts';
import { box, ellipse, polygon, roundBox, stroke } from './shapes.ts';

/** From the seat's legs up to the shoulders; the neck's joint is the middle of the upper edge. */
export const SEATED = { widthM: 0.64, heightM: 1.0, pivot: { x: 0.32, y: 0.06 } } as const;
export const LEGS = { widthM: 0.56, heightM: 0.92, pivot: { x: 0.28, y: 0.92 } } as const;
export const TORSO = { widthM: 0.56, heightM: 0.66, pivot: { x: 0.28, y: 0.64 } } as const;
/** Both hang from their upper ends. */
export const UPPER_ARM = { widthM: 0.14, heightM: 0.36, pivot: { x: 0.07, y: 0.06 } } as const;
export const FOREARM = { widthM: 0.14, heightM: 0.36, pivot: { x: 0.07, y: 0.05 } } as const;
/** From joint to joint. */
export const UPPER_ARM_M = 0.28;

const CX = 0.32;

/** `handUp` leaves out the arm on the right, which is then a sheet of its own. */
export function seatedSheet(look: Look, view: HeadView, handUp = false): Canvas {
  const sheet = new Canvas(SEATED.widthM, SEATED.heightM, 0.004);
  if (view !== 'back') chair(sheet, view);
  const dark = shade(look.top, 0.84);
  if (view === 'side') {
    sheet.fill(roundBox(CX - 0.05, 0.5, CX + 0.3, 0.64, 0.06), TROUSERS);
    sheet.fill(roundBox(CX - 0.13, 0.05, CX + 0.11, 0.62, 0.1), look.top);
    sheet.fill(stroke(CX - 0.01, 0.14, CX + 0.04, 0.36, 0.052, 0.045), dark);
    sheet.fill(stroke(CX + 0.04, 0.36, CX + 0.26, 0.33, 0.045, 0.034), dark);
    sheet.fill(ellipse(CX + 0.285, 0.325, 0.034, 0.026), look.skin);
  } else {
    sheet.fill(roundBox(CX - 0.16, 0.5, CX + 0.16, 0.66, 0.06), TROUSERS);
    sheet.fill(roundBox(CX - 0.175, 0.06, CX + 0.175, 0.62, 0.095), look.top);
    for (const side of handUp ? [-1] : [-1, 1]) {
      const bend = view === 'front' ? 0.02 : 0.06;
      sheet.fill(stroke(CX + side * 0.165, 0.15, CX + side * 0.205, 0.36, 0.052, 0.046), dark);
      sheet.fill(
        stroke(CX + side * 0.205, 0.36, CX + side * (0.2 - bend), 0.46, 0.045, 0.036),
        dark,
      );
      if (view === 'front') sheet.fill(ellipse(CX + side * 0.15, 0.455, 0.034, 0.026), look.skin);
    }
    if (view === 'front') sheet.fill(ellipse(CX, 0.06, 0.048, 0.028), shade(look.skin, 0.86));
  }
  if (view === 'back') chair(sheet, view);
  return sheet.light((x, y) => 1.05 - 0.16 * (x / SEATED.widthM) - 0.1 * (y / SEATED.heightM));
}

function chair(sheet: Canvas, view: HeadView): void {
  const wood = shade(OAK, 0.92);
  if (view === 'side') {
    sheet.fill(stroke(CX - 0.16, 0.3, CX - 0.13, 0.64, 0.014), STEEL);
    sheet.fill(roundBox(CX - 0.185, 0.24, CX - 0.145, 0.45, 0.015), wood);
    sheet.fill(roundBox(CX - 0.15, 0.63, CX + 0.22, 0.66, 0.012), wood);
    for (const x of [-0.13, 0.2])
      sheet.fill(stroke(CX + x, 0.65, CX + x * 1.1, 0.99, 0.012), STEEL);
    return;
  }
  for (const side of [-1, 1])
    sheet.fill(stroke(CX + side * 0.17, 0.4, CX + side * 0.18, 0.99, 0.012), STEEL);
  sheet.fill(roundBox(CX - 0.2, 0.62, CX + 0.2, 0.665, 0.018), shade(wood, 0.85));
  if (view === 'back') {
    sheet.soft(box(CX - 0.16, 0.5, CX + 0.16, 0.53), SHADOW, 0.3, 0.03);
    sheet.fill(roundBox(CX - 0.19, 0.3, CX + 0.19, 0.5, 0.04), wood);
  }
}

/** `step` -1, 0 or 1: which leg is ahead. */
export function legsSheet(step: -1 | 0 | 1): Canvas {
  const sheet = new Canvas(LEGS.widthM, LEGS.heightM, 0.004);
  const cx = LEGS.pivot.x;
  const leg = (side: -1 | 1, tone: number): void => {
    const swing = step * side * 0.1;
    const lift = step !== 0 && swing < 0 ? 0.035 : 0;
    const knee: readonly [number, number] = [cx + side * 0.075 + swing * 0.5, 0.46];
    const foot: readonly [number, number] = [cx + side * 0.08 + swing, 0.85 - lift];
    sheet.fill(
      stroke(cx + side * 0.07, 0.06, knee[0], knee[1], 0.085, 0.066),
      shade(TROUSERS, tone),
    );
    sheet.fill(stroke(knee[0], knee[1], foot[0], foot[1], 0.066, 0.05), shade(TROUSERS, tone));
    sheet.fill(
      roundBox(foot[0] - 0.055, foot[1] + 0.01, foot[0] + 0.055, foot[1] + 0.07, 0.028),
      SHOES,
    );
  };
  leg(1, 0.9);
  leg(-1, 1);
  return sheet.light((x) => 1.05 - 0.2 * (x / LEGS.widthM));
}

export function torsoSheet(): Canvas {
  const sheet = new Canvas(TORSO.widthM, TORSO.heightM, 0.0035);
  const cx = TORSO.pivot.x;
  const { top, skin } = TEACHER_LOOK;
  // The arm on the window side hangs down; the other one is a piece of its own.
  sheet.fill(stroke(cx - 0.185, 0.11, cx - 0.215, 0.38, 0.056, 0.046), shade(top, 0.92));
  sheet.fill(stroke(cx - 0.215, 0.38, cx - 0.19, 0.6, 0.046, 0.034), shade(top, 0.92));
  sheet.fill(ellipse(cx - 0.188, 0.625, 0.03, 0.034), skin);
  sheet.fill(
    polygon([
      [cx - 0.2, 0.08],
      [cx - 0.06, 0.02],
      [cx + 0.06, 0.02],
      [cx + 0.2, 0.08],
      [cx + 0.165, 0.4],
      [cx + 0.17, 0.65],
      [cx - 0.17, 0.65],
      [cx - 0.165, 0.4],
    ]),
    top,
  );
  for (const side of [-1, 1]) sheet.fill(ellipse(cx + side * 0.17, 0.105, 0.05, 0.05), top);
  const collar: Colour = [226, 220, 208];
  sheet.fill(
    polygon([
      [cx - 0.06, 0.015],
      [cx + 0.06, 0.015],
      [cx, 0.16],
    ]),
    collar,
  );
  sheet.fill(
    polygon([
      [cx - 0.035, 0.01],
      [cx + 0.035, 0.01],
      [cx, 0.09],
    ]),
    shade(skin, 0.9),
  );
  sheet.fill(stroke(cx, 0.17, cx, 0.64, 0.0035), shade(top, 0.8));
  return sheet.light((x, y) => 1.06 - 0.2 * (x / TORSO.widthM) - 0.05 * (y / TORSO.heightM));
}

export function upperArmSheet(): Canvas {
  const sheet = new Canvas(UPPER_ARM.widthM, UPPER_ARM.heightM, 0.004);
  return sheet.fill(
    stroke(0.07, 0.06, 0.07, 0.06 + UPPER_ARM_M, 0.055, 0.044),
    shade(TEACHER_LOOK.top, 0.9),
  );
}

export function forearmSheet(): Canvas {
  const sheet = new Canvas(FOREARM.widthM, FOREARM.heightM, 0.004);
  sheet.fill(stroke(0.07, 0.05, 0.07, 0.25, 0.043, 0.034), shade(TEACHER_LOOK.top, 0.9));
  sheet.fill(ellipse(0.07, 0.29, 0.03, 0.042), TEACHER_LOOK.skin);
  return sheet.fill(stroke(0.07, 0.29, 0.095, 0.265, 0.012), TEACHER_LOOK.skin);
}

/** A raised arm, from the shoulder at the lower end up to the hand. */
export const RAISED_ARM = { widthM: 0.14, heightM: 0.52, pivot: { x: 0.07, y: 0.46 } } as const;

export function raisedArmSheet(look: Look): Canvas {
  const sheet = new Canvas(RAISED_ARM.widthM, RAISED_ARM.heightM, 0.004);
  sheet.fill(stroke(0.07, 0.46, 0.07, 0.16, 0.05, 0.036), shade(look.top, 0.9));
  sheet.fill(ellipse(0.07, 0.09, 0.03, 0.045), look.skin);
  for (const x of [0.052, 0.064, 0.076, 0.088])
    sheet.fill(stroke(x, 0.07, x + (x - 0.07) * 0.5, 0.03, 0.006), look.skin);
  return sheet;
}
