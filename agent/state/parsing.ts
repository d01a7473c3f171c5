import type { z } from 'zod';
import { firstIssue } from '../../hal/common/json.ts';

/** What `schema` makes of it, or an error that says in one line which field, and what was expected. */
export function expectShape<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(firstIssue(parsed.error));
}

/** Tells what can be used of a list from what a newer version may know, or a disk has bitten. */
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
