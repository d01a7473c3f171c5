import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { LatestWriter } from '../state/latest-writer.ts';
import { expectShape, sortOut } from '../state/parsing.ts';
import { StateFile, type StateFormat } from '../state/state-file.ts';
import { TIME_SOURCES, TRUSTS } from '../wire/time-mark.ts';
import { outranks, type Stamp } from './moment.ts';

export const TIME_FILE = 'time.json';
/** Boots whose time of day is remembered, the newest: records of them can still be set right. */
const MAX_BOOTS = 32;

const BootAnchor = z.looseObject({
  boot: z.string().min(1).max(64),
  /** What makes a wall clock of that boot's monotonic one. */
  offsetMs: z.number(),
  /** Monotonic, when it was confirmed last. */
  atMs: z.number(),
  trust: z.enum(TRUSTS),
  source: z.enum(TIME_SOURCES),
});
export type BootAnchor = z.infer<typeof BootAnchor>;

const File = z.looseObject({ knownMs: z.number().nonnegative(), boots: z.array(z.unknown()) });

interface TimeFile {
  /** The latest time that was sure, milliseconds since 1970: now cannot be before it. */
  readonly knownMs: number;
  readonly boots: readonly BootAnchor[];
  /** What is not understood of the boots and of the file: a newer version's, kept. */
  readonly strange: readonly unknown[];
  readonly rest: Fields;
}

const nothingKnown: TimeFile = { knownMs: 0, boots: [], strange: [], rest: {} };

const schema = enveloped('time');
const format: StateFormat<TimeFile> = {
  schema,
  read(fields, written) {
    const { knownMs, boots, ...rest } = expectShape(File, fields);
    const { known, strange } = sortOut(BootAnchor, boots);
    const value = { knownMs, boots: known, strange: strange.slice(-MAX_BOOTS), rest };
    // What a newer version writes in its own way is no damage.
    return { value, strange: written.version > schema.migrations.length ? 0 : strange.length };
  },
  write: ({ knownMs, boots, strange, rest }) => ({
    ...rest,
    knownMs,
    boots: [...strange, ...boots],
  }),
};

/** What is remembered of time over restarts: the floor, and which boot began when. */
export class TimeStore {
  private readonly writer: LatestWriter<TimeFile>;

  private constructor(
    disk: StateFile<TimeFile>,
    log: Log,
    private file: TimeFile = nothingKnown,
  ) {
    this.writer = new LatestWriter(
      (newest) => disk.save(newest),
      (error) =>
        error !== undefined &&
        log.warn({ error: String(error) }, 'what is known of the time was not written'),
    );
  }

  /** A file that cannot be read costs trust, never the start. */
  static async open(storage: Storage, log: Log): Promise<TimeStore> {
    const disk = new StateFile(storage, log, TIME_FILE, format);
    const loaded = await disk.load().catch((error: unknown) => {
      log.warn(
        { file: TIME_FILE, error: String(error) },
        'what was known of the time is unreadable',
      );
      return undefined;
    });
    return new TimeStore(disk, log, loaded && 'value' in loaded ? loaded.value : undefined);
  }

  /** Of a robot that has never known the time. */
  static fresh(storage: Storage, log: Log): TimeStore {
    return new TimeStore(new StateFile(storage, log, TIME_FILE, format), log);
  }

  get knownMs(): number {
    return this.file.knownMs;
  }

  anchorOf(boot: string): BootAnchor | undefined {
    return this.file.boots.find((one) => one.boot === boot);
  }

  /** Newest first to go last; a better word on a boot is never replaced by a worse one. */
  remember(anchor: BootAnchor, knownMs: number): void {
    const before = this.anchorOf(anchor.boot);
    const kept = before && outranks(before.trust, anchor.trust) ? before : { ...before, ...anchor };
    const others = this.file.boots.filter((one) => one.boot !== anchor.boot);
    const boots = [...others, kept].slice(-MAX_BOOTS);
    this.file = { ...this.file, boots, knownMs: Math.max(this.file.knownMs, knownMs) };
    this.writer.put(this.file);
  }

  settled(): Promise<void> {
    return this.writer.settled();
  }
}

/** The same moment with what is known by now of the boot in which it was. */
export function setRight(
  wallMs: number,
  stamp: Stamp,
  anchor: BootAnchor | undefined,
): { wallMs: number; stamp: Stamp } {
  if (!anchor || !outranks(anchor.trust, stamp.trust)) return { wallMs, stamp };
  const { trust, source } = anchor;
  return { wallMs: anchor.offsetMs + stamp.monotonicMs, stamp: { ...stamp, trust, source } };
}
