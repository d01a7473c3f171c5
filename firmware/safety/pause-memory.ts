import { z } from 'zod';
import { enveloped, openEnvelope, sealEnvelope } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { FaultCode } from '../link/schema.ts';
import type { Pause } from './pause.ts';

/** The pause state. Missing while `begun` exists: paused. */
const FILE = 'pause.json';
/** Marker: firmware has run since boot. */
const BEGUN = 'begun';
/** Delay before a failed write is retried. */
const RETRY_MS = 1_000;

const schema = enveloped('pause');
const Saved = z.object({ paused: z.boolean(), sessionSeen: z.boolean() });
type Saved = z.infer<typeof Saved>;

interface Recalled {
  readonly pause: Pause;
  /** Another firmware process has run since boot: this is no power-up. */
  readonly restarted: boolean;
}

const FRESH: Recalled = { pause: { name: 'running' }, restarted: false };

/**
 * Stores the teacher's pause in tmpfs files, so that firmware restarts paused after a crash, but
 * not after a reboot. Fails safe: only a file that says so means "not paused", and a pause begins
 * by removing that file, which works even in a full folder. A file that cannot be read, parsed or
 * written, or that needs a newer reader, counts as a pause. It is then replaced, as nothing in it
 * survives a reboot.
 */
export class PauseMemory {
  private kept: Saved | undefined;
  private begun = false;
  /** `paused` of the last write attempt. */
  private tried: boolean | undefined;
  private writing = false;
  private retryMs = Number.NEGATIVE_INFINITY;
  private failing = false;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly log: Log,
  ) {}

  /** A pause would survive a crash; if not, the camera stays off. True without storage. */
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
    // If the folder is not writable now, an earlier pause may not have been written either.
    if (saved?.paused === false && this.begun)
      return { pause: { name: 'running' }, restarted: true };
    const sessionSeen = saved?.paused === true ? saved.sessionSeen : true;
    return { pause: { name: 'paused', sessionSeen, emptySinceMs: nowMs }, restarted: true };
  }

  /** To be called each tick: writes changes and retries failed writes. */
  keep(pause: Pause, nowMs: number): void {
    const paused = pause.name === 'paused';
    const sessionSeen = paused && pause.sessionSeen;
    const same = this.kept?.paused === paused && this.kept.sessionSeen === sessionSeen;
    if ((same && this.begun) || this.writing || !this.storage) return;
    // A new pause is written without delay.
    const urgent = paused && this.tried !== true;
    if (!urgent && nowMs < this.retryMs) return;
    void this.write(this.storage, { paused, sessionSeen }, nowMs);
  }

  private async write(storage: Storage, saved: Saved, nowMs: number): Promise<void> {
    this.writing = true;
    this.retryMs = nowMs + RETRY_MS;
    this.tried = saved.paused;
    if (!this.begun) await this.begin(storage, nowMs);
    let removed = true;
    if (saved.paused && this.kept?.paused !== true)
      removed = await storage.remove(FILE).then(
        () => true,
        () => false,
      );
    try {
      await storage.write(FILE, JSON.stringify(sealEnvelope(schema, { ...saved })));
      this.kept = saved;
      this.failing = false;
    } catch (error) {
      this.reportFailure(error);
      // The missing file already means a pause; only `sessionSeen` is not stored.
      this.kept = saved.paused && removed ? { paused: true, sessionSeen: true } : undefined;
      // A missing file means a pause only while the marker exists.
      this.begun &&= (await storage.read(BEGUN).catch(() => undefined)) !== undefined;
    }
    this.writing = false;
  }

  private async begin(storage: Storage, nowMs: number): Promise<void> {
    try {
      await storage.write(BEGUN, '');
      this.begun = true;
    } catch (error) {
      this.retryMs = nowMs + RETRY_MS;
      this.reportFailure(error);
    }
  }

  /** Logs once per outage. */
  private reportFailure(why: unknown): void {
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
