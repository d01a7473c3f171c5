/** Tables for people, and the same as JSON for programs. */
import { type Flags, type ParsedFlag, parsedFlag } from './flag.ts';
import type { Sorting } from './table-flags.ts';
import { type Paint, painted, type Terminal } from './terminal.ts';
import { padded, printable, truncated, widthOf } from './text-width.ts';
import type { Call } from './verb.ts';

/** A cell with a colour says the same in words. */
type Cell = string | { readonly text: string; readonly paint: Paint };

export interface Column<R> {
  /** For `--columns` and `--sort`; never renamed. */
  readonly key: string;
  readonly head: string;
  /** Numbers stand right. */
  readonly align?: 'left' | 'right';
  readonly cell: (row: R) => Cell;
  /** What it is sorted by, where that is not its text. Null is last in both directions. */
  readonly order?: (row: R) => string | number | null;
  /** Least width, cells: on a narrow terminal it may be cut to this. Else it is never cut. */
  readonly least?: number;
}

export interface Table<R> {
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** The `--json` output of the rows, sorted. All of them: `--columns` is for people. */
  readonly forPrograms: (rows: readonly R[]) => object;
  /** Printed when it is empty. */
  readonly none: string;
  /** Printed after the table: what can be done with its entries. */
  readonly next?: string;
}

/** Prints a table as the options of `tableFlags` ask. `flags` are those of the verb. */
export function tellTable<R>(
  call: Pick<Call, 'terminal' | 'flags' | 'language'>,
  table: Table<R>,
  flags: TableFlags,
): void {
  const { terminal } = call;
  const sorting = parsedFlag(call, 'sort', flags.sort);
  const rows = sorting ? sorted(table, sorting) : table.rows;
  if (call.flags.json) terminal.line(JSON.stringify(table.forPrograms(rows), null, 2));
  else if (rows.length === 0) terminal.line(table.none);
  else tellRows(call, table, rows, flags);
}

function tellRows<R>(
  call: Pick<Call, 'terminal' | 'flags' | 'language'>,
  table: Table<R>,
  rows: readonly R[],
  flags: TableFlags,
): void {
  const { terminal } = call;
  const keys = parsedFlag(call, 'columns', flags.columns);
  const columns = keys
    ? keys.flatMap((key) => table.columns.filter((one) => one.key === key))
    : table.columns;
  for (const line of tableLines(columns, rows, terminal)) terminal.line(line);
  if (table.next === undefined) return;
  terminal.line();
  terminal.line(table.next);
}

interface TableFlags extends Flags {
  readonly columns: ParsedFlag<readonly string[]>;
  readonly sort: ParsedFlag<Sorting>;
}

const GAP = '   ';
const MARGIN = '  ';

/**
 * Headings and rows. On a terminal they fit its width as far as columns may be cut; into a pipe or a
 * file nothing is cut.
 */
export function tableLines<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  terminal: Pick<Terminal, 'colour' | 'columns' | 'output'>,
): string[] {
  const body = rows.map((row) => columns.map(({ cell }) => cellOf(cell(row))));
  const natural = columns.map(({ head }, at) =>
    Math.max(widthOf(head), ...body.map((cells) => widthOf(cells[at]?.text ?? ''))),
  );
  const widths = terminal.output.isTTY ? fitted(columns, natural, terminal.columns) : natural;
  const line = (cells: readonly (string | { text: string; paint?: Paint })[]): string =>
    cells
      .map((cell, at) => laidOut(cell, widths[at] ?? 0, columns[at]?.align, terminal))
      .join(GAP)
      .trimEnd();
  const heads = columns.map(({ head }) => head);
  return [heads, ...body].map((cells) => `${MARGIN}${line(cells)}`);
}

function cellOf(cell: Cell): { text: string; paint?: Paint } {
  if (typeof cell === 'string') return { text: printable(cell) };
  return { text: printable(cell.text), paint: cell.paint };
}

function laidOut(
  cell: string | { text: string; paint?: Paint },
  width: number,
  align: 'left' | 'right' | undefined,
  terminal: Pick<Terminal, 'colour'>,
): string {
  const { text, paint = undefined } = typeof cell === 'string' ? { text: cell } : cell;
  const cut = truncated(text, width);
  const shown = paint ? painted(terminal, paint, cut) : cut;
  return padded(shown, width, align);
}

/** Takes what is too much from the widest column that may still be cut, cell by cell. */
function fitted<R>(
  columns: readonly Column<R>[],
  natural: readonly number[],
  terminalColumns: number,
): number[] {
  const widths = [...natural];
  const room = terminalColumns - MARGIN.length - GAP.length * (columns.length - 1);
  const tooMuch = (): number => widths.reduce((sum, one) => sum + one, 0) - room;
  for (let much = tooMuch(); much > 0; much--) {
    const cuttable = widths
      .map((width, at) => ({ at, width, least: columns[at]?.least ?? Number.POSITIVE_INFINITY }))
      .filter(({ width, least }) => width > least)
      .sort((one, other) => other.width - one.width)[0];
    if (!cuttable) break;
    widths[cuttable.at] = cuttable.width - 1;
  }
  return widths;
}

function sorted<R>({ columns, rows }: Table<R>, { key, descending }: Sorting): readonly R[] {
  const column = columns.find((one) => one.key === key);
  if (!column) return rows;
  const textOf = (row: R): string => cellOf(column.cell(row)).text;
  const order = column.order ?? textOf;
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [order(one), order(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compared(a, b);
  });
}

/** `desk-9` before `desk-10`. */
function compared(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}
