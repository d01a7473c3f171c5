/** Queries as predicates: compiled once, run on each of ten thousand rows. */
import type { Operator, Query, QueryTest } from './query.ts';
import { type Field, fieldNamed, fields } from './query-fields.ts';
import { compareVersions, textMatcher } from './query-values.ts';
import type { RobotRow } from './robot-row.ts';

/** `nowMs`: milliseconds since 1970. */
export type RowPredicate = (row: RobotRow, nowMs: number) => boolean;

export function compileQuery(query: Query): RowPredicate {
  switch (query.kind) {
    case 'test':
      return compileTest(query);
    case 'not': {
      const inner = compileQuery(query.not);
      return (row, nowMs) => !inner(row, nowMs);
    }
    case 'and': {
      const parts = query.of.map(compileQuery);
      return (row, nowMs) => parts.every((part) => part(row, nowMs));
    }
    case 'or': {
      const parts = query.of.map(compileQuery);
      return (row, nowMs) => parts.some((part) => part(row, nowMs));
    }
  }
}

const never: RowPredicate = () => false;

function compileTest(test: QueryTest): RowPredicate {
  const { op } = test;
  if (op !== '!=') return compare(test, op);
  const equal = compare(test, '=');
  return (row, nowMs) => !equal(row, nowMs);
}

type Comparison = Exclude<Operator, '!='>;

/** A test of a newer version, of a field that is not known here, fits no robot. */
function compare({ field: name, value }: QueryTest, op: Comparison): RowPredicate {
  const known = fieldNamed(name);
  if (known === undefined) return never;
  const field: Field = fields[known];
  if (field.type === 'number') {
    if (value.type !== 'number') return never;
    const wanted = value.amount * (field.units[value.unit] ?? 1);
    const holds = ORDER[op];
    return (row, nowMs) => {
      const present = field.read(row, nowMs);
      return present !== undefined && holds(present === wanted ? 0 : present - wanted);
    };
  }
  if (value.type === 'number') return never;
  const { text, wild } = value;
  switch (field.type) {
    case 'flag':
      return field.flags[text] ?? never;
    case 'choice':
      return (row) => field.read(row) === text;
    case 'text': {
      const matches = textMatcher(text, wild);
      return (row) => field.read(row).some((one) => one !== undefined && matches(one));
    }
    case 'version': {
      const { read } = field;
      const fits = wild ? textMatcher(text, true) : versionMatcher(text, op);
      return (row) => {
        const version = read(row);
        return version !== undefined && fits(version);
      };
    }
  }
}

function versionMatcher(wanted: string, op: Comparison): (version: string) => boolean {
  const holds = ORDER[op];
  return (version) => holds(compareVersions(version, wanted));
}

const ORDER: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
