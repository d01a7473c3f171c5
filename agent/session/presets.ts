import { z } from 'zod';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { PresetName, type RobotState } from '../wire/control.ts';
import type { Pose } from './aim.ts';

const FILE = 'presets.json';
const Stored = z.record(PresetName, z.strictObject({ pan: z.number(), tilt: z.number() }));

/** For a robot on a desk that faces the board, until a pupil stores better ones. Degrees. */
const defaults: RobotState['presets'] = {
  board: { pan: 0, tilt: 8 },
  teacher: { pan: 20, tilt: 5 },
  class: { pan: 150, tilt: 0 },
};

/** Where "board", "teacher" and "class" are for this robot on its desk. */
export class Presets {
  private stored: RobotState['presets'] = defaults;

  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
  ) {}

  get all(): RobotState['presets'] {
    return this.stored;
  }

  /** A file that cannot be read is no reason not to start: the defaults hold. */
  async load(): Promise<void> {
    try {
      const text = await this.storage.read(FILE);
      if (text !== undefined) this.stored = Stored.parse(JSON.parse(text));
    } catch (error) {
      this.log.warn({ file: FILE, error: String(error) }, 'presets unreadable; using the defaults');
    }
  }

  /** Holds at once; a failed write costs it at the next start only. */
  store(name: PresetName, pose: Pose): void {
    const { pan, tilt } = pose;
    this.stored = { ...this.stored, [name]: { pan, tilt } };
    this.storage
      .write(FILE, JSON.stringify(this.stored))
      .catch((error) => this.log.error({ file: FILE, error: String(error) }, 'preset not stored'));
  }
}
