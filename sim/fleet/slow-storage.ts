import type { Clock } from '../../hal/ports/clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import type { Storage } from '../../hal/ports/storage.ts';

/** How long each write takes more than the disk itself, milliseconds; 0: a healthy disk. */
export interface DiskCondition {
  slowMs: number;
}

/** A disk that can become slow, as worn SD cards do: writes take longer, and none is lost. */
export class SlowStorage implements Storage {
  constructor(
    private readonly disk: Storage,
    private readonly clock: Clock,
    private readonly condition: DiskCondition,
  ) {}

  read(name: string): Promise<string | undefined> {
    return this.disk.read(name);
  }

  readLines(name: string): Promise<string[]> {
    return this.disk.readLines(name);
  }

  list(): Promise<string[]> {
    return this.disk.list();
  }

  async write(name: string, text: string): Promise<void> {
    await this.wait();
    await this.disk.write(name, text);
  }

  async append(name: string, line: string): Promise<void> {
    await this.wait();
    await this.disk.append(name, line);
  }

  async remove(name: string): Promise<void> {
    await this.wait();
    await this.disk.remove(name);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.wait();
    await this.disk.rename(from, to);
  }

  private async wait(): Promise<void> {
    if (this.condition.slowMs > 0) await delay(this.clock, this.condition.slowMs);
  }
}
