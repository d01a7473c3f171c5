/** The shipped process: bundled, started with a configuration file, ended by a signal. */
import { execFileSync } from 'node:child_process';
import { type FileHandle, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { LinkServer } from '../firmware/link/server.ts';
import { bundleProcess } from '../hal/linux/testing/process.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import { delay } from '../hal/ports/clock.ts';
import { Pupil } from '../scripts/vm/robot/pupil.ts';
import { AdminClient } from './access/admin-client.ts';
import { SimBroker } from './host/broker.ts';
import { FakeFirmware } from './testing/fake-firmware.ts';
import { logGoesNowhere, SIGNALS, Started } from './testing/started.ts';
import { topics } from './wire/topics.ts';

const ROBOT = 'robot-1';
const DRIVERS = `
  import { FakeMedia } from '${resolve('agent/testing/fake-media.ts')}';
  export const openMedia = async () => new FakeMedia();
  export const openBody = async () => { throw new Error('media has no body'); };
`;

const clock = new SystemClock();
const broker = new SimBroker(ROBOT);
let pages: WebSocketServer;
let brokerPort = 0;
let folder = '';
let runs = 0;
let fleet: mqtt.MqttClient;
/** Usage records that the broker received. */
const published: string[] = [];

beforeAll(async () => {
  const media = `import '${resolve('agent/media/media-main.ts')}';`;
  folder = await bundleProcess('agent/agent-main.ts', { drivers: DRIVERS, media });
  brokerPort = await broker.start(0);
  pages = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  pages.on('connection', (socket: WebSocket) => broker.takePage(socket));
  await new Promise((resolve) => pages.once('listening', resolve));
  fleet = await mqtt.connectAsync(broker.url(brokerPort), { clientId: 'who-counts-records' });
  fleet.on('message', (_topic, payload) => published.push(payload.toString()));
  await fleet.subscribeAsync(topics.usage(ROBOT), { qos: 1 });
});
afterAll(async () => {
  await fleet.endAsync(true);
  pages.close();
  await broker.close();
  await rm(folder, { recursive: true });
});

async function start(log?: FileHandle, more = {}, withMedia = true) {
  const home = join(folder, `run-${runs++}`);
  published.length = 0;
  const link = `${home}.link`;
  const admin = `${home}.admin`;
  const socket = `${home}.media`;
  const firmware = new FakeFirmware(clock);
  const server = new LinkServer(link, async (pipe) => {
    const inner = await firmware.connect();
    inner.onLine((line) => pipe.send(line ?? ''));
    pipe.onLine((line) => inner.send(line ?? ''));
    pipe.onClose(() => inner.close());
  });
  await server.listen();
  const { port } = pages.address() as { port: number };
  await writeFile(
    `${home}.json`,
    JSON.stringify({
      ...{ robot: ROBOT, link, admin, media: socket, data: home, logLevel: 'debug' },
      ...{ broker: broker.url(brokerPort), brokerForPupils: `ws://127.0.0.1:${port}` },
      ...{ page: 'http://127.0.0.1/', ...more },
    }),
  );
  const drivers = join(folder, 'drivers.js');
  const ofMedia = { socket, drivers, board: 'laptop', logLevel: 'info' };
  await writeFile(`${home}-media.json`, JSON.stringify(ofMedia));
  const media = withMedia
    ? new Started(clock, join(folder, 'media.js'), `${home}-media.json`)
    : undefined;
  const agent = new Started(clock, join(folder, 'main.js'), `${home}.json`, log?.fd);
  const ended = async (...signals: NodeJS.Signals[]): Promise<number | null | 'late'> => {
    const how = await agent.ended(...signals);
    await media?.ended('SIGTERM');
    firmware.die();
    await server.close();
    return how;
  };
  const staff = new AdminClient(clock, admin, 10_000);
  /** Ids of the lessons whose record was published or still waits on disk. */
  const records = async (): Promise<Set<string>> => {
    const lines = await readFile(join(home, 'usage.jsonl'), 'utf8').catch(() => '');
    const kept = lines.split('\n').filter((line) => line !== '');
    return new Set([...published, ...kept].map((line) => JSON.parse(line).id));
  };
  const saying = (words: string): Promise<void> => agent.saying(words);
  return { agent, media, firmware, saying, ended, staff, records, said: () => agent.said };
}

describe('agent process', () => {
  it.each(SIGNALS)('exits with 0 on %s while starting, also when sent twice', async (signal) => {
    // Without a media process the agent waits a moment before it goes on.
    const { saying, ended } = await start(undefined, {}, false);
    await saying('media is out of reach');
    expect(await ended(signal, signal)).toBe(0);
    await saying('"how":"stopped"');
  });

  it.each(SIGNALS)('exits with 0 on %s when ready, also when sent twice', async (signal) => {
    const { saying, ended, said } = await start();
    await saying('"ready"');
    expect(await ended(signal, signal)).toBe(0);
    expect(said()).toContain('"how":"stopped"');
  });

  it.each([
    ['handshaking', 'SIGTERM', 0],
    ['joining', 'SIGHUP', 1],
    ['inClass', 'SIGINT', 1],
  ] as const)(
    'exits with 0 and records the lesson of a pupil who is %s (%s)',
    async (where, signal, lessons) => {
      const { saying, ended, staff, records, said } = await start();
      await saying('"ready"');
      const pupil = new Pupil();
      const { link } = await staff.invite(1);
      await pupil.bind(link);
      const there = new Promise<void>((resolve) => {
        pupil.client.on('connection', ({ name }) => name === where && resolve());
      });
      const joined = pupil.join().catch(() => {});
      await there;
      expect(await ended(signal, signal), said()).toBe(0);
      expect((await records()).size).toBe(lessons);
      await pupil.client.leave();
      await joined;
    },
  );

  it('names the file it cannot use, and exits with 78', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [field, more] of [
      ['brokerCa', { brokerCa: pipe }],
      ['ice.ca', { ice: { servers: [], policy: 'all', ca: pipe } }],
    ] as const) {
      const { agent, ended } = await start(undefined, more, false);
      expect(await agent.exit()).toBe(78);
      expect(agent.said).toMatch(new RegExp(`${field}: .*${pipe}: .*a pipe, expected a file`));
      await ended();
    }
    const other = new Started(clock, join(folder, 'main.js'), pipe);
    expect(await other.exit()).toBe(78);
    expect(other.said).toContain(`${pipe}: the whole file: a pipe, expected a file`);
  });

  describe('whose log', () => {
    /** Logs more lines than a pipe holds while still answering, and exits when asked. */
    async function heldOut({ agent, firmware, staff, ended }: Awaited<ReturnType<typeof start>>) {
      await staff.status();
      for (let n = 0; n < 1_500; n++) {
        firmware.happen(n % 2 === 0 ? 'paused' : 'resumed');
        if (n % 5 === 0) await delay(clock, 1);
      }
      expect((await staff.status()).devices).toBe(0);
      agent.child.stdout?.destroy();
      expect(await ended('SIGTERM')).toBe(0);
    }

    logGoesNowhere({ start, processOf: ({ agent }) => agent, heldOut });
  });
});
