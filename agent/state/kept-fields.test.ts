/** Fields of a newer version survive when this version writes the same record. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { noRecords, type Records, redeemInvitation } from '../access/records.ts';
import { KEYS_FILE, RobotKeys } from '../access/robot-keys.ts';
import { StoredBindings } from '../client/bindings.ts';
import { memoryStore } from '../client/key-value-store.ts';
import { PinLock } from '../client/pin.ts';
import { openBench } from '../client/testing/client-bench.ts';
import { InvitationDesk } from '../host/invitations.ts';
import { PRESETS_FILE, Presets } from '../session/presets.ts';
import { TIME_FILE, TimeStore } from '../time/time-store.ts';
import type { PublicJwk } from '../wire/signalling.ts';

const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) };
const bound = { device: 'd'.repeat(43), jwk, boundAt: 1, lastUsedAt: 2 };
const invitation = {
  ...{ id: '01234567', hash: 'a'.repeat(64), issuedAt: 0, expiresAt: 9 },
  ...{ usedAt: null, usedBy: null },
};

function boundAgain(records: Records): Records {
  const open = { ...records, invitations: [invitation] };
  const at = { usedAt: 5, boundAt: 5 };
  const redeemed = redeemInvitation(open, invitation.hash, bound, () => ({ ok: true }), at);
  if (!redeemed.ok) throw new Error(redeemed.reason);
  return redeemed.records;
}

const fieldsOf = async (disk: MemoryStorage, name: string) =>
  JSON.parse((await disk.read(name)) ?? '');

test('of a device that binds again', () => {
  const before = { ...bound, room: 'B2' };
  const { devices } = boundAgain({ ...noRecords, devices: [before] });
  expect(devices).toEqual([{ ...before, boundAt: 5, lastUsedAt: null }]);
});

test('of one whose record is not understood: it remains one record', () => {
  const before = { ...bound, boundAt: 'Monday', room: 'B2' };
  const strange = { invitations: [], devices: [before, 'other'] };
  const records = boundAgain({ ...noRecords, strange });
  expect(records.devices).toEqual([{ ...bound, room: 'B2', boundAt: 5, lastUsedAt: null }]);
  expect(records.strange.devices).toEqual(['other']);
});

test('of keys, when both are renewed', async () => {
  const disk = new MemoryStorage();
  await RobotKeys.renew(disk, silentLog);
  const newer = { ...(await fieldsOf(disk, KEYS_FILE)), schema: 'robot-keys/7', spare: [1] };
  await disk.write(KEYS_FILE, JSON.stringify(newer));
  await RobotKeys.renew(disk, silentLog);
  const now = await fieldsOf(disk, KEYS_FILE);
  expect(now).toMatchObject({ schema: 'robot-keys/7', spare: [1] });
  expect(now.signing).not.toEqual(newer.signing);
});

test('of a boot, and boots that are not understood', async () => {
  const disk = new MemoryStorage();
  const boot = { boot: 'one', offsetMs: 1, atMs: 1, trust: 'sure', source: 'ntp' } as const;
  const other = { ...boot, boot: 'two', source: 'stars' };
  const file = { knownMs: 5, boots: [{ ...boot, driftPpm: 20 }, other] };
  await disk.write(TIME_FILE, JSON.stringify(file));
  const store = await TimeStore.open(disk, silentLog);
  expect(store.knownMs).toBe(5);
  store.remember({ ...boot, atMs: 2 }, 6);
  await store.settled();
  expect(await fieldsOf(disk, TIME_FILE)).toMatchObject({
    knownMs: 6,
    boots: expect.arrayContaining([{ ...boot, atMs: 2, driftPpm: 20 }, other]),
  });
});

test('of a preset, also where its angles are not understood', async () => {
  const disk = new MemoryStorage();
  const file = { board: { pan: 'auto', zoom: 2 }, teacher: { pan: 1, tilt: 1, zoom: 3 } };
  await disk.write(PRESETS_FILE, JSON.stringify(file));
  const presets = new Presets(disk, new SimClock(), silentLog);
  await presets.load();
  presets.store('board', { pan: 7, tilt: 8 });
  presets.store('teacher', { pan: 9, tilt: 10 });
  await presets.settled();
  expect(await fieldsOf(disk, PRESETS_FILE)).toMatchObject({
    board: { pan: 7, tilt: 8, zoom: 2 },
    teacher: { pan: 9, tilt: 10, zoom: 3 },
  });
});

test('of the invitation on the home page: the link stays', async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'deskmate-kept-')), 'invitation.json');
  const page = 'http://127.0.0.1:8300/pupil/';
  const kept = JSON.stringify({ id: '1', link: `${page}#s=1`, expires: 99, shown: 3 });
  await writeFile(file, kept);
  const admin = {
    invite: () => Promise.reject(new Error('not asked')),
    status: async () => ({
      invitations: [{ id: '1', state: 'open' as const, issuedAt: 0, expiresAt: 0 }],
    }),
  };
  const desk = new InvitationDesk(admin, file, () => page);
  expect((await desk.current()).link).toBe(`${page}#s=1`);
  expect(await readFile(file, 'utf8')).toBe(kept);
});

test('of a robot in the list of a tablet', async () => {
  const shelf = memoryStore();
  const robot = {
    ...{ robot: 'robot-1', robotKey: 'k'.repeat(43), broker: 'wss://broker.example/mqtt' },
    ...{ keyId: 'a'.repeat(32), nickname: 'Bo' },
  };
  await shelf.put('bindings', [robot]);
  const lock = new PinLock(shelf, new SimClock());
  await lock.save(await lock.load());
  expect(await shelf.get('bindings')).toEqual([robot]);
});

test('of a robot that a tablet is bound to again', async () => {
  const keys = memoryStore();
  const { client, robot } = await openBench({}, () => ({ keys }));
  const [first] = StoredBindings.parse(await keys.get('bindings'));
  await keys.put('bindings', [{ ...first, nickname: 'Bo' }]);
  await client.bind((await robot.invite()).invitation);
  expect(await keys.get('bindings')).toMatchObject([{ robot: 'robot-1', nickname: 'Bo' }]);
});
