import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { MemoryStorage } from '../signalling/testing/memory-storage.ts';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { FakeTime } from '../time/testing/fake-time.ts';
import { parseInvitation } from '../wire/invitation.ts';
import { freshNonce, thumbprint } from '../wire/token.ts';
import { Access } from './access.ts';
import { DeviceRegistry } from './device-registry.ts';

const DAY_MS = 24 * 3_600_000;
let clock: SimClock;
let storage: MemoryStorage;
let trusted: boolean;
let time: FakeTime;

beforeEach(() => {
  clock = new SimClock();
  storage = new MemoryStorage();
  trusted = true;
  time = new FakeTime(clock, () => trusted);
});

const openRegistry = (): Promise<DeviceRegistry> =>
  DeviceRegistry.open({ storage, clock, log: silentLog, time });
const openAccess = (): Promise<Access> =>
  Access.open({ storage, clock, log: silentLog, time, robot: 'robot-1' });

async function newDevice(): Promise<{
  device: string;
  jwk: Awaited<ReturnType<typeof makeSigner>>['jwk'];
}> {
  const { jwk } = await makeSigner();
  return { device: await thumbprint(jwk), jwk };
}

describe('device registry', () => {
  test('an invitation is good for one device, across restarts', async () => {
    const registry = await openRegistry();
    const secret = freshNonce();
    await registry.invite(secret, 7);
    const device = await newDevice();
    expect(await registry.redeem(secret, device, () => true)).toBeUndefined();
    const reopened = await openRegistry();
    expect(reopened.isBound(device.device)).toBe(true);
    expect(await reopened.redeem(secret, await newDevice(), () => true)).toBe('invitationUsed');
    expect(await reopened.redeem(secret, device, () => true), 'it asks again').toBeUndefined();
    await reopened.revokeDevice(device.device);
    expect(await reopened.redeem(secret, device, () => true)).toBe('invitationUsed');
  });

  test('ten at once: one succeeds, and was on disk before the reply', async () => {
    const registry = await openRegistry();
    const secret = freshNonce();
    await registry.invite(secret, 7);
    const devices = await Promise.all(Array.from({ length: 10 }, newDevice));
    const results = await Promise.all(
      devices.map(async (device) => {
        const refused = await registry.redeem(secret, device, () => true);
        const onDisk = storage.files.get('access.json')?.includes(device.device);
        expect(onDisk).toBe(refused === undefined);
        return refused;
      }),
    );
    expect(results.filter((refused) => refused === undefined)).toHaveLength(1);
  });

  test('a spent challenge leaves the invitation valid', async () => {
    const registry = await openRegistry();
    const secret = freshNonce();
    await registry.invite(secret, 7);
    expect(await registry.redeem(secret, await newDevice(), () => false)).toBe('staleChallenge');
    expect(registry.invitations()).toMatchObject([{ state: 'open' }]);
  });

  test('expires by the wall clock, and stays expired while the time is not known', async () => {
    const registry = await openRegistry();
    const secret = freshNonce();
    await registry.invite(secret, 1);
    clock.jumpWall(DAY_MS);
    await registry.invite(freshNonce(), 7);
    expect(registry.invitations()).toMatchObject([{ state: 'expired' }, { state: 'open' }]);
    trusted = false;
    clock.jumpWall(-30 * DAY_MS);
    const reopened = await openRegistry();
    expect(await reopened.redeem(secret, await newDevice(), () => true)).toBe('invitationExpired');
  });

  test('an invitation that may have expired is reported as such while the time is unknown', async () => {
    const registry = await openRegistry();
    const secret = freshNonce();
    await registry.invite(secret, 7);
    trusted = false;
    time.boot = 'boot-2';
    expect(registry.invitations()).toMatchObject([{ state: 'unclear' }]);
    expect(await registry.redeem(secret, await newDevice(), () => true)).toBe('clockUnknown');
    trusted = true;
    expect(await registry.redeem(secret, await newDevice(), () => true)).toBeUndefined();
  });

  test('is bounded, and reports when full', async () => {
    const registry = await openRegistry();
    for (let n = 0; n < 64; n++) {
      const secret = freshNonce();
      await registry.invite(secret, 1);
      await registry.redeem(secret, await newDevice(), () => true);
    }
    await expect(registry.invite(freshNonce(), 1)).rejects.toMatchObject({ kind: 'full' });
    await registry.revokeDevice(registry.devices()[0]?.device ?? '');
    clock.jumpWall(2 * DAY_MS);
    for (let n = 0; n < 300; n++) {
      await registry.invite(freshNonce(), 1);
      clock.jumpWall(2 * DAY_MS);
    }
    expect(registry.invitations().length).toBeLessThanOrEqual(64 + 128);
    await openRegistry();
  });

  test('wiping reports the removed devices', async () => {
    const registry = await openRegistry();
    const gone: string[] = [];
    registry.onRevoked((device) => gone.push(device));
    const device = await newDevice();
    const secret = freshNonce();
    await registry.invite(secret, 7);
    await registry.redeem(secret, device, () => true);
    await registry.wipe();
    expect(gone).toEqual([device.device]);
    expect((await openRegistry()).devices()).toEqual([]);
    expect(registry.invitations()).toEqual([]);
    expect(await registry.revokeDevice(device.device)).toBe(false);
  });

  test.each([0, -1, 91, Number.NaN, Number.POSITIVE_INFINITY])('%s days', async (days) => {
    const registry = await openRegistry();
    await expect(registry.invite(freshNonce(), days)).rejects.toMatchObject({ kind: 'badRequest' });
  });
});

describe('access', () => {
  test('keys survive restarts, and the link contains the thumbprint', async () => {
    const access = await openAccess();
    expect((await openAccess()).robotKey).toBe(access.robotKey);
    const { link, invitation } = await access.invite({
      ...{ days: 7, broker: 'wss://broker.example/mqtt', page: 'https://pupil.example/join' },
    });
    expect(parseInvitation(new URL(link).hash)).toEqual({ ok: true, invitation });
    expect(invitation.robotKey).toBe(access.robotKey);
  });

  test('an invalid broker address leaves no invitation behind', async () => {
    const access = await openAccess();
    await expect(
      access.invite({ days: 7, broker: 'mqtt://x', page: 'https://p' }),
    ).rejects.toThrow();
    expect(access.registry.invitations()).toEqual([]);
  });
});
