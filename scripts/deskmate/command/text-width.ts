/** Text measured in cells of a terminal. */
import stringWidth from 'string-width';

/** Cells that it takes: two for wide characters (UAX #11) and emoji, none for combining ones. */
export const widthOf = (text: string): number => stringWidth(text);

/** Letters with their marks, and emoji sequences, are never cut apart (UAX #29). */
const graphemesOf = (text: string): string[] =>
  Array.from(
    new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text),
    (one) => one.segment,
  );

/** Cut to `cells` with “…” at the end where it is longer. */
export function truncated(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  if (cells < 1) return '';
  let kept = '';
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    width += widthOf(grapheme);
    if (width > cells - 1) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

export function padded(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, cells - widthOf(text)));
  return align === 'left' ? `${text}${gap}` : `${gap}${text}`;
}

/**
 * Without what would steer the terminal: control characters and changes of writing direction, which
 * names that come from robots and networks could contain. Each becomes one visible character.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
