/** Invitations of a robot whose time of day is unknown: its network blocks time servers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { MemoryStorage } from '../signalling/testing/memory-storage.ts';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { FakeTime } from '../time/testing/fake-time.ts';
import { freshNonce, thumbprint } from '../wire/token.ts';
import { DeviceRegistry } from './device-registry.ts';
import { CLOCKS_FILE } from './invitation-clocks.ts';
import { RECORDS_FILE } from './record-store.ts';

const DAY_MS = 24 * 3_600_000;
/** The real date, which the robot cannot know. */
const TODAY = Date.UTC(2026, 8, 1, 7);

let clock: SimClock;
let storage: MemoryStorage;
let known: boolean;
let time: FakeTime;
let registry: DeviceRegistry;
let secret: string;

beforeEach(async () => {
  clock = new SimClock();
  storage = new MemoryStorage();
  known = false;
  time = new FakeTime(clock, () => known);
  time.floorMs = Date.UTC(2025, 10, 1);
  setWall(5_000);
  registry = await open();
  secret = freshNonce();
});

const open = (): Promise<DeviceRegistry> =>
  DeviceRegistry.open({ storage, clock, log: silentLog, time });
const setWall = (wallMs: number): void => clock.jumpWall(wallMs - clock.wall());

/** A time server becomes reachable. */
async function learnTime(): Promise<void> {
  setWall(TODAY);
  known = true;
  await registry.settle();
}

async function redeemInvitation(at: DeviceRegistry = registry): Promise<string> {
  const { jwk } = await makeSigner();
  const refused = await at.redeem(secret, { device: await thumbprint(jwk), jwk }, () => true);
  return refused ?? 'bound';
}

describe('an invitation', () => {
  test('is issued, and reports that it is timed by the monotonic clock', async () => {
    expect(await registry.invite(secret, 7)).toMatchObject({ clockKnown: false });
    expect(registry.invitations()).toMatchObject([{ state: 'open', undated: true }]);
    expect(await redeemInvitation()).toBe('bound');
  });

  test('stays valid as long as requested, whatever the wall clock does', async () => {
    await registry.invite(secret, 1);
    setWall(TODAY + 400 * DAY_MS);
    await clock.advance(DAY_MS - 1_000);
    setWall(0);
    expect(registry.invitations()).toMatchObject([{ state: 'open' }]);
    await clock.advance(2_000);
    expect(registry.invitations()).toMatchObject([{ state: 'expired' }]);
    expect(await redeemInvitation()).toBe('invitationExpired');
  });

  test('outlives a restart of the agent in the same boot', async () => {
    await registry.invite(secret, 1);
    await clock.advance(DAY_MS / 2);
    const reopened = await open();
    expect(reopened.invitations()).toMatchObject([{ state: 'open', undated: true }]);
    expect(await redeemInvitation(reopened)).toBe('bound');
  });

  test('is void after the robot was switched off for an unknown time', async () => {
    await registry.invite(secret, 90);
    time.boot = 'boot-2';
    const reopened = await open();
    expect(await redeemInvitation(reopened)).toBe('invitationExpired');
    known = true;
    setWall(TODAY);
    await reopened.settle();
    expect(await redeemInvitation(reopened), 'for good').toBe('invitationExpired');
    expect(JSON.parse(storage.files.get(CLOCKS_FILE) ?? '').running).toEqual({});
  });

  test('gets its date when the time becomes known, and keeps it across boots', async () => {
    await registry.invite(secret, 7);
    await clock.advance(3_600_000);
    await learnTime();
    const [dated] = registry.invitations();
    expect(dated).toMatchObject({
      ...{ state: 'open', undated: false, issuedAt: TODAY - 3_600_000 },
      expiresAt: TODAY - 3_600_000 + 7 * DAY_MS,
    });
    time.boot = 'boot-2';
    await clock.advance(6 * DAY_MS);
    const reopened = await open();
    expect(reopened.invitations()).toMatchObject([{ state: 'open' }]);
    await clock.advance(DAY_MS);
    expect(await redeemInvitation(reopened)).toBe('invitationExpired');
  });

  test('that expired before the time became known stays expired', async () => {
    await registry.invite(secret, 1);
    await clock.advance(DAY_MS + 1);
    await learnTime();
    expect(await redeemInvitation()).toBe('invitationExpired');
  });

  test('of ten at once only the newest is open', async () => {
    const secrets = Array.from({ length: 10 }, freshNonce);
    await Promise.all(secrets.map((one) => registry.invite(one, 7)));
    expect(registry.invitations().map(({ state }) => state)).toEqual(['open']);
    expect((await open()).invitations().map(({ state }) => state)).toEqual(['open']);
  });

  test('is revoked by a newer one, and can be withdrawn', async () => {
    await registry.invite(secret, 1);
    await registry.invite(freshNonce(), 1);
    expect(await redeemInvitation()).toBe('invitationUnknown');
    const [newest] = registry.invitations();
    expect(await registry.revokeInvitation(newest?.id ?? '')).toBe(true);
    await registry.invite(secret, 1);
    expect(await redeemInvitation()).toBe('bound');
  });
});

describe('without a valid clock it is void', () => {
  test('an older version reads an expired invitation without unknown fields', async () => {
    await registry.invite(secret, 7);
    const [kept] = JSON.parse(storage.files.get(RECORDS_FILE) ?? '').invitations;
    expect(kept.expiresAt).toBe(kept.issuedAt);
    expect(Object.keys(kept).sort()).toEqual([
      ...['expiresAt', 'hash', 'id', 'issuedAt', 'usedAt', 'usedBy'],
    ]);
  });

  test.each([undefined, '', '{', '[]', '{"running":7}', '{"running":{"x":{"boot":1}}}'])(
    'a clock file with %j',
    async (text) => {
      await registry.invite(secret, 7);
      if (text === undefined) storage.files.delete(CLOCKS_FILE);
      else storage.files.set(CLOCKS_FILE, text);
      storage.files.delete(`${CLOCKS_FILE}.bak`);
      expect(await redeemInvitation(await open())).toBe('invitationExpired');
    },
  );

  test('clocks do not prolong dated invitations', async () => {
    await learnTime();
    const { id } = await registry.invite(secret, 1);
    const running = { [id]: { boot: 'boot-1', issuedMs: clock.now(), lifeMs: 90 * DAY_MS } };
    storage.files.set(CLOCKS_FILE, JSON.stringify({ running }));
    await clock.advance(2 * DAY_MS);
    expect(await redeemInvitation(await open())).toBe('invitationExpired');
  });
});

describe('dates of devices', () => {
  const bind = async (): Promise<string> => {
    await registry.invite(secret, 1);
    const { jwk } = await makeSigner();
    const device = await thumbprint(jwk);
    await registry.redeem(secret, { device, jwk }, () => true);
    return device;
  };

  test('are null while unknown', async () => {
    const device = await bind();
    registry.rememberUse(device);
    expect(registry.devices()).toEqual([{ device, boundAt: null, lastUsedAt: null }]);
    await registry.noteUses();
    expect((await open()).devices()).toEqual([{ device, boundAt: null, lastUsedAt: null }]);
  });

  test('are written when the time of this boot becomes known', async () => {
    const device = await bind();
    await clock.advance(1_000);
    registry.rememberUse(device);
    await clock.advance(1_000);
    await learnTime();
    const dated = [{ device, boundAt: TODAY - 2_000, lastUsedAt: TODAY - 1_000 }];
    expect(registry.devices()).toEqual(dated);
    expect((await open()).devices()).toEqual(dated);
  });
});
