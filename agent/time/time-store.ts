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
/** Number of boots whose time of day is remembered, so that their records can be corrected. */
const MAX_BOOTS = 32;

const BootAnchor = z.looseObject({
  boot: z.string().min(1).max(64),
  /** Wall-clock time minus monotonic time in that boot. */
  offsetMs: z.number(),
  /** Monotonic; when it was last confirmed. */
  atMs: z.number(),
  trust: z.enum(TRUSTS),
  source: z.enum(TIME_SOURCES),
});
export type BootAnchor = z.infer<typeof BootAnchor>;

const File = z.looseObject({ knownMs: z.number().nonnegative(), boots: z.array(z.unknown()) });

interface TimeFile {
  /** The latest sure time, milliseconds since 1970: the present time is not before it. */
  readonly knownMs: number;
  readonly boots: readonly BootAnchor[];
  /** Fields of boots and file that are not understood: a newer version's; kept. */
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
    // A newer version's own format is not damage.
    return { value, strange: written.version > schema.migrations.length ? 0 : strange.length };
  },
  write: ({ knownMs, boots, strange, rest }) => ({
    ...rest,
    knownMs,
    boots: [...strange, ...boots],
  }),
};

/** Time state that survives restarts: the floor, and the start of each boot. */
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

  /** Starts without trust when the file is unreadable. */
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

  /** For a robot that has never known the time. */
  static fresh(storage: Storage, log: Log): TimeStore {
    return new TimeStore(new StateFile(storage, log, TIME_FILE, format), log);
  }

  get knownMs(): number {
    return this.file.knownMs;
  }

  anchorOf(boot: string): BootAnchor | undefined {
    return this.file.boots.find((one) => one.boot === boot);
  }

  /** Keeps the newest boots; an anchor never replaces a more trusted one of the same boot. */
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

/** The same moment, corrected by what is now known of its boot. */
export function setRight(
  wallMs: number,
  stamp: Stamp,
  anchor: BootAnchor | undefined,
): { wallMs: number; stamp: Stamp } {
  if (!anchor || !outranks(anchor.trust, stamp.trust)) return { wallMs, stamp };
  const { trust, source } = anchor;
  return { wallMs: anchor.offsetMs + stamp.monotonicMs, stamp: { ...stamp, trust, source } };
}
