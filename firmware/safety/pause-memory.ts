import { z } from 'zod';
import { enveloped, openEnvelope, sealEnvelope } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { FaultCode } from '../link/schema.ts';
import type { Pause } from './pause.ts';

/** Says how it is. Gone, while `begun` is there: paused. */
const FILE = 'pause.json';
/** Firmware ran since the machine started. */
const BEGUN = 'begun';
/** What a folder refuses is tried again after this. */
const AGAIN_MS = 1_000;

const schema = enveloped('pause');
const Saved = z.object({ paused: z.boolean(), sessionSeen: z.boolean() });
type Saved = z.infer<typeof Saved>;

interface Recalled {
  readonly pause: Pause;
  /** Another firmware process ran since the machine started: this is no power-up. */
  readonly restarted: boolean;
}

const FRESH: Recalled = { pause: { name: 'running' }, restarted: false };

/**
 * The teacher's pause on files in memory (tmpfs), so that a firmware that crashed comes up paused,
 * and a machine that was switched off does not. Only a file that says so proves that nobody has
 * paused, and a pause begins by taking that file away, for which no folder is too full. What cannot
 * be read, understood or written is a pause, and so is what a newer version keeps to itself: nobody
 * is seen because of a file. It is then replaced, as nothing in it outlives the machine.
 */
export class PauseMemory {
  private kept: Saved | undefined;
  private begun = false;
  /** What was to be kept last. */
  private tried: boolean | undefined;
  private writing = false;
  private againMs = Number.NEGATIVE_INFINITY;
  private failing = false;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly log: Log,
  ) {}

  /** A pause would outlive a crash. Without, nobody is to be seen; true where nothing is to be kept. */
  get works(): boolean {
    return this.begun || !this.storage;
  }

  faults(add: (code: FaultCode) => void): void {
    if (!this.works) add('pauseMemory');
  }

  async recall(nowMs: number): Promise<Recalled> {
    const { storage } = this;
    if (!storage) return FRESH;
    const [text, begun] = await Promise.all([
      storage.read(FILE).catch(() => ''),
      storage.read(BEGUN).catch(() => ''),
    ]);
    await this.begin(storage, nowMs);
    if (text === undefined && begun === undefined) return FRESH;
    const saved = text === undefined ? undefined : parse(text);
    if (text !== undefined && !saved)
      this.log.error({ file: FILE }, 'cannot be understood: the robot starts paused');
    // A folder that takes nothing now may not have taken the pause either.
    if (saved?.paused === false && this.begun)
      return { pause: { name: 'running' }, restarted: true };
    const sessionSeen = saved?.paused === true ? saved.sessionSeen : true;
    return { pause: { name: 'paused', sessionSeen, emptySinceMs: nowMs }, restarted: true };
  }

  /** To be called each tick: writes what has changed, and what could not be written before. */
  keep(pause: Pause, nowMs: number): void {
    const paused = pause.name === 'paused';
    const sessionSeen = paused && pause.sessionSeen;
    const same = this.kept?.paused === paused && this.kept.sessionSeen === sessionSeen;
    if ((same && this.begun) || this.writing || !this.storage) return;
    // A pause that begins does not wait.
    const urgent = paused && this.tried !== true;
    if (!urgent && nowMs < this.againMs) return;
    void this.write(this.storage, { paused, sessionSeen }, nowMs);
  }

  private async write(storage: Storage, saved: Saved, nowMs: number): Promise<void> {
    this.writing = true;
    this.againMs = nowMs + AGAIN_MS;
    this.tried = saved.paused;
    if (!this.begun) await this.begin(storage, nowMs);
    let gone = true;
    if (saved.paused && this.kept?.paused !== true)
      gone = await storage.remove(FILE).then(
        () => true,
        () => false,
      );
    try {
      await storage.write(FILE, JSON.stringify(sealEnvelope(schema, { ...saved })));
      this.kept = saved;
      this.failing = false;
    } catch (error) {
      this.fails(error);
      // Without its file a pause is kept all the same, only not whether a session saw it.
      this.kept = saved.paused && gone ? { paused: true, sessionSeen: true } : undefined;
      // That a file is gone says something only while the mark is there.
      this.begun &&= (await storage.read(BEGUN).catch(() => undefined)) !== undefined;
    }
    this.writing = false;
  }

  private async begin(storage: Storage, nowMs: number): Promise<void> {
    try {
      await storage.write(BEGUN, '');
      this.begun = true;
    } catch (error) {
      this.againMs = nowMs + AGAIN_MS;
      this.fails(error);
    }
  }

  /** Said once, until it is over. */
  private fails(why: unknown): void {
    if (!this.failing)
      this.log.error({ why: String(why) }, 'the pause cannot be kept; trying again');
    this.failing = true;
  }
}

function parse(text: string): Saved | undefined {
  try {
    return Saved.safeParse(openEnvelope(schema, JSON.parse(text)).fields).data;
  } catch {
    return undefined;
  }
}
