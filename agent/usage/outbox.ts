import { z } from 'zod';
import { enveloped, openEnvelope } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Journal, journalFiles } from '../state/journal.ts';

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

/** Of the open record and of lines that bear an envelope. Ours bear none: 0.1.0 would send it along. */
export const usageSchema = enveloped('usage');

const NAME = 'usage';
export const OUTBOX_FILE = journalFiles(NAME).newest;

/** Complete records until the broker has acknowledged each. */
export type Outbox = Journal<StoredRecord>;
export const outboxOn = (storage: Storage, log: Log): Outbox =>
  new Journal(storage, log, { name: NAME, parse: parseRecord });

/** Undefined for a line that no version of ours would write, or that is a later one's alone. */
export function parseRecord(line: string): StoredRecord | undefined {
  try {
    return StoredRecord.safeParse(openEnvelope(usageSchema, JSON.parse(line)).fields).data;
  } catch {
    return undefined;
  }
}
