/**
 * All that a robot keeps on disk, lived, read and rewritten by the code of one version, without its
 * network and media. `scripts/formats.mjs` bundles this file with each release, so that a later
 * version can let the old code loose on its own files: change it as little as possible.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { PauseMemory } from '../../../firmware/safety/pause-memory.ts';
import * as calibrationFile from '../../../hal/boards/calibration.ts';
import { silentLog as log } from '../../../hal/ports/log.ts';
import type { Storage } from '../../../hal/ports/storage.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { Access } from '../../access/access.ts';
import { InvitationClocks } from '../../access/invitation-clocks.ts';
import { type Delivered, delivered } from '../../records/testing/delivered.ts';
import { Presets } from '../../session/presets.ts';
import { FakeBroker } from '../../testing/fake-broker.ts';
import { FakeTime } from '../../time/testing/fake-time.ts';
import { TimeStore } from '../../time/time-store.ts';
import { UsageLog } from '../../usage/usage-log.ts';

/** What a version makes of each kind of file; `none` or `closed` where it makes nothing of it. */
export interface Seen {
  readonly keys: string;
  readonly guests: unknown;
  readonly clocks: readonly string[];
  readonly presets: unknown;
  readonly time: unknown;
  /** Ids and ends of the records that go to the fleet, in order. */
  readonly usage: readonly string[];
  readonly pause: string;
  readonly calibration: unknown;
}

const CALIBRATION_FILE = 'calibration.json';
const parts = (storage: Storage, known = true) => {
  const clock = new SimClock();
  return { robot: 'robot-1', storage, clock, log, time: new FakeTime(clock, () => known) };
};

/** Leaves files of every kind on an empty disk. */
export async function live(disk: Storage): Promise<void> {
  const access = await Access.open(parts(disk));
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const { kty, crv, x, y } = jwk as { kty: 'EC'; crv: 'P-256'; x: string; y: string };
  const thumb = JSON.stringify({ crv, kty, x, y });
  const device = createHash('sha256').update(thumb).digest('base64url');
  await access.registry.invite(secret(1), 7);
  await access.registry.redeem(secret(1), { device, jwk: { kty, crv, x, y } }, () => true);
  const undated = await Access.open(parts(disk, false));
  await undated.registry.invite(secret(2), 7);
  await disk.append('usage-strange.jsonl', '{"of":"a version to come"}');
  await usageOf(disk, 1, async (log, broker) => {
    for (const why of ['hangUp', 'lost', 'hangUp'] as const) {
      log.open();
      log.close(why);
    }
    await settled(log);
    // One of them gets through.
    broker.refuseAfter(1);
    log.publishTo(broker);
    await settled(log);
    log.open();
  });
  const calibration = calibrationOf();
  // Version 0.1.0 had no function for it.
  const text = calibrationFile.calibrationText?.(calibration) ?? JSON.stringify(calibration);
  await disk.write(CALIBRATION_FILE, text);
  await rewrite(disk, 1);
}

/** Writes all files again that a robot writes over and over; `n` makes the difference. */
export async function rewrite(disk: Storage, n: number): Promise<void> {
  const { registry: guests } = await Access.open(parts(disk));
  await guests.invite(secret(100 + n), 7);
  await (await Access.open(parts(disk, false))).registry.invite(secret(200 + n), 7);
  const presets = new Presets(disk, new SimClock(), log);
  await presets.load();
  presets.store('board', { pan: 10 + n, tilt: 3 });
  await presets.settled();
  const time = await TimeStore.open(disk, log);
  const boot = { boot: `boot-${n}`, offsetMs: 1_000, atMs: 2_000 };
  time.remember({ ...boot, trust: 'sure', source: 'ntp' }, 1_768_204_800_000 + n);
  await time.settled();
  const memory = new PauseMemory(disk, log);
  await memory.recall(0);
  memory.keep({ name: 'paused', sessionSeen: true, emptySinceMs: 0 }, 10_000);
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

/** As a robot that starts reads its disk; a record that was open is closed by it. */
export async function read(disk: Storage): Promise<Seen> {
  const access = await Access.open(parts(disk)).catch(() => undefined);
  const presets = new Presets(disk, new SimClock(), log);
  await presets.load();
  const time = await TimeStore.open(disk, log);
  const usage = await usageOf(disk, 0x1000, async (log, broker) => {
    log.publishTo(broker);
    await settled(log);
    return broker.published
      .map(({ payload }) => JSON.parse(payload))
      .map(({ id, why }) => `${id} ${why}`);
  });
  const pause = await new PauseMemory(disk, log).recall(0);
  return {
    keys: access?.robotKey ?? 'closed',
    guests: access && {
      devices: access.registry.devices().map(({ device }) => device),
      invitations: access.registry.invitations().map(({ id, state }) => `${id} ${state}`),
    },
    clocks: (await InvitationClocks.open(disk, log)).ids.sort(),
    presets: presets.all,
    time: { knownMs: time.knownMs, boot: time.anchorOf('boot-1')?.trust ?? 'none' },
    usage,
    pause: pause.pause.name,
    calibration: await readCalibration(disk),
  };
}

async function readCalibration(disk: Storage): Promise<unknown> {
  try {
    const text = (await disk.read(CALIBRATION_FILE)) ?? '';
    const { pan, tilt } = calibrationFile.parseCalibration(text, CALIBRATION_FILE);
    return { pan, tilt };
  } catch {
    return 'none';
  }
}

async function usageOf<T>(
  disk: Storage,
  firstId: number,
  act: (log: UsageLog & Delivered, broker: PickyBroker) => Promise<T>,
): Promise<T> {
  let ids = firstId;
  const newId = (): string => (ids++).toString(16).padStart(32, '0');
  const usage = delivered(
    new SimClock(),
    (onRecord) => new UsageLog({ ...parts(disk), newId, onTrouble: () => {}, onRecord }),
  );
  await usage.start();
  const outcome = await act(usage, new PickyBroker());
  await settled(usage);
  usage.stop();
  return outcome;
}

/** Takes some publications and refuses the others. */
class PickyBroker extends FakeBroker {
  private left = Number.POSITIVE_INFINITY;

  refuseAfter(count: number): void {
    this.left = count;
  }

  override async publish(...said: Parameters<FakeBroker['publish']>): Promise<void> {
    if (this.left-- <= 0) throw new Error('not now');
    return super.publish(...said);
  }
}

/** Sending goes on by itself, in turns of its own. */
async function settled(usage: UsageLog): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await usage.settled();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const secret = (n: number): string => Buffer.alloc(16, n).toString('base64url');

function calibrationOf() {
  const axis = { zeroUs: 1_508, usPerDeg: -5.4, minUs: 548, maxUs: 2_467 };
  const pan = { ...axis, encoderZeroDeg: 211.3, encoderDirection: -1 } as const;
  return { pan, tilt: { ...pan, encoderDirection: 1 } as const };
}
