import type { z } from 'zod';
import { firstIssue } from '../../hal/common/json.ts';

/** Parses `json`; the error names in one line the field, and what was expected. */
export function expectShape<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(firstIssue(parsed.error));
}

/** Splits a list into entries that parse and others, which may be a newer version's or damaged. */
export function sortOut<T>(
  schema: z.ZodType<T>,
  list: readonly unknown[],
): { known: T[]; strange: unknown[] } {
  const known: T[] = [];
  const strange: unknown[] = [];
  for (const one of list) {
    const parsed = schema.safeParse(one);
    if (parsed.success) known.push(parsed.data);
    else strange.push(one);
  }
  return { known, strange };
}
