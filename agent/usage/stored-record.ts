import { z } from 'zod';
import { jsonOf } from '../../hal/common/json.ts';

/**
 * A usage record as it may lie on disk: of this version, an older or a newer one. What every version
 * has is looked at; the rest goes to the fleet as it is.
 */
export const StoredRecord = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  robot: z.string().min(1).max(64),
  start: z.number().nonnegative(),
  end: z.number().nonnegative(),
  minutes: z.number().nonnegative(),
  why: z.string().min(1).max(40),
});
export type StoredRecord = z.infer<typeof StoredRecord>;

/** Undefined for a line that no version of ours would write; it may still be one of a later one. */
export function parseRecord(line: string): StoredRecord | undefined {
  return StoredRecord.safeParse(jsonOf(line)).data;
}
