/** Disk faults in the robot's keys and device registry, and who is then let in or kept out. */
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { MemoryStorage } from '../signalling/testing/memory-storage.ts';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { FakeTime } from '../time/testing/fake-time.ts';
import { freshNonce, thumbprint } from '../wire/token.ts';
import { Access } from './access.ts';
import { AccessLoader, type AccessLoaderFault, REOPEN_MS } from './access-loader.ts';
import { RECORDS_FILE } from './record-store.ts';
import { KEYS_FILE } from './robot-keys.ts';

let clock: SimClock;
let storage: MemoryStorage;
let faults: readonly AccessLoaderFault[];
let opens: number;

beforeEach(() => {
  clock = new SimClock();
  storage = new MemoryStorage();
  faults = [];
  opens = 0;
});

const parts = () => ({
  ...{ robot: 'robot-1', storage, clock, log: silentLog, time: new FakeTime(clock) },
});

async function openLoader(): Promise<AccessLoader> {
  const accessLoader = new AccessLoader({
    ...parts(),
    onOpen: () => {
      opens += 1;
    },
    onFaults: (now) => {
      faults = now;
    },
  });
  await accessLoader.open();
  return accessLoader;
}

/** A robot with one bound device, whose invitation is used. */
async function bindOneDevice(): Promise<{ device: string; robotKey: string }> {
  const access = await Access.open(parts());
  const secret = freshNonce();
  await access.registry.invite(secret, 7);
  const { jwk } = await makeSigner();
  const device = await thumbprint(jwk);
  await access.registry.redeem(secret, { device, jwk }, () => true);
  return { device, robotKey: access.robotKey };
}

function damage(name: string, text: string): void {
  storage.files.set(name, text);
  storage.files.delete(`${name}.bak`);
}

/** As a future version might write it: another format, with its copy. */
function writeAsNewer(name: string): void {
  const [kind] = name.split('.');
  const text = JSON.stringify({ schema: `${kind}/9`, minReader: 9, sealed: true });
  for (const file of [name, `${name}.bak`]) storage.files.set(file, text);
}

/** One flipped bit in the nth byte, which stays a valid character. */
function flipped(text: string, at: number): string {
  const bytes = Buffer.from(text);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString();
}

/** Flips each byte of a good file in turn, while its copy is intact. */
async function eachByteFlipped(name: string, check: () => Promise<void>): Promise<void> {
  const whole = storage.files.get(name) ?? '';
  for (let at = 0; at < whole.length; at++) {
    storage.files.set(name, flipped(whole, at));
    storage.files.set(`${name}.bak`, whole);
    await check();
  }
}

describe('the device registry', () => {
  test.each(['', '{', 'null', '[]', '{"version":1}', '{"version":"two"}'])(
    '%j: the copy still admits every bound device',
    async (text) => {
      const { device } = await bindOneDevice();
      storage.files.set(RECORDS_FILE, text);
      const { registry } = (await openLoader()).expect();
      expect(registry.isBound(device)).toBe(true);
      expect(faults).toEqual([]);
      expect(storage.files.get(`${RECORDS_FILE}.corrupt-1`)).toBe(text);
    },
  );

  test('with any byte flipped never keeps out a bound device, and admits no other', async () => {
    const { device } = await bindOneDevice();
    await eachByteFlipped(RECORDS_FILE, async () => {
      const { registry } = (await openLoader()).expect();
      expect(registry.devices().map((one) => one.device)).toEqual([device]);
    });
  });

  test('damaged with its copy: nobody is bound, which is reported, across restarts, until somebody is invited', async () => {
    const { device } = await bindOneDevice();
    damage(RECORDS_FILE, '');
    for (let start = 0; start < 3; start++) {
      const { registry } = (await openLoader()).expect();
      expect(registry.isBound(device)).toBe(false);
      expect(faults).toEqual(['guestsLost']);
    }
    await (await openLoader()).expect().registry.invite(freshNonce(), 7);
    expect(faults).toEqual([]);
    await openLoader();
    expect(faults).toEqual([]);
  });

  test('of a newer version is read as far as possible, and the rest is kept', async () => {
    const { device } = await bindOneDevice();
    const file = JSON.parse(storage.files.get(RECORDS_FILE) ?? '');
    const ring = { device: 'ring-1', jwk: { kty: 'OKP', crv: 'Ed25519' } };
    const newer = { ...file, version: 2, schools: ['one'], devices: [...file.devices, ring] };
    newer.devices[0].nickname = 'tablet';
    storage.files.set(RECORDS_FILE, JSON.stringify(newer));
    const { registry } = (await openLoader()).expect();
    expect(registry.isBound(device)).toBe(true);
    expect(registry.isBound('ring-1')).toBe(false);
    await registry.invite(freshNonce(), 7);
    const kept = JSON.parse(storage.files.get(RECORDS_FILE) ?? '');
    expect(kept).toMatchObject({ version: 2, schools: ['one'], devices: newer.devices });
    await registry.revokeDevice(device);
    await registry.wipe();
    expect(JSON.parse(storage.files.get(RECORDS_FILE) ?? '').devices).toEqual([]);
  });

  test('readable by a newer version only: nobody is bound, which is reported, until it is readable', async () => {
    const { device } = await bindOneDevice();
    const whole = storage.files.get(RECORDS_FILE) ?? '';
    writeAsNewer(RECORDS_FILE);
    const { registry } = (await openLoader()).expect();
    expect(registry.isBound(device)).toBe(false);
    expect(faults).toEqual(['guestsLost']);
    const aside = `${RECORDS_FILE}.newer-1`;
    storage.files.set(aside, whole);
    expect((await openLoader()).expect().registry.isBound(device)).toBe(true);
    expect(faults).toEqual([]);
  });

  test('a revoked device stays out, whatever is lost afterwards', async () => {
    const { device } = await bindOneDevice();
    const { registry } = (await openLoader()).expect();
    await registry.revokeDevice(device);
    storage.files.set(RECORDS_FILE, '');
    expect((await openLoader()).expect().registry.isBound(device)).toBe(false);
  });

  test('a device that reconnects often causes one write a minute', async () => {
    const { device } = await bindOneDevice();
    const { registry } = (await openLoader()).expect();
    const before = storage.writes;
    for (let second = 0; second < 180; second++) {
      for (let n = 0; n < 20; n++) registry.rememberUse(device);
      await clock.advance(1_000);
    }
    // The file and its copy.
    expect(storage.writes - before).toBeLessThanOrEqual(2 * 4);
    const [seen] = registry.devices();
    expect(clock.wall() - (seen?.lastUsedAt ?? 0)).toBeLessThanOrEqual(1_000);
  });
});

