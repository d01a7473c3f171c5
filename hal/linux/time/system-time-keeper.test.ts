import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Variant } from '@jellybrick/dbus-next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Broker, FakeService } from '../../fake/network-services.ts';
import { SystemClock } from './system-clock.ts';
import { systemTimeKeeper, type TimeKeeperOptions } from './system-time-keeper.ts';

const clock = new SystemClock();
const TIMEDATE = 'org.freedesktop.timedate1';

let folder: string;
let stamp: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'time-'));
  stamp = path.join(folder, 'synchronized');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A machine with no bus, no programs and no stamp, but for what is given. */
const read = (options: Partial<TimeKeeperOptions> = {}) =>
  systemTimeKeeper({
    ...{ clock, stamp, bus: `unix:path=${folder}/no-bus`, run: async () => undefined },
    ...options,
  }).read();

/** As chrony 4 writes it. */
const tracking =
  ({ reference = 'C0A80101', stratum = '3', leap = 'Normal' }) =>
  async () =>
    `${reference},192.168.1.1,${stratum},1763978000.1,0.00001,0.00002,0.00003,-1.2,0.0,0.1,0.01,0.02,64.2,${leap}\n`;

it('knows nothing of a machine on which nobody answers', async () => {
  expect(await read()).toEqual({ synchronised: undefined, by: 'nobody' });
});

const installed = spawnSync('dbus-daemon', ['--version']).status === 0;

describe.skipIf(!installed)('systemd’s word, the kernel’s (needs the package dbus)', () => {
  it.each([true, false])('%s, whatever else lies about', async (synchronised) => {
    const broker = new Broker();
    await broker.start();
    const properties = { NTPSynchronized: new Variant('b', synchronised) };
    const service = new FakeService(TIMEDATE, {
      '/org/freedesktop/timedate1': { [TIMEDATE]: properties },
    });
    await service.start(broker.address);
    await writeFile(stamp, '');
    const options = { bus: broker.address, run: tracking({}) };
    expect(await read(options)).toEqual({ synchronised, by: 'kernel' });
    service.stop();
    expect(await read(options), 'without it chrony is asked').toMatchObject({ by: 'chrony' });
    await broker.stop();
  });
});

describe('chrony’s word', () => {
  it.each([
    ['follows a server', {}, true],
    ['a leap second is coming', { leap: 'Insert second' }, true],
    ['not yet', { reference: '00000000', stratum: '0', leap: 'Not synchronised' }, false],
    ['is its own source', { reference: '7F7F0101', stratum: '10' }, false],
  ])('%s', async (_what, fields, synchronised) => {
    expect(await read({ run: tracking(fields) })).toEqual({ synchronised, by: 'chrony' });
  });

  it('is not heard when it says something else', async () => {
    for (const text of ['', '506 Cannot talk to daemon\n', 'a,b,c'])
      expect(await read({ run: async () => text })).toMatchObject({ by: 'nobody' });
  });
});

describe('timesyncd’s stamp', () => {
  it.each([
    ['fresh', 0, true],
    ['half an hour old', -1_800, true],
    ['older than any pause between two answers', -3 * 3_600, false],
    ['from a time that the clock was set back from', 3_600, false],
  ])('%s', async (_what, seconds, synchronised) => {
    await writeFile(stamp, '');
    const at = clock.wall() / 1_000 + seconds;
    await utimes(stamp, at, at);
    expect(await read()).toEqual({ synchronised, by: 'timesyncd' });
  });
});

describe('the boot', () => {
  it('is named by the kernel', () => {
    expect(systemTimeKeeper({ clock }).bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(systemTimeKeeper({ clock }).bootId).toBe(systemTimeKeeper({ clock }).bootId);
  });

  it('is another for each process when the kernel does not tell', () => {
    const blind = { clock, bootId: path.join(folder, 'none') };
    expect(systemTimeKeeper(blind).bootId).not.toBe(systemTimeKeeper(blind).bootId);
  });
});
