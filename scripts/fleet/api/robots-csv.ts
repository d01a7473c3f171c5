/** A list of robots as CSV (RFC 4180): all rows are right and taken, or nothing is. */
import { z } from 'zod';
import { Thumbprint } from '../../../agent/wire/signalling.ts';
import { PlaceId, RobotId } from '../../../agent/wire/topics.ts';
import type { RobotEntry } from '../store/robot-table.ts';
import type { FieldError } from './problem.ts';

const MOST_ROWS = 5_000;
const MOST_ERRORS = 20;
const COLUMNS = ['id', 'school', 'name', 'robotKey'] as const;

const cell = <T>(schema: z.ZodType<T>) =>
  z.union([z.literal('').transform(() => null), schema], {
    error: (issue) =>
      issue.code === 'invalid_union' ? (issue.errors.at(-1)?.[0]?.message ?? 'invalid') : undefined,
  });

const fields: Readonly<Record<(typeof COLUMNS)[number], z.ZodType<string | null>>> = {
  id: RobotId,
  school: cell(PlaceId),
  name: cell(z.string().max(60, 'expected at most 60 characters')),
  robotKey: cell(Thumbprint),
};

export type ParsedCsv =
  | { readonly ok: true; readonly robots: readonly RobotEntry[] }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Columns by the names in the first row: `id`, and any of `school`, `name`, `robotKey`. */
export function parseRobotsCsv(text: string): ParsedCsv {
  const rows = rowsOf(text);
  if (!rows) return wrong(1, 'file', 'expected CSV; a quotation mark is not closed');
  const [header = [], ...body] = rows;
  const columns = header.map((name) => name.trim());
  const strange = columns.find((name) => !(COLUMNS as readonly string[]).includes(name));
  if (strange !== undefined || !columns.includes('id'))
    return wrong(
      1,
      strange ?? 'id',
      `expected the columns ${COLUMNS.join(', ')}; id must be there`,
    );
  if (new Set(columns).size < columns.length) return wrong(1, 'file', 'a column stands twice');
  if (body.length > MOST_ROWS) return wrong(MOST_ROWS + 2, 'file', `at most ${MOST_ROWS} robots`);
  const errors: FieldError[] = [];
  const robots = new Map<string, RobotEntry>();
  for (const [index, cells] of body.entries()) {
    const row = index + 2;
    const robot = robotOf(columns, cells, row, errors);
    if (robots.has(robot.id))
      errors.push({ row, field: 'id', message: `${robot.id} stands twice` });
    robots.set(robot.id, robot);
    if (errors.length >= MOST_ERRORS) break;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, robots: [...robots.values()] };
}

function robotOf(
  columns: readonly string[],
  cells: readonly string[],
  row: number,
  errors: FieldError[],
): RobotEntry {
  const found: Record<string, string | null> = { id: '', school: null, name: null, robotKey: null };
  if (cells.length !== columns.length) {
    const message = `expected ${columns.length} fields, found ${cells.length}`;
    errors.push({ row, field: 'row', message });
    return { id: `row ${row}`, school: null, name: null, robotKey: null };
  }
  for (const [index, name] of columns.entries()) {
    const parsed = fields[name as (typeof COLUMNS)[number]].safeParse((cells[index] ?? '').trim());
    if (parsed.success) found[name] = parsed.data;
    else errors.push({ row, field: name, message: parsed.error.issues[0]?.message ?? 'not valid' });
  }
  const { id, school = null, name = null, robotKey = null } = found;
  return { id: id || `row ${row}`, school, name, robotKey };
}

const wrong = (row: number, field: string, message: string): ParsedCsv => ({
  ...{ ok: false, errors: [{ row, field, message }] },
});

/** Undefined when a quoted field does not end. Empty lines are none. */
function rowsOf(text: string): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endField = (): void => {
    row.push(field);
    field = '';
  };
  const endRow = (): void => {
    endField();
    if (row.length > 1 || row[0]?.trim() !== '') rows.push(row);
    row = [];
  };
  const input = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  for (let at = 0; at < input.length; at++) {
    const letter = input[at] ?? '';
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (input[at + 1] === '"') field += input[at++];
      else quoted = false;
    } else if (letter === '"' && field === '') quoted = true;
    else if (letter === ',') endField();
    else if (letter === '\n') endRow();
    else field += letter;
  }
  if (quoted) return undefined;
  endRow();
  return rows;
}
