import type { Clock, Timer } from '../../hal/ports/clock.ts';

interface Entry {
  atMs: number;
  order: number;
  act: () => void;
}

/** How often pending promises get their turn after an event, enough for long await chains. */
const SETTLE_ROUNDS = 25;

/**
 * Simulated time: it moves only in `advance`, from timer to timer, in order, and lets promises and
 * cryptography settle after each. Wall time starts at a fixed date and may be set apart from
 * monotonic time.
 */
export class SimClock implements Clock {
  private nowMs = 1_000;
  private wallOffsetMs = Date.UTC(2026, 0, 12, 8, 0, 0) - 1_000;
  private order = 0;
  private entries: Entry[] = [];

  constructor() {
    watchRealWork();
  }

  now(): number {
    return this.nowMs;
  }

  wall(): number {
    return this.nowMs + this.wallOffsetMs;
  }

  /** Moves the wall clock as a time server would: monotonic time goes on untouched. */
  jumpWall(ms: number): void {
    this.wallOffsetMs += ms;
  }

  after(ms: number, act: () => void): Timer {
    const entry: Entry = { atMs: this.nowMs + Math.max(0, ms), order: this.order++, act };
    this.entries.push(entry);
    return {
      cancel: () => {
        this.entries = this.entries.filter((other) => other !== entry);
      },
    };
  }

  every(ms: number, act: () => void): Timer {
    if (!(ms > 0)) throw new RangeError(`every: expected more than 0 ms, got ${ms}`);
    const start = this.nowMs;
    let beat = 0;
    let timer: Timer = { cancel: () => {} };
    const arm = (): void => {
      beat += 1;
      timer = this.after(start + beat * ms - this.nowMs, () => {
        arm();
        act();
      });
    };
    arm();
    return { cancel: () => timer.cancel() };
  }

  /** Moves time on by `ms`, firing all that falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.takeDue(end);
      if (!next) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.act();
      await settle();
    }
    this.nowMs = end;
    await settle();
  }

  /** Advances in steps until `done` holds; fails after `limitMs` of simulated time. */
  async until(done: () => boolean, limitMs: number, stepMs = 10): Promise<void> {
    const end = this.nowMs + limitMs;
    while (!done()) {
      if (this.nowMs >= end) throw new Error(`not reached within ${limitMs} ms of simulated time`);
      await this.advance(stepMs);
    }
  }

  private takeDue(end: number): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.entries) {
      if (entry.atMs > end) continue;
      if (!best || entry.atMs < best.atMs || (entry.atMs === best.atMs && entry.order < best.order))
        best = entry;
    }
    if (best) this.entries = this.entries.filter((entry) => entry !== best);
    return best;
  }
}

async function settle(): Promise<void> {
  for (;;) {
    for (let round = 0; round < SETTLE_ROUNDS; round++) await Promise.resolve();
    const work = realWork();
    if (!work) return;
    await work;
  }
}

const METHODS = [
  ...['decrypt', 'deriveBits', 'deriveKey', 'digest', 'encrypt', 'exportKey', 'generateKey'],
  ...['importKey', 'sign', 'unwrapKey', 'verify', 'wrapKey'],
] as const;

const pending = new Set<Promise<unknown>>();
let watched = false;

/**
 * From now on the cryptography of this process is counted, so that simulated time waits for it: it
 * runs on threads of its own, and takes as long as a busy machine lets it. Without this, time runs ahead of a signature, and a
 * test fails for being slow.
 */
function watchRealWork(): void {
  if (watched) return;
  watched = true;
  const subtle: Record<string, unknown> = Object.getPrototypeOf(globalThis.crypto.subtle);
  for (const method of METHODS) {
    const original = subtle[method];
    if (typeof original !== 'function') throw new Error(`no crypto.subtle.${method}`);
    subtle[method] = function (this: SubtleCrypto, ...args: unknown[]): Promise<unknown> {
      const work: Promise<unknown> = original.apply(this, args);
      const forget = (): void => void pending.delete(work);
      pending.add(work);
      work.then(forget, forget);
      return work;
    };
  }
}

/** Resolves when what is running now is done; undefined when nothing is. */
export function realWork(): Promise<unknown> | undefined {
  return pending.size === 0 ? undefined : Promise.allSettled(pending);
}
