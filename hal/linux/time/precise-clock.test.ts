import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PreciseClock } from './precise-clock.ts';

const SLICE_MS = 0.25;
const LAST_MS = 0.35;

const endings: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of endings.splice(0)) await end();
});

describe('PreciseClock', () => {
  it('beats on its grid, never before a beat, and drops beats that were missed', async () => {
    const clock = new PreciseClock();
    const start = clock.now();
    const beats: number[] = [];
    await new Promise<void>((resolve) => {
      const timer = clock.every(10, () => {
        beats.push(clock.now() - start);
        if (beats.length === 5) blockFor(clock, 35);
        if (beats.length < 20) return;
        timer.cancel();
        resolve();
      });
    });
    for (const beat of beats)
      expect(beat - 10 * Math.floor(beat / 10 + 0.005)).toBeGreaterThan(-0.1);
    const [before = 0, after = 0] = beats.slice(4, 6);
    expect(after - before).toBeGreaterThanOrEqual(34);
  });

  it('lets in what comes while a beat is waited for, except in the last moment', async () => {
    const { near, far } = await connection();
    let read = 0;
    far.on('data', (bytes) => {
      read += bytes.length;
    });
    let sent = 0;
    let sleeps: number[] = [];
    whenAsleep((ms) => {
      near.write('.');
      sent += 1;
      sleeps.push(ms);
    });
    const waits: { sleeps: number[]; unread: number }[] = [];
    await new Promise<void>((resolve) => {
      const timer = new PreciseClock().every(10, () => {
        // A loop that was woken late had nothing to wait for.
        if (sleeps.length > 1) waits.push({ sleeps, unread: sent - read });
        sleeps = [];
        if (waits.length < 10) return;
        timer.cancel();
        resolve();
      });
    });
    for (const { unread, sleeps } of waits) {
      expect(unread).toBeLessThanOrEqual(1);
      expect(Math.max(...sleeps)).toBeLessThanOrEqual(LAST_MS);
    }
  });

  it('gives no beat that was cancelled while it was waited for', async () => {
    let beats = 0;
    let beatsThen: number | undefined;
    await new Promise<void>((resolve) => {
      const timer = new PreciseClock().every(10, () => {
        beats += 1;
      });
      whenAsleep((ms) => {
        // A whole slice: not the last moment, from which a beat follows whatever happens.
        if (ms !== SLICE_MS || beatsThen !== undefined) return;
        beatsThen = beats;
        // In the turn of the event loop behind this sleep, as a command would.
        setImmediate(() => {
          timer.cancel();
          setTimeout(resolve, 30);
        });
      });
    });
    expect(beats).toBe(beatsThen);
  });

  it('refuses a period that is none', () => {
    expect(() => new PreciseClock().every(0, () => {})).toThrow(RangeError);
  });
});

function blockFor(clock: PreciseClock, ms: number): void {
  for (const end = clock.now() + ms; clock.now() < end; );
}

/** Two ends of a connection within this process; what one writes the other may read at once. */
async function connection(): Promise<{ near: Socket; far: Socket }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'precise-clock-'));
  endings.push(() => rm(folder, { recursive: true }));
  const at = path.join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = createConnection(at);
  await new Promise<void>((resolve) => near.once('connect', resolve));
  const far = await accepted;
  endings.unshift(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

/** Calls `act` just before each sleep in the kernel. */
function whenAsleep(act: (ms: number) => void): void {
  const { wait } = Atomics;
  vi.spyOn(Atomics, 'wait').mockImplementation(
    (array: Int32Array | BigInt64Array, index: number, value: number | bigint, ms?: number) => {
      act(ms ?? 0);
      return Reflect.apply(wait, Atomics, [array, index, value, ms]);
    },
  );
}
