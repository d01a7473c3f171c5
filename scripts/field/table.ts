/** Results of the cases, for people and for programs. Pure. */
import { wayInWords } from './cases/judge.ts';
import type { Outcome } from './cases/stage.ts';
import type { BrowserName } from './pupils/tab.ts';

export interface Row extends Outcome {
  readonly name: string;
  readonly browser: BrowserName;
}

export const passed = (row: Row): boolean => row.troubles.length === 0;

/**
 * A failed case is repeated once, since a busy machine can starve a browser; one that fails twice
 * has failed. The repetition is reported.
 */
export function secondTry(first: Row, second: Row): Row {
  const why = `second try; the first: ${first.troubles.join('; ')}`;
  return { ...second, note: [second.note, why].filter(Boolean).join('; ') };
}

const HEAD = ['case', 'browser', 'way (pupil - robot)', 'first picture', ''];
const WIDTHS = [14, 9, 24, 14];

const columns = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join(' ')
    .trimEnd();

export const heading = (): string => columns(HEAD);

export function line(row: Row): string {
  const { firstPictureMs: first, note } = row;
  const words = passed(row) ? ['passed', note] : ['FAILED:', row.troubles.join('; '), note];
  return columns([
    row.name,
    row.browser,
    wayInWords(row.way),
    first === undefined ? '-' : `${Math.round(first)} ms`,
    words.filter(Boolean).join(' '),
  ]);
}

/** The last line: what CI looks for. */
export function summary(rows: readonly Row[]): string {
  const failed = rows.filter((row) => !passed(row)).length;
  return `${rows.length - failed} passed, ${failed} failed`;
}

/** One line, for programs. */
export function json(rows: readonly Row[]): string {
  return JSON.stringify({
    cases: rows.map((row) => ({ ...row, way: wayInWords(row.way), passed: passed(row) })),
  });
}
