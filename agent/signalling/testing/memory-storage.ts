import type { Storage } from '../../../hal/ports/storage.ts';

/** In-memory storage that survives a robot's restart in a test, and can be made to fail. */
export class MemoryStorage implements Storage {
  readonly files = new Map<string, string>();
  failing = false;
  writes = 0;

  async read(name: string): Promise<string | undefined> {
    return this.files.get(name);
  }

  async write(name: string, text: string): Promise<void> {
    await Promise.resolve();
    if (this.failing) throw new Error('no space left on device');
    this.writes += 1;
    this.files.set(name, text);
  }

  async append(name: string, line: string): Promise<void> {
    this.files.set(name, `${this.files.get(name) ?? ''}${line}\n`);
  }

  async readLines(name: string): Promise<string[]> {
    return (this.files.get(name) ?? '').split('\n').slice(0, -1);
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }

  async rename(from: string, to: string): Promise<void> {
    const text = this.files.get(from);
    if (text === undefined) return;
    this.files.delete(from);
    this.files.set(to, text);
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()].sort();
  }
}
