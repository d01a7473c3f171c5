import { checkLine, checkName, wholeLines } from '../../hal/linux/storage/storage-rules.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Random } from '../time/random.ts';

interface SlowDisk {
  readonly clock: Clock;
  readonly seed: number;
  /** What a sync takes, milliseconds. */
  readonly syncMs: number;
}

/** Something on its way to the disk: what a power cut at this moment would leave of it. */
interface UnderWay {
  readonly name: string;
  /** Bytes of an append that may have reached the disk; a write is atomic and leaves none. */
  readonly appended: string;
}

/**
 * Records in memory for scenarios. Without a slow disk each call ends at once and nothing can be
 * lost; with one a call takes a sync, and `cutPower` in between loses it.
 */
export class MemoryStorage implements Storage {
  private readonly files = new Map<string, string>();
  private readonly random: Random;
  private readonly underWay = new Set<UnderWay>();
  private last: Promise<void> = Promise.resolve();
  /** Counts power cuts: what was asked before one never ends after it. */
  private life = 0;

  constructor(private readonly slow?: SlowDisk) {
    this.random = new Random(slow?.seed ?? 1);
  }

  async read(name: string): Promise<string | undefined> {
    checkName(name);
    await this.last;
    return this.files.get(name);
  }

  async readLines(name: string): Promise<string[]> {
    return wholeLines((await this.read(name)) ?? '');
  }

  async write(name: string, text: string): Promise<void> {
    checkName(name);
    await this.synced({ name, appended: '' }, () => this.files.set(name, text));
  }

  async append(name: string, line: string): Promise<void> {
    checkName(name);
    checkLine(line);
    await this.synced({ name, appended: `${line}\n` }, () => {
      const before = this.files.get(name) ?? '';
      this.files.set(name, `${before.slice(0, before.lastIndexOf('\n') + 1)}${line}\n`);
    });
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    await this.synced({ name, appended: '' }, () => this.files.delete(name));
  }

  async rename(from: string, to: string): Promise<void> {
    checkName(from);
    checkName(to);
    await this.synced({ name: from, appended: '' }, () => {
      const text = this.files.get(from);
      if (text === undefined) return;
      this.files.delete(from);
      this.files.set(to, text);
    });
  }

  async list(): Promise<string[]> {
    await this.last;
    return [...this.files.keys()].sort();
  }

  /** Tests: everything that is on the disk, by name. */
  get contents(): ReadonlyMap<string, string> {
    return this.files;
  }

  /**
   * Power is gone at this moment: what has not been synced is lost, and an append may leave a part
   * of its line. The calls under way never end, as nobody is there any more to hear of them. The
   * object is the disk that the next process finds.
   */
  cutPower(): void {
    this.life += 1;
    const [first] = this.underWay;
    if (first?.appended) this.tear(first);
    this.underWay.clear();
    this.last = Promise.resolve();
  }

  /** Tests: a file as somebody else has left it. */
  leave(name: string, text: string): void {
    this.files.set(name, text);
  }

  /** Tests: puts half a line at the end of a file. */
  leaveHalfLine(name: string, half: string): void {
    this.files.set(name, `${this.files.get(name) ?? ''}${half}`);
  }

  private tear({ name, appended }: UnderWay): void {
    const reached = Math.floor(this.random.next() * appended.length);
    this.leaveHalfLine(name, appended.slice(0, reached));
  }

  /** One after the other, as one disk syncs. */
  private synced(work: UnderWay, act: () => void): Promise<void> {
    const { slow, life } = this;
    this.underWay.add(work);
    const turn = this.last.then(
      () =>
        new Promise<void>((resolve) => {
          const end = (): void => {
            if (life !== this.life) return;
            this.underWay.delete(work);
            act();
            resolve();
          };
          if (slow) slow.clock.after(slow.syncMs, end);
          else end();
        }),
    );
    this.last = turn;
    return turn;
  }
}
