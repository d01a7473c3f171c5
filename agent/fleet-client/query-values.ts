/** Values in queries: read for their field, and compared with what a row has. */
import { slips } from '../../hal/common/slips.ts';
import type { Operator, QueryValue } from './query.ts';
import { choicesOf, type Field, type FieldName, fields } from './query-fields.ts';
import type { QueryFault } from './query-words.ts';

export type ReadValue =
  | { readonly ok: true; readonly value: QueryValue }
  | { readonly ok: false; readonly fault: QueryFault; readonly of: 'operator' | 'value' };

interface Written {
  readonly text: string;
  readonly quoted: boolean;
}

/** What a bare number looks like; the rest is its unit. */
const NUMBER = /^([+-]?\d{1,12}(?:\.\d{1,6})?)(.*)$/s;
const VERSION = /^v?\d{1,9}(?:\.\d{1,9}){0,3}(?:[-+][0-9A-Za-z.+-]{1,40})?$/;

export function valueFor(name: FieldName, op: Operator, { text, quoted }: Written): ReadValue {
  const field: Field = fields[name];
  const wild = !quoted && text.includes('*');
  const about = { field: name, found: text };
  const refuse = (fault: QueryFault): ReadValue => ({ ok: false, fault, of: 'value' });
  const equality = op === '=' || op === '!=';
  if (!equality && field.type !== 'number' && field.type !== 'version')
    return { ok: false, fault: { name: 'noOrder', field: name, found: op }, of: 'operator' };
  switch (field.type) {
    case 'text':
      return { ok: true, value: { type: 'text', text, wild } };
    case 'version':
      if (!(wild && equality) && !VERSION.test(text))
        return refuse({ name: 'versionWanted', ...about });
      return { ok: true, value: { type: 'text', text, wild } };
    case 'choice':
    case 'flag': {
      const choices = choicesOf(name);
      const lower = text.toLowerCase();
      const choice = choices.find((one) => one.toLowerCase() === lower);
      if (choice !== undefined)
        return { ok: true, value: { type: 'text', text: choice, wild: false } };
      const meant = nearest(text, choices);
      if (meant !== undefined) return refuse({ name: 'meantValue', ...about, meant });
      return refuse({ name: 'unknownValue', ...about, values: choices.join(', ') });
    }
    case 'number': {
      const value = numberIn(text, field.units);
      if (!value) return refuse({ name: 'numberWanted', ...about, example: field.example });
      return { ok: true, value };
    }
  }
}

function numberIn(text: string, units: Readonly<Record<string, number>>): QueryValue | undefined {
  const [, digits, rest = ''] = NUMBER.exec(text) ?? [];
  const lower = rest.toLowerCase();
  const unit = Object.keys(units).find((one) => one.toLowerCase() === lower);
  if (digits === undefined || unit === undefined) return undefined;
  // No negative zero, which would not come back from its text.
  return { type: 'number', amount: Number(digits) + 0, unit };
}

/** What may have been meant; undefined: nothing is near. */
export function nearest(text: string, among: readonly string[]): string | undefined {
  const lower = text.toLowerCase().slice(0, 40);
  const near = among
    .map((one) => ({ one, count: slips(lower, one.toLowerCase()) }))
    .filter(({ one, count }) => count <= Math.max(1, Math.floor(one.length / 3)))
    .sort((a, b) => a.count - b.count);
  return near[0]?.one;
}

/** Whole, whatever the case. */
export function textMatcher(text: string, wild: boolean): (value: string) => boolean {
  const wanted = text.toLowerCase();
  if (!wild) return (value) => value.toLowerCase() === wanted;
  const parts = wanted.split('*');
  return (value) => fits(value.toLowerCase(), parts);
}

/** Linear: a regular expression of many stars could take for ever. */
function fits(value: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (value.length < first.length + last.length) return false;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Order of versions: numbers as numbers, missing ones are 0; a preliminary version (`-rc.1`) is
 * before its release (Semantic Versioning 2.0.0, 11), and what follows `+` does not count.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionParts(a), versionParts(b)];
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
    const order = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (order !== 0) return order;
  }
  if (left.preliminary === right.preliminary) return 0;
  if (left.preliminary === '') return 1;
  if (right.preliminary === '') return -1;
  return left.preliminary.localeCompare(right.preliminary, 'en', { numeric: true });
}

function versionParts(text: string): { numbers: number[]; preliminary: string } {
  const [core = ''] = text.replace(/^v/i, '').split('+');
  const dash = core.indexOf('-');
  const numbers = (dash < 0 ? core : core.slice(0, dash)).split('.').map((part) => {
    const number = Number.parseInt(part, 10);
    return Number.isNaN(number) ? 0 : number;
  });
  return { numbers, preliminary: dash < 0 ? '' : core.slice(dash + 1) };
}
