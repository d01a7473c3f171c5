/**
 * CSV (RFC 4180) for people with spreadsheets: lines end in CRLF, a field with a separator, quote or
 * line break is quoted. Text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export type CsvValue = string | number | null;

export interface CsvStyle {
  /** `comma`: decimal commas and `;` between fields, as spreadsheets in Dutch and Swedish read. */
  readonly decimal: 'point' | 'comma';
  /** Spreadsheets take UTF-8 for another encoding without it. */
  readonly byteOrderMark: boolean;
}

export const PLAIN_CSV: CsvStyle = { decimal: 'point', byteOrderMark: false };

const FORMULA = /^[\s\p{Cc}\p{Zs}]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/u;

/** @throws RangeError of a row that is not as long as `columns`, or a number that is not finite. */
export function csvOf(
  columns: readonly string[],
  rows: readonly (readonly CsvValue[])[],
  style: CsvStyle = PLAIN_CSV,
): string {
  const lines = [columns, ...rows].map((row, index) => {
    if (row.length !== columns.length)
      throw new RangeError(`row ${index}: expected ${columns.length} fields, got ${row.length}`);
    return row.map((value) => fieldOf(value, style)).join(separator(style));
  });
  return `${style.byteOrderMark ? '\uFEFF' : ''}${lines.join('\r\n')}\r\n`;
}

/** The text as it is written, with what keeps a spreadsheet from running it. */
export function safeText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function fieldOf(value: CsvValue, style: CsvStyle): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? numberOf(value, style) : safeText(value);
  return /[",;\r\n]|^\s|\s$|^\uFEFF/.test(text) &&
    (typeof value === 'string' || text.includes(separator(style)))
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

function numberOf(value: number, { decimal }: CsvStyle): string {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
  const text = String(Number(value.toFixed(6)));
  return decimal === 'comma' ? text.replace('.', ',') : text;
}

const separator = ({ decimal }: CsvStyle): string => (decimal === 'comma' ? ';' : ',');
