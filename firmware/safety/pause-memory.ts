import { z } from 'zod';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { Pause } from './pause.ts';

const FILE = 'pause.json';
const Saved = z.strictObject({ paused: z.boolean(), sessionSeen: z.boolean() });
type Saved = z.infer<typeof Saved>;

export interface Recalled {
  readonly pause: Pause;
  /** Another firmware process ran since the machine started: this is no power-up. */
  readonly restarted: boolean;
}

/**
 * The teacher's pause on a file in memory (tmpfs), so that a firmware that crashed comes up paused,
 * and a machine that was switched off does not. A file that cannot be understood is taken for a
 * pause: nobody is seen because of a broken file.
 */
export class PauseMemory {
  private kept: Saved | undefined;
  private writing = false;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly log: Log,
  ) {}

  async recall(nowMs: number): Promise<Recalled> {
    const text = await this.storage?.read(FILE).catch(() => '');
    if (text === undefined) return { pause: { name: 'running' }, restarted: false };
    const saved = parse(text);
    if (!saved) this.log.error({ file: FILE }, 'cannot be understood: the robot starts paused');
    const { paused, sessionSeen } = saved ?? { paused: true, sessionSeen: true };
    if (!paused) return { pause: { name: 'running' }, restarted: true };
    return { pause: { name: 'paused', sessionSeen, emptySinceMs: nowMs }, restarted: true };
  }

  /** To be called each tick: writes what has changed. */
  keep(pause: Pause): void {
    const paused = pause.name === 'paused';
    const sessionSeen = paused && pause.sessionSeen;
    const same = this.kept?.paused === paused && this.kept.sessionSeen === sessionSeen;
    if (same || this.writing || !this.storage) return;
    void this.write(this.storage, { paused, sessionSeen });
  }

  private async write(storage: Storage, saved: Saved): Promise<void> {
    this.writing = true;
    // Kept even if it fails: a disk that refuses must not be asked each tick. The next change tries.
    this.kept = saved;
    await storage
      .write(FILE, JSON.stringify(saved))
      .catch((error) => this.log.warn({ why: String(error) }, 'the pause cannot be kept'));
    this.writing = false;
  }
}

function parse(text: string): Saved | undefined {
  try {
    return Saved.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
