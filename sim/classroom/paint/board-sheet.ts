/** The whiteboard with its frame and what is written on it: a lesson, and a chart to test eyes by. */
import { BOARD } from '../plan/room.ts';
import { Canvas, type Colour } from './canvas.ts';
import { write } from './lettering.ts';
import { INK, STEEL, shade, WHITE } from './palette.ts';
import { box, disc, ellipse, stroke } from './shapes.ts';

export const FRAME_M = 0.04;
/** 2 mm: a pixel of a 720p picture is about twice that. */
const TEXEL = 0.002;

const BLUE_PEN: Colour = [44, 66, 122];
const RED_PEN: Colour = [150, 52, 46];

/** Letter heights of the chart, in mm; each line says its own. */
const CHART_MM = [100, 80, 60, 50, 40, 30, 25, 20, 15] as const;

function chartLine(heightMm: number): string {
  return `${heightMm} mm at ${BOARD.centre.x.toFixed(1)} m`;
}

/** What is written as a lesson: height of capitals in metres, text. */
const LESSON_TEXT: readonly (readonly [number, string])[] = [
  [0.11, 'The water cycle'],
  [0.072, '1. The sun warms the sea.'],
  [0.072, '2. Water rises as vapour.'],
  [0.072, '3. Clouds form: rain, snow.'],
  [0.072, '4. Rivers run to the sea.'],
];

const HOMEWORK: readonly (readonly [number, string])[] = [
  [0.055, 'Huiswerk: blz. 24, vraag 1-4'],
  [0.055, 'Läxa: rita kretsloppet'],
];

export function boardSheet(): Canvas {
  const sheet = new Canvas(BOARD.widthM + 2 * FRAME_M, BOARD.heightM + 2 * FRAME_M, TEXEL);
  const { widthM, heightM } = sheet;
  const steel = shade(STEEL, 0.82);
  sheet.flood(shade(WHITE, 0.985));
  sheet.fill(box(0, 0, widthM, FRAME_M), steel);
  sheet.fill(box(0, heightM - FRAME_M, widthM, heightM), steel);
  sheet.fill(box(0, 0, FRAME_M, heightM), steel);
  sheet.fill(box(widthM - FRAME_M, 0, widthM, heightM), steel);
  writeLesson(sheet);
  drawCycle(sheet, 2.45, 1.02);
  writeChart(sheet);
  return sheet;
}

function writeLesson(sheet: Canvas): void {
  let y = 0.06;
  for (const [heightM, text] of LESSON_TEXT) {
    y += heightM * (heightM > 0.1 ? 1.2 : 1.72);
    write(sheet, { text, x: 0.1, y, heightM, colour: heightM > 0.1 ? RED_PEN : INK });
    if (heightM > 0.1) y += 0.05;
  }
  y += 0.08;
  for (const [heightM, text] of HOMEWORK) {
    y += heightM * 1.9;
    write(sheet, { text, x: 0.1, y, heightM, colour: BLUE_PEN });
  }
}

/** A small picture of sun, cloud, rain and sea, with arrows round. */
function drawCycle(sheet: Canvas, x: number, y: number): void {
  const pen = 0.005;
  const line = (...points: readonly (readonly [number, number])[]): void => {
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1] ?? [0, 0], points[i] ?? [0, 0]];
      sheet.fill(stroke(x + from[0], y + from[1], x + to[0], y + to[1], pen), BLUE_PEN);
    }
  };
  const wave = Array.from(
    { length: 25 },
    (_, i) => [i * 0.014, 0.14 + 0.012 * Math.sin(i * 1.3)] as const,
  );
  line(...wave);
  for (const [dx, dy, r] of [
    [0.2, -0.09, 0.05],
    [0.26, -0.11, 0.06],
    [0.32, -0.09, 0.05],
  ] as const)
    sheet.fill(disc(x + dx, y + dy, r), BLUE_PEN);
  for (const [dx, dy, r] of [
    [0.2, -0.09, 0.042],
    [0.26, -0.11, 0.052],
    [0.32, -0.09, 0.042],
  ] as const)
    sheet.fill(disc(x + dx, y + dy, r), WHITE);
  for (const dx of [0.2, 0.25, 0.3]) line([dx, 0], [dx - 0.02, 0.07]);
  line([0.06, 0.1], [0.06, -0.04], [0.035, -0.005]);
  line([0.06, -0.04], [0.085, -0.005]);
  sheet.fill(ellipse(x + 0.06, y - 0.14, 0.045, 0.045), RED_PEN);
  sheet.fill(ellipse(x + 0.06, y - 0.14, 0.036, 0.036), WHITE);
}

/** Right half, from large to small. */
function writeChart(sheet: Canvas): void {
  let y = 0.06;
  const x = FRAME_M + BOARD.widthM / 2 + 0.12;
  for (const heightMm of CHART_MM) {
    const heightM = heightMm / 1_000;
    y += heightM * 1.42 + 0.022;
    write(sheet, { text: chartLine(heightMm), x, y, heightM, colour: INK });
  }
}
