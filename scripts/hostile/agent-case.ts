import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Access } from '../../agent/access/access.ts';
import { AdminClient } from '../../agent/access/admin-client.ts';
import type { Status } from '../../agent/media-link/schema.ts';
import { FakeTime } from '../../agent/time/testing/fake-time.ts';
import { PublicJwk } from '../../agent/wire/signalling.ts';
import { thumbprint } from '../../agent/wire/token.ts';
import { LinkServer } from '../../firmware/link/server.ts';
import { enveloped, sealEnvelope } from '../../hal/common/envelope.ts';
import { FileStorage } from '../../hal/linux/storage/file-storage.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { Shipped } from './shipped.ts';

const ROBOT = 'robot-1';
/** On a busy machine, with others starting concurrently. */
const START_MS = 20_000;
const WALL_MS = 1_768_204_800_000;
const anchor = { boot: 'another', offsetMs: WALL_MS, atMs: 1_000, trust: 'sure', source: 'ntp' };

export interface LivedAgent {
  readonly folder: string;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly robotKey: string;
}

/** Data of an agent with one bound device and a preset, after a power cut in a lesson. */
export async function livedAgent(clock: Clock): Promise<LivedAgent> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-lived-'));
  const storage = await FileStorage.open(folder);
  const parts = { robot: ROBOT, storage, clock, log: silentLog, time: new FakeTime(clock) };
  const access = await Access.open(parts);
  const secret = randomBytes(16).toString('base64url');
  await access.registry.invite(secret, 7);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = PublicJwk.parse(publicKey.export({ format: 'jwk' }));
  await access.registry.redeem(secret, { device: await thumbprint(jwk), jwk }, () => true);
  const place = { pan: 12, tilt: 3 };
  await both(storage, 'presets', { board: place, teacher: place, class: place });
  await both(storage, 'usage', record(3, 'powerLost'), 'usage-open.json');
  for (const n of [1, 2]) await storage.append('usage.jsonl', JSON.stringify(record(n, 'hangUp')));
  await storage.append('usage.sent', record(1, 'hangUp').id);
  await storage.append('usage-strange.jsonl', '{"of":"a version to come"}');
  const running = { [secret]: { boot: 'another', issuedMs: 1_000, lifeMs: 600_000 } };
  await both(storage, 'invitation-clocks', { running });
  await both(storage, 'time', { knownMs: WALL_MS, boots: [anchor] });
  const files = new Map<string, Buffer>();
  for (const name of (await readdir(folder)).sort())
    files.set(name, await readFile(path.join(folder, name)));
  return { folder, files, robotKey: access.robotKey };
}

/** A media process that is connected and idle. */
export async function idleMedia(file: string): Promise<LinkServer> {
  const device = { present: true, state: 'idle' as const, why: '' };
  const status: Status = {
    ...{ kind: 'status', devices: { camera: device, microphone: device, speaker: device } },
    lens: { fx: 1, fy: 1, cx: 0.5, cy: { '480p': 0.375, '720p': 0.28 }, k1: 0, k2: 0 },
  };
  const server = new LinkServer(file, (pipe) => pipe.send(JSON.stringify(status)));
  await server.listen();
  return server;
}

/** Starts the built agent on such data. Resolves when it answers with its bound devices. */
export function agentCase(clock: Clock, root: string, lived: LivedAgent, media: string) {
  const dist = path.join(root, 'dist');
  return async (damaged: ReadonlyMap<string, Buffer>): Promise<Shipped> => {
    const files = new Map([...damaged].map(([name, bytes]) => [`data/${name}`, bytes]));
    const agent = await Shipped.start(clock, path.join(dist, 'agent.js'), files, (folder) => ({
      ...{ robot: ROBOT, broker: 'mqtt://127.0.0.1:9', brokerForPupils: 'ws://127.0.0.1:9' },
      ...{ page: 'http://127.0.0.1:9/', link: path.join(folder, 'firmware.sock') },
      ...{ admin: path.join(folder, 'admin.sock'), data: path.join(folder, 'data') },
      ...{ media, logLevel: 'info' },
    }));
    try {
      await known(clock, agent, lived);
      return agent;
    } catch (error) {
      await agent.stop();
      throw error;
    }
  };
}

async function known(clock: Clock, agent: Shipped, { robotKey }: LivedAgent): Promise<void> {
  const client = new AdminClient(clock, path.join(agent.folder, 'admin.sock'), 0);
  const end = clock.now() + START_MS;
  for (;;) {
    if (agent.crash !== undefined) throw new Error(agent.crash);
    const status = await client.status().catch(() => undefined);
    if (status) {
      if (status.robotKey !== robotKey) throw new Error('it has other keys');
      if (status.devices !== 1) throw new Error(`it knows ${status.devices} devices`);
      return;
    }
    if (clock.now() > end) throw new Error(`it does not answer: ${agent.words.slice(-600)}`);
    await delay(clock, 50);
  }
}

async function both(
  storage: FileStorage,
  schema: string,
  fields: object,
  name = `${schema}.json`,
): Promise<void> {
  const text = JSON.stringify(sealEnvelope(enveloped(schema), { ...fields }));
  await storage.write(name, text);
  await storage.write(`${name}.bak`, text);
}

const record = (n: number, why: string) => ({
  ...{ id: n.toString(16).padStart(32, '0'), robot: ROBOT, why },
  ...{ start: WALL_MS, end: WALL_MS + 60_000, minutes: 1 },
  ...{ handsRaised: 0, handsAcknowledged: 0, pauses: 0, interruptions: 0 },
  ...{ videoLatencyMs: null, lossRatio: null },
});