describe('the keys', () => {
  test('with any byte flipped stay the keys that pupils know', async () => {
    const { robotKey } = await bindOneDevice();
    await eachByteFlipped(KEYS_FILE, async () =>
      expect((await openLoader()).expect().robotKey).toBe(robotKey),
    );
  });

  test.each(['', '{', '{"version":1}'])(
    '%j and no copy: nobody is let in, nothing is replaced, and a restored copy opens access',
    async (text) => {
      const { robotKey, device } = await bindOneDevice();
      const whole = storage.files.get(KEYS_FILE) ?? '';
      damage(KEYS_FILE, text);
      const accessLoader = await openLoader();
      expect(accessLoader.access).toBeUndefined();
      expect(() => accessLoader.expect()).toThrow(/robot-keys\.json.*Put the file back/);
      expect(faults).toEqual(['accessClosed']);
      expect(storage.files.has(KEYS_FILE)).toBe(false);
      await clock.advance(10 * REOPEN_MS);
      expect(opens).toBe(0);
      storage.files.set(KEYS_FILE, whole);
      await opened(accessLoader);
      expect(opens).toBe(1);
      expect(accessLoader.expect().robotKey).toBe(robotKey);
      expect(accessLoader.expect().registry.isBound(device)).toBe(true);
      expect(faults).toEqual([]);
    },
  );

  test('a private key that does not match its public key is damage', async () => {
    await bindOneDevice();
    const keys = JSON.parse(storage.files.get(KEYS_FILE) ?? '');
    keys.signing.d = keys.encryption.d;
    damage(KEYS_FILE, JSON.stringify(keys));
    expect((await openLoader()).access).toBeUndefined();
  });

  test('readable by a newer version only are not replaced, and remain usable for it', async () => {
    const { robotKey } = await bindOneDevice();
    const whole = storage.files.get(KEYS_FILE) ?? '';
    writeAsNewer(KEYS_FILE);
    // Even where no device is bound.
    for (const name of [RECORDS_FILE, `${RECORDS_FILE}.bak`]) storage.files.delete(name);
    const accessLoader = await openLoader();
    expect(() => accessLoader.expect()).toThrow(
      /robot-keys\.json.*newer.*Install that version again/,
    );
    expect(faults).toEqual(['accessClosed']);
    storage.files.set(`${KEYS_FILE}.newer-1`, whole);
    await opened(accessLoader);
    expect(accessLoader.expect().robotKey).toBe(robotKey);
  });

  test('that nobody knows yet are replaced', async () => {
    await Access.open(parts());
    damage(KEYS_FILE, '');
    expect((await openLoader()).access).toBeDefined();
    expect(faults).toEqual([]);
  });

  test('do not count as missing while the disk does not answer', async () => {
    const { robotKey } = await bindOneDevice();
    const read = storage.read.bind(storage);
    storage.read = () => Promise.reject(new Error('EIO'));
    const accessLoader = await openLoader();
    expect(faults).toEqual(['accessClosed']);
    storage.read = read;
    await opened(accessLoader);
    expect(accessLoader.expect().robotKey).toBe(robotKey);
  });
});

/** Reading keys takes real time, which the simulated clock does not advance. */
async function opened(accessLoader: AccessLoader): Promise<void> {
  await clock.advance(REOPEN_MS);
  while (!accessLoader.access) await new Promise((resolve) => setImmediate(resolve));
}
