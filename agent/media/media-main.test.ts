/** The media process as it is shipped: bundled, started with a file, greeted as the agent does, ended. */
import { execFileSync } from 'node:child_process';
import { type FileHandle, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPipe } from '../../firmware/link/socket-pipe.ts';
import { bundleProcess } from '../../hal/linux/testing/process.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { RemoteMedia } from '../media-link/remote-media.ts';
import { MAX_MEDIA_LINE_BYTES } from '../media-link/schema.ts';
import { logGoesNowhere, SIGNALS, Started } from '../testing/started.ts';

const DRIVERS = `
  import { FakeMedia } from '${resolve('agent/testing/fake-media.ts')}';
  export const openMedia = async ({ logLine }) => {
    process.on('SIGUSR2', () => logLine('x'.repeat(1_000)));
    return new FakeMedia();
  };
`;

/** A driver that holds its opener, as one that waits for its device. */
const HANGING = `
  export const openMedia = ({ logLine }) => {
    setInterval(() => {}, 1_000);
    logLine('OPENING');
    return new Promise(() => {});
  };
`;

const clock = new SystemClock();
let folder = '';
let runs = 0;

beforeAll(async () => {
  const modules = { drivers: DRIVERS, hanging: HANGING };
  folder = await bundleProcess('agent/media/media-main.ts', modules);
});
afterAll(() => rm(folder, { recursive: true }));

async function start(drivers: 'drivers' | 'hanging' = 'drivers', log?: FileHandle, more = {}) {
  const home = join(folder, `run-${runs++}`);
  const socket = `${home}.sock`;
  const config = { socket, drivers: join(folder, `${drivers}.js`), board: 'laptop' };
  await writeFile(`${home}.json`, JSON.stringify({ ...config, logLevel: 'info', ...more }));
  const media = new Started(clock, join(folder, 'main.js'), `${home}.json`, log?.fd);
  return { media, socket };
}

/** The agent's end of the link, once it is there. */
async function linked(socket: string): Promise<RemoteMedia> {
  const remote = new RemoteMedia({
    ...{ clock, log: silentLog },
    connect: () => connectPipe(socket, { maxLineBytes: MAX_MEDIA_LINE_BYTES }),
    ice: () => ({ servers: [], policy: 'all' }),
    onRefused: () => {},
  });
  remote.start();
  await remote.there();
  return remote;
}

describe('media process', () => {
  it.each(SIGNALS)('ends with 0 while it starts, asked by %s, and twice', async (signal) => {
    const { media } = await start('hanging');
    await media.saying('OPENING');
    expect(await media.ended(signal, signal)).toBe(0);
    await media.saying('"how":"stopped"');
  });

  it.each(SIGNALS)('ends with 0 with an agent there, asked by %s, and twice', async (signal) => {
    const { media, socket } = await start();
    const remote = await linked(socket);
    expect(remote.devices.camera).toMatchObject({ present: true, state: 'idle' });
    expect(await media.ended(signal, signal)).toBe(0);
    expect(media.said).toContain('"how":"stopped"');
    await remote.close();
  });

  it('ends for a fresh one when the agent wants that', async () => {
    const { media, socket } = await start();
    await media.saying('"ready"');
    const pipe = await connectPipe(socket);
    pipe.send(JSON.stringify({ kind: 'hello', relayCa: '' }));
    pipe.send(JSON.stringify({ kind: 'quit' }));
    expect(await media.exit()).toBe(0);
    pipe.close();
  });

  it('cuts off who floods it or says what the agent never says, and serves the next', async () => {
    const { media, socket } = await start();
    await media.saying('"ready"');
    for (const line of ['nonsense', '[]', '{"kind":"quit"}', 'x'.repeat(300_000)]) {
      const pipe = await connectPipe(socket);
      const closed = new Promise<void>((gone) => pipe.onClose(gone));
      pipe.send(line);
      await closed;
    }
    const remote = await linked(socket);
    expect(remote.broken()).toEqual([]);
    await remote.close();
    expect(await media.ended('SIGTERM')).toBe(0);
  });

  it('says which of its files is none, and exits with 78', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { media } = await start('drivers', undefined, { board: pipe });
    expect(await media.exit()).toBe(78);
    expect(media.said).toMatch(new RegExp(`board: .*${pipe}: .*a pipe, expected a file`));
    const other = await start('drivers', undefined, { drivers: '/nowhere.js' });
    expect(await other.media.exit()).toBe(78);
    expect(other.media.said).toContain('drivers: expected a module at /nowhere.js');
  });

  describe('whose log', () => {
    /** Answers through more lines than a pipe holds, and ends when it is asked. */
    async function heldOut({ media, socket }: Awaited<ReturnType<typeof start>>) {
      const first = await linked(socket);
      for (let n = 0; n < 300; n++) {
        media.child.kill('SIGUSR2');
        await delay(clock, 1);
      }
      await first.close();
      await (await linked(socket)).close();
      media.child.stdout?.destroy();
      expect(await media.ended('SIGTERM')).toBe(0);
    }

    const started = (log?: FileHandle) => start('drivers', log);
    logGoesNowhere({ start: started, processOf: ({ media }) => media, heldOut });
  });
});

describe('what is loaded', () => {
  const loaded = async (entry: string): Promise<string[]> => {
    const { metafile } = await build({
      ...{ entryPoints: [entry], outdir: 'nowhere', write: false, bundle: true, metafile: true },
      ...{ platform: 'node', format: 'esm', packages: 'external' },
      define: { DESKMATE_BUILT_S: '0' },
    });
    const { inputs } = metafile;
    const imports = Object.values(inputs).flatMap((one) => one.imports);
    return [...Object.keys(inputs), ...imports.map(({ path }) => path)];
  };

  it('by media is nothing of keys, broker or records', async () => {
    const strange = /^(mqtt|aedes|jose|ws)$|^agent\/(access|body|fleet|signalling|state|usage)\//;
    expect((await loaded('agent/media/media-main.ts')).filter((one) => strange.test(one))).toEqual(
      [],
    );
  });

  it('by the agent is nothing of the native library, camera or sound', async () => {
    const strange = /^@roamhq\/wrtc|^agent\/media\/|^hal\/linux\/(camera|sound|gst)\//;
    expect((await loaded('agent/agent-main.ts')).filter((one) => strange.test(one))).toEqual([]);
  });
});
