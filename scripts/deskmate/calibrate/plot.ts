/**
 * A scatter plot in text: braille cells of 2x4 dots, live on a terminal of any size over a slow
 * connection.
 */
export interface Plot {
  readonly x: Range;
  readonly y: Range;
  /** Cells, without the frame. */
  readonly columns: number;
  readonly rows: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
  /** Axis label: `us`, `°`. */
  readonly unit: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Braille patterns, from U+2800: bit of each dot of a cell, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const LABEL = 7;

/** Lines of text, topmost first. Points outside of the ranges are drawn at the edge. */
export function drawPlot(plot: Plot, points: Iterable<Point>): string[] {
  const cells = Array.from({ length: plot.rows }, () => new Uint8Array(plot.columns));
  for (const { x, y } of points) {
    const column = dot(x, plot.x, plot.columns * 2);
    const row = plot.rows * 4 - 1 - dot(y, plot.y, plot.rows * 4);
    const line = cells[row >> 2];
    const bit = DOTS[column & 1 ? 1 : 0][row & 3] ?? 0;
    if (line) line[column >> 1] = (line[column >> 1] ?? 0) | bit;
  }
  const body = cells.map((line, row) => `${yLabel(plot, row)} ┤${braille(line)}`);
  return [...body, `${' '.repeat(LABEL)} └${'─'.repeat(plot.columns)}`, xLabels(plot)];
}

function dot(value: number, range: Range, dots: number): number {
  const share = (value - range.from) / (range.to - range.from);
  return Math.round(Math.min(1, Math.max(0, share)) * (dots - 1));
}

const braille = (line: Uint8Array): string =>
  Array.from(line, (bits) => (bits ? String.fromCodePoint(0x2800 + bits) : ' ')).join('');

function yLabel({ y, rows }: Plot, row: number): string {
  const middle = Math.floor(rows / 2);
  const value = row === 0 ? y.to : row === rows - 1 ? y.from : row === middle ? mid(y) : undefined;
  return (value === undefined ? '' : label(value, y)).padStart(LABEL);
}

function xLabels({ x, columns }: Plot): string {
  const [left, right] = [label(x.from, x), label(x.to, x)];
  const gap = Math.max(1, columns - left.length - right.length);
  return `${' '.repeat(LABEL + 2)}${left}${' '.repeat(gap)}${right}`;
}

const mid = ({ from, to }: Range): number => (from + to) / 2;
const label = (value: number, { unit }: Range): string => `${Math.round(value)} ${unit}`;
