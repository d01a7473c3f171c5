/** Writes with the pen of font.ts. */
import type { Canvas, Colour } from './canvas.ts';
import { GLYPHS } from './font.ts';
import { stroke } from './shapes.ts';

/** Height of capitals in the font's units. */
const CAPITAL = 10;
/** Added between letters: far letters must not run together. */
const TRACKING = 0.45;
/** Straight pieces of a curve between two of its points. */
const PIECES = 4;

type Point = readonly [x: number, y: number];

interface Writing {
  readonly text: string;
  /** Left end of the base line, metres from the sheet's top left. */
  readonly x: number;
  readonly y: number;
  /** Height of a capital letter, metres. */
  readonly heightM: number;
  readonly colour: Colour;
  /** Width of the line for each metre of letter height; a marker by default. */
  readonly weight?: number;
}

const MARKER = 0.13;

export function write(sheet: Canvas, writing: Writing): void {
  const unit = writing.heightM / CAPITAL;
  const pen = ((writing.weight ?? MARKER) * writing.heightM) / 2;
  let x = writing.x;
  for (const char of writing.text) {
    const glyph = GLYPHS.get(char);
    if (!glyph) throw new Error(`the board's pen cannot write "${char}"`);
    for (const line of glyph.strokes) {
      const points = pointsOf(line);
      for (let i = 1; i < points.length; i++) {
        const [from, to] = [points[i - 1] as Point, points[i] as Point];
        const shape = stroke(
          x + from[0] * unit,
          writing.y - from[1] * unit,
          x + to[0] * unit,
          writing.y - to[1] * unit,
          pen,
        );
        sheet.fill(shape, writing.colour);
      }
    }
    x += (glyph.advance + TRACKING) * unit;
  }
}

function pointsOf(line: string): Point[] {
  const curve = line.startsWith('~');
  const points = (curve ? line.slice(1) : line).split(' ').map((pair): Point => {
    const [x = 0, y = 0] = pair.split(',').map(Number);
    return [x, y];
  });
  return curve ? smoothed(points) : points;
}

/** Catmull-Rom: a curve through all points. */
function smoothed(points: readonly Point[]): Point[] {
  const first = points[0] as Point;
  const last = points.at(-1) as Point;
  const closed = first[0] === last[0] && first[1] === last[1];
  const before = (closed ? points.at(-2) : first) as Point;
  const after = (closed ? points[1] : last) as Point;
  const guides = [before, ...points, after];
  const out: Point[] = [first];
  for (let i = 1; i < guides.length - 2; i++)
    for (let piece = 1; piece <= PIECES; piece++) out.push(between(guides, i, piece / PIECES));
  return out;
}

function between(guides: readonly Point[], i: number, t: number): Point {
  const at = (axis: 0 | 1): number => {
    const [p0, p1, p2, p3] = [-1, 0, 1, 2].map((by) => (guides[i + by] as Point)[axis]) as [
      number,
      number,
      number,
      number,
    ];
    const bend = 2 * p0 - 5 * p1 + 4 * p2 - p3 + (3 * p1 - p0 - 3 * p2 + p3) * t;
    return 0.5 * (2 * p1 + (p2 - p0 + bend * t) * t);
  };
  return [at(0), at(1)];
}
