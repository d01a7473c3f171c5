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
/** Minimum time between writes, however often a pupil stores a preset. */
const PRESETS_GAP_MS = 1_000;
const REFUSED_GAP_MS = 30_000;

/** Limits of any board's head. Degrees. */
const Place = z.looseObject({
  pan: z.number().min(-180).max(180),
  tilt: z.number().min(-90).max(90),
});
type Named = RobotState['presets'];

/** Until a pupil stores others; for a robot on a desk that faces the board. Degrees. */
const defaults: Named = {
  board: { pan: 0, tilt: 8 },
  teacher: { pan: 20, tilt: 5 },
  class: { pan: 150, tilt: 0 },
};

interface Kept {
  readonly places: Partial<Named>;
  /** All fields of the file, including those of a newer version. */
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
  // Earlier versions read the file only when all names are present.
  write: ({ places, rest }) => ({ ...defaults, ...rest, ...within(rest, places) }),
};

/** Merges the places into the file's fields, keeping a newer version's beside pan and tilt. */
function within(rest: Fields, places: Partial<Named>): Fields {
  return Object.fromEntries(
    Object.entries(places).map(([name, place]) => {
      const before = rest[name];
      return [name, { ...(typeof before === 'object' ? before : {}), ...place }];
    }),
  );
}

/** The presets "board", "teacher" and "class" of this robot at its desk. */
export class Presets {
  private kept: Kept = { places: {}, rest: {} };
  private readonly file: StateFile<Kept>;
  private readonly writer: LatestWriter<Kept>;

  constructor(
    storage: Storage,
    clock: Clock,
    private readonly log: Log,
    /** A write failed (true), or succeeds again. */
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

  /** With an unreadable file the defaults apply. */
  async load(): Promise<void> {
    try {
      const loaded = await this.file.load();
      if ('value' in loaded) this.kept = loaded.value;
    } catch (error) {
      const fields = { file: PRESETS_FILE, error: String(error) };
      this.log.warn(fields, 'presets unreadable; using the defaults');
    }
  }

  /** In effect at once, on disk soon after; failed writes are retried. */
  store(name: PresetName, pose: Pose): void {
    const { pan, tilt } = pose;
    this.kept = { ...this.kept, places: { ...this.kept.places, [name]: { pan, tilt } } };
    this.writer.put(this.kept);
  }

  /** The defaults apply again, and nothing is on disk; for the next pupil. */
  async forget(): Promise<void> {
    this.kept = { places: {}, rest: {} };
    await this.writer.settled();
    await this.file.remove();
  }

  /** Resolves when the latest presets are on disk, or the write failed. */
  settled(): Promise<void> {
    return this.writer.settled();
  }
}
