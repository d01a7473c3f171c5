import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { LatestWriter } from '../state/latest-writer.ts';
import { StateFile, type StateFormat } from '../state/state-file.ts';
import { PresetName, type RobotState } from '../wire/control.ts';
import type { Pose } from './aim.ts';

export const PRESETS_FILE = 'presets.json';
/** However often a pupil stores one, the disk writes no more often than this. */
const PRESETS_GAP_MS = 1_000;
const REFUSED_GAP_MS = 30_000;

/** No head of ours turns further. */
const Place = z.looseObject({
  pan: z.number().min(-180).max(180),
  tilt: z.number().min(-90).max(90),
});
type Named = RobotState['presets'];

/** For a robot on a desk that faces the board, until a pupil stores better ones. Degrees. */
const defaults: Named = {
  board: { pan: 0, tilt: 8 },
  teacher: { pan: 20, tilt: 5 },
  class: { pan: 150, tilt: 0 },
};

interface Kept {
  readonly places: Partial<Named>;
  /** Everything in the file, also what a newer version has added. */
  readonly rest: Fields;
}

const format: StateFormat<Kept> = {
  schema: enveloped('presets'),
  read(rest) {
    const places: Partial<Named> = {};
    let strange = 0;
    for (const name of PresetName.options) {
      const place = Place.safeParse(rest[name]);
      if (place.success) places[name] = { pan: place.data.pan, tilt: place.data.tilt };
      else if (name in rest) strange += 1;
    }
    return { value: { places, rest }, strange };
  },
  // A version before this one reads a file only when all of its names are there.
  write: ({ places, rest }) => ({ ...defaults, ...rest, ...within(rest, places) }),
};

/** What a newer version says of a place beside pan and tilt stays. */
function within(rest: Fields, places: Partial<Named>): Fields {
  return Object.fromEntries(
    Object.entries(places).map(([name, place]) => {
      const before = rest[name];
      return [name, { ...(typeof before === 'object' ? before : {}), ...place }];
    }),
  );
}

/** Where "board", "teacher" and "class" are for this robot on its desk. */
export class Presets {
  private kept: Kept = { places: {}, rest: {} };
  private readonly file: StateFile<Kept>;
  private readonly writer: LatestWriter<Kept>;

  constructor(
    storage: Storage,
    clock: Clock,
    private readonly log: Log,
    /** The disk refused (true) or works again. */
    onTrouble: (trouble: boolean) => void = () => {},
  ) {
    this.file = new StateFile(storage, log, PRESETS_FILE, format);
    const write = (kept: Kept): Promise<void> => this.file.save(kept);
    const onOutcome = (error: unknown): void => {
      onTrouble(error !== undefined);
      if (error !== undefined)
        log.error({ file: PRESETS_FILE, error: String(error) }, 'preset not stored yet');
    };
    const pace = { clock, afterWriteMs: PRESETS_GAP_MS, afterFailureMs: REFUSED_GAP_MS };
    this.writer = new LatestWriter(write, onOutcome, pace);
  }

  get all(): Named {
    return { ...defaults, ...this.kept.places };
  }

  /** A file that cannot be read is no reason not to start: the defaults hold. */
  async load(): Promise<void> {
    try {
      const loaded = await this.file.load();
      if ('value' in loaded) this.kept = loaded.value;
    } catch (error) {
      const fields = { file: PRESETS_FILE, error: String(error) };
      this.log.warn(fields, 'presets unreadable; using the defaults');
    }
  }

  /** Holds at once, and is on disk soon after; a disk that refuses is tried again. */
  store(name: PresetName, pose: Pose): void {
    const { pan, tilt } = pose;
    this.kept = { ...this.kept, places: { ...this.kept.places, [name]: { pan, tilt } } };
    this.writer.put(this.kept);
  }

  /** Resolves when the newest are on disk, or were refused. */
  settled(): Promise<void> {
    return this.writer.settled();
  }
}
