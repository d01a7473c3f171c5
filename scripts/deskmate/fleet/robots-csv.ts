/** A list of robots as CSV (RFC 4180): all rows are right and taken, or nothing is. */
import { z } from 'zod';
import { Thumbprint } from '../../../agent/wire/signalling.ts';
import { PlaceId, RobotId } from '../../../agent/wire/topics.ts';

const MOST_ROWS = 5_000;
const MOST_ERRORS = 20;

const orNone =
  <T>(schema: z.ZodType<T>) =>
  (text: string): z.ZodSafeParseResult<T | null> =>
    text === '' ? { success: true, data: null } : schema.safeParse(text);

const COLUMNS = {
  id: (text: string) => RobotId.safeParse(text),
  school: orNone(PlaceId),
  name: orNone(
    z
      .string()
      .max(60, 'expected at most 60 characters')
      .regex(/^\P{Cc}*$/u, 'expected no control characters'),
  ),
  robotKey: orNone(Thumbprint),
} as const;
type ColumnName = keyof typeof COLUMNS;
const isColumn = (name: string): name is ColumnName => Object.hasOwn(COLUMNS, name);

export interface CsvRobot {
  readonly id: string;
  readonly school: string | null;
  readonly name: string | null;
  readonly robotKey: string | null;
}

export interface CsvError {
  /** From 1, as a spreadsheet counts: the first row has the names of the columns. */
  readonly row: number;
  readonly field: string;
  /** What was expected. */
  readonly why: string;
}

export type RobotsCsv =
  | { readonly ok: true; readonly robots: readonly CsvRobot[] }
  | { readonly ok: false; readonly errors: readonly CsvError[] };

/** Never throws. Columns by the names in the first row: `id`, and any of the others. */
export function parseRobotsCsv(text: string): RobotsCsv {
  const rows = rowsOf(text);
  if (!rows) return refused([{ row: 1, field: 'file', why: 'a quotation mark is not closed' }]);
  const [header = { row: 1, cells: [] }, ...body] = rows;
  const columns = header.cells.map((name) => name.trim());
  const fault = headerFault(columns);
  if (fault) return refused([{ row: header.row, ...fault }]);
  if (body.length > MOST_ROWS)
    return refused([
      { row: MOST_ROWS + 2, field: 'file', why: `expected at most ${MOST_ROWS} robots` },
    ]);
  const errors: CsvError[] = [];
  const robots = new Map<string, CsvRobot>();
  for (const { row, cells } of body) {
    const robot = robotOf(columns, cells, (field, why) => errors.push({ row, field, why }));
    if (robot && robots.has(robot.id))
      errors.push({ row, field: 'id', why: `${robot.id} stands twice; expected each robot once` });
    if (robot) robots.set(robot.id, robot);
  }
  return errors.length > 0 ? refused(errors) : { ok: true, robots: [...robots.values()] };
}

const refused = (errors: readonly CsvError[]): RobotsCsv => ({
  ok: false,
  errors: errors.slice(0, MOST_ERRORS),
});

function headerFault(columns: readonly string[]): Omit<CsvError, 'row'> | undefined {
  const known = Object.keys(COLUMNS).join(', ');
  const strange = columns.find((name) => !isColumn(name));
  if (strange !== undefined)
    return { field: strange.slice(0, 40) || 'header', why: `expected only the columns ${known}` };
  if (!columns.includes('id')) return { field: 'id', why: `expected a column id, of ${known}` };
  if (new Set(columns).size < columns.length)
    return { field: 'header', why: 'expected each column once' };
  return undefined;
}

function robotOf(
  columns: readonly string[],
  cells: readonly string[],
  note: (field: string, why: string) => void,
): CsvRobot | undefined {
  if (cells.length !== columns.length) {
    note('row', `expected ${columns.length} fields, got ${cells.length}`);
    return undefined;
  }
  const found: Record<ColumnName, string | null> = {
    ...{ id: null, school: null, name: null, robotKey: null },
  };
  for (const [index, name] of columns.entries()) {
    if (!isColumn(name)) continue;
    const parsed = COLUMNS[name]((cells[index] ?? '').trim());
    if (parsed.success) found[name] = parsed.data;
    else note(name, parsed.error.issues[0]?.message ?? 'not valid');
  }
  const { id, ...rest } = found;
  return id === null ? undefined : { id, ...rest };
}

interface Row {
  readonly row: number;
  readonly cells: readonly string[];
}

/** Undefined when a quoted field does not end. Empty lines are none, but count. */
function rowsOf(text: string): Row[] | undefined {
  const input = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const separator = /^[^\n]*;/.test(input) && !/^[^\n]*,/.test(input) ? ';' : ',';
  const rows: Row[] = [];
  let cells: string[] = [];
  let field = '';
  let quoted = false;
  let row = 0;
  const endRow = (): void => {
    row += 1;
    cells.push(field);
    if (cells.length > 1 || field.trim() !== '') rows.push({ row, cells });
    cells = [];
    field = '';
  };
  for (let index = 0; index < input.length; index++) {
    const letter = input[index] ?? '';
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (input[index + 1] === '"') field += input[index++];
      else quoted = false;
    } else if (letter === '"' && field === '') quoted = true;
    else if (letter === separator) {
      cells.push(field);
      field = '';
    } else if (letter === '\n') endRow();
    else field += letter;
  }
  if (quoted) return undefined;
  endRow();
  return rows;
}
