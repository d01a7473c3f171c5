import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { StateFile, type StateFormat } from '../state/state-file.ts';

/**
 * A value on disk that changes write-first: a change is neither visible nor answered before it is
 * on disk, and one that cannot be written has no effect. Changes run one after the other.
 */
export class StateCell<T> {
  private readonly queue = new SerialQueue();

  private constructor(
    private readonly file: StateFile<T>,
    private value: T,
    /** File and copy were damaged, or are a newer version's: `current` is the initial value. */
    readonly lost: boolean,
  ) {}

  /** Rejects with StateUnreadable while the disk cannot be read. */
  static async open<T>(
    storage: Storage,
    log: Log,
    { name, format, initial }: { name: string; format: StateFormat<T>; initial: T },
  ): Promise<StateCell<T>> {
    const file = new StateFile(storage, log, name, format);
    const loaded = await file.load();
    const lost = loaded.from === 'damaged' || loaded.from === 'newer';
    return new StateCell(file, 'value' in loaded ? loaded.value : initial, lost);
  }

  get current(): T {
    return this.value;
  }

  /** `decide` returns the value itself for no change. On disk when this resolves. */
  change(decide: (value: T) => T): Promise<void> {
    return this.queue.run(async () => {
      const next = decide(this.value);
      if (next === this.value) return;
      await this.file.save(next);
      this.value = next;
    });
  }
}
