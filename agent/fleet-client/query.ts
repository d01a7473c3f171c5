/**
 * Queries for robots, which make dynamic groups: `school:norra and version<0.3 and state:ready`.
 *
 *     query = all { "or" all }          all  = one { "and" one }
 *     one   = "not" one | "(" query ")" | test
 *     test  = field operator value      operator: `:` or `=`, `!=`, `<`, `<=`, `>`, `>=`
 *
 * A value is a word, in which `*` stands for any characters, or a text in double quotes (`\` before
 * `"` and `\`), in which nothing does. Case does not matter. The fields: query-fields.ts. A robot
 * that never said a value fits no comparison with it but `!=`, which is the opposite of `=`.
 */

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** Longest query, UTF-16 code units; most tests in one; deepest nesting of `not` and brackets. */
export const MAX_QUERY_LENGTH = 1_000;
export const MAX_TESTS = 64;
export const MAX_DEPTH = 32;

export type QueryValue =
  /** `wild`: each `*` stands for any characters. */
  | { readonly type: 'text'; readonly text: string; readonly wild: boolean }
  /** Empty unit: the field's own. */
  | { readonly type: 'number'; readonly amount: number; readonly unit: string };

export interface QueryTest {
  readonly kind: 'test';
  /** Its name in the table of fields. */
  readonly field: string;
  readonly op: Operator;
  readonly value: QueryValue;
}

/** At least two parts; an `and` has no `and` among them, an `or` no `or`. */
export type Query =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly not: Query }
  | QueryTest;

/** The query as text: `parseQuery(formatQuery(query))` is the query. */
export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'test':
      return `${query.field}${signOf(query)}${formatValue(query.value)}`;
    case 'not':
      return `not ${bracketed(query.not, ['and', 'or'])}`;
    case 'and':
      return query.of.map((one) => bracketed(one, ['or'])).join(' and ');
    case 'or':
      return query.of.map((one) => formatQuery(one)).join(' or ');
  }
}

/** As people write it: `state:ready`, `battery=20%`. */
const signOf = ({ op, value }: QueryTest): string =>
  op === '=' && value.type === 'text' ? ':' : op;

function bracketed(query: Query, kinds: readonly Query['kind'][]): string {
  const text = formatQuery(query);
  return kinds.includes(query.kind) ? `(${text})` : text;
}

function formatValue(value: QueryValue): string {
  if (value.type === 'number') return `${value.amount}${value.unit}`;
  return value.wild || /^[\p{L}\p{N}._-]+$/u.test(value.text) ? value.text : quoteText(value.text);
}

export const quoteText = (text: string): string => `"${text.replace(/["“”\\]/g, '\\$&')}"`;
