import { z } from 'zod';
import { enveloped, openEnvelope } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Journal, journalFiles } from '../state/journal.ts';

/**
 * A usage record as stored on disk by this, an older or a newer version. The fields common to all
 * versions are validated; the rest is passed to the fleet unchanged.
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

/** For the open record and lines with an envelope. Ours have none: 0.1.0 would send it along. */
export const usageSchema = enveloped('usage');

const NAME = 'usage';
export const OUTBOX_FILE = journalFiles(NAME).newest;

/** Complete records, each until the broker has acknowledged it. */
export type Outbox = Journal<StoredRecord>;
export const outboxOn = (storage: Storage, log: Log): Outbox =>
  new Journal(storage, log, { name: NAME, parse: parseRecord });

/** Undefined for an invalid line, or one that only a later version can read. */
export function parseRecord(line: string): StoredRecord | undefined {
  try {
    return StoredRecord.safeParse(openEnvelope(usageSchema, JSON.parse(line)).fields).data;
  } catch {
    return undefined;
  }
}
