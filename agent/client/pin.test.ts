import { beforeEach, expect, test, vi } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { StoredBinding } from './bindings.ts';
import { type KeyValueStore, memoryStore } from './key-value-store.ts';
import { PBKDF2_ROUNDS, PinLock } from './pin.ts';

const binding: StoredBinding = {
  ...{ robot: 'robot-1', robotKey: 'k'.repeat(43), broker: 'wss://broker.example/mqtt' },
  keyId: 'a'.repeat(32),
};

let clock: SimClock;
let store: KeyValueStore;
let kept: Map<string, unknown>;
let lock: PinLock;

beforeEach(() => {
  // The rounds are what makes a PIN slow to guess; tests that only need a key use one.
  const derive = crypto.subtle.deriveBits.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation((kdf, key, length) =>
    derive({ ...(kdf as Pbkdf2Params), iterations: 1 }, key, length),
  );
  clock = new SimClock();
  const inner = memoryStore();
  kept = new Map();
  store = {
    get: inner.get,
    put: (name, value) => {
      kept.set(name, value);
      return inner.put(name, value);
    },
    remove: (name) => {
      kept.delete(name);
      return inner.remove(name);
    },
  };
  lock = new PinLock(store, clock);
  return () => vi.restoreAllMocks();
});

const reopened = (): PinLock => new PinLock(store, clock);

/** All bytes on the store, as somebody sees who has the tablet's disk but no PIN. */
function stored(): string {
  return [...kept.values()]
    .flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
    .map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value),
    )
    .join('\n');
}

test('without a PIN the list is open', async () => {
  await lock.save([binding]);
  expect(await reopened().load()).toEqual([binding]);
  expect(await lock.isSet()).toBe(false);
  await expect(lock.unlock('1234')).rejects.toMatchObject({ kind: 'notSet' });
});

test('with a PIN nothing of it can be read, in memory or on disk, until it is given', async () => {
  await lock.save([binding]);
  await lock.set('2468');
  expect(await lock.load()).toEqual([binding]);
  expect(stored()).not.toContain('robot-1');
  expect(stored()).not.toContain('broker.example');
  const other = reopened();
  expect(await other.isLocked()).toBe(true);
  await expect(other.load()).rejects.toMatchObject({ reason: 'locked' });
  await expect(other.save([])).rejects.toMatchObject({ reason: 'locked' });
  await other.unlock('2468');
  expect(await other.load()).toEqual([binding]);
  other.lock();
  await expect(other.load()).rejects.toMatchObject({ reason: 'locked' });
});

test('what is added while open is sealed as well', async () => {
  await lock.set('2468');
  await lock.save([binding]);
  expect(stored()).not.toContain('robot-1');
  const other = reopened();
  await other.unlock('2468');
  expect(await other.load()).toEqual([binding]);
});

test('the key is slow and cannot leave the device', async () => {
  await lock.set('2468');
  const sealed = kept.get('bindings/sealed');
  expect(sealed).toMatchObject({ rounds: PBKDF2_ROUNDS });
  expect(PBKDF2_ROUNDS).toBeGreaterThanOrEqual(600_000);
  const half = kept.get('bindings/device-half') as CryptoKey;
  await expect(crypto.subtle.exportKey('raw', half)).rejects.toThrow();
  // The same store without the device's half: the right PIN opens nothing.
  await store.remove('bindings/device-half');
  await expect(reopened().unlock('2468')).rejects.toMatchObject({ kind: 'wrongPin' });
});

test('wrong tries slow down, over reloads, and the right one clears them', async () => {
  await lock.set('2468');
  const waits: number[] = [];
  for (let n = 0; n < 6; n++) {
    const wrong = await reopened()
      .unlock('1111')
      .catch((error: { kind: string; waitMs: number }) => error);
    expect(wrong).toMatchObject({ kind: 'wrongPin' });
    waits.push(wrong?.waitMs ?? -1);
    if (waits.at(-1)) {
      await expect(reopened().unlock('2468')).rejects.toMatchObject({ kind: 'tooSoon' });
      await clock.advance(waits.at(-1) ?? 0);
    }
  }
  expect(waits).toEqual([0, 0, 5_000, 15_000, 60_000, 300_000]);
  await reopened().unlock('2468');
  await expect(reopened().unlock('1111')).rejects.toMatchObject({ waitMs: 0 });
});

test('a clock that was set back does not lock for longer than the wait', async () => {
  await lock.set('2468');
  for (let n = 0; n < 3; n++) await lock.unlock('1111').catch(() => undefined);
  clock.jumpWall(-365 * 24 * 3_600_000);
  const tooSoon = { kind: 'tooSoon', waitMs: 5_000 };
  await expect(lock.unlock('2468')).rejects.toMatchObject(tooSoon);
  await clock.advance(5_000);
  await lock.unlock('2468');
});

test('changing and removing need the PIN', async () => {
  await lock.save([binding]);
  await lock.set('2468');
  await expect(lock.set('1357')).rejects.toMatchObject({ kind: 'alreadySet' });
  await expect(lock.change('1111', '1357')).rejects.toMatchObject({ kind: 'wrongPin' });
  await expect(lock.change('2468', '13')).rejects.toMatchObject({ kind: 'badPin' });
  await lock.change('2468', '1357');
  await expect(reopened().unlock('2468')).rejects.toMatchObject({ kind: 'wrongPin' });
  await expect(lock.remove('2468')).rejects.toMatchObject({ kind: 'wrongPin' });
  await lock.remove('1357');
  expect(await reopened().load()).toEqual([binding]);
});
