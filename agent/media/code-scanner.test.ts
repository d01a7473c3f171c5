/** Looking for codes: how often, what is dropped, and what the media process refuses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import encodeQR from 'qr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { MAX_CODE_BYTES, ToAgent, type ToMedia } from '../media-link/schema.ts';
import { FakeMedia } from '../testing/fake-media.ts';
import { fakePeers } from '../testing/fake-peer.ts';
import { JoinedMedia } from '../testing/joined-media.ts';
import { type LumaPicture, openCodeReader } from './code-reader.ts';
import { CodeScanner } from './code-scanner.ts';
import { type CodeDecoder, CodeThread } from './code-thread.ts';

const HD = { width: 1280, height: 720 };

function scanner(decode: CodeDecoder['decode']) {
  const clock = new SimClock();
  const told: string[] = [];
  const faults: (string | undefined)[] = [];
  let rests = 0;
  const one = new CodeScanner({
    ...{ clock, log: silentLog },
    decoder: {
      decode,
      rest: () => {
        rests += 1;
      },
    },
    onCode: (text) => told.push(text),
    onFault: (why) => faults.push(why),
  });
  const data = new Uint8ClampedArray((8 * 8 * 3) / 2).fill(100);
  const shoot = () => one.take({ width: 8, height: 8, data, capturedAtMs: clock.now() });
  return { one, clock, told, faults, shoot, data, rests: () => rests };
}

describe('the scanner', () => {
  it('reads five pictures a second, one at a time, of memory of its own', async () => {
    const seen: LumaPicture[] = [];
    let finish: (texts: string[]) => void = () => {};
    const { one, clock, told, shoot, data } = scanner((picture) => {
      seen.push(picture);
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    shoot();
    expect(seen).toEqual([]);
    one.set(true);
    clock.every(33, shoot);
    await clock.advance(1_000);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.luma).toHaveLength(64);
    data.fill(7);
    expect(seen[0]?.luma[0]).toBe(100);
    finish(['a', 'b', 'a']);
    await clock.advance(10);
    expect(told).toEqual(['a', 'b']);
    for (let i = 0; i < 200; i++) {
      await clock.advance(10);
      finish(['a']);
    }
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.length).toBeLessThanOrEqual(12);
  });

  it('drops an empty text, one that is too long, and what comes after it was switched off', async () => {
    const long = 'é'.repeat(MAX_CODE_BYTES / 2);
    const { one, clock, told, shoot, rests } = scanner(async () => ['', `${long}x`, long]);
    one.set(true);
    shoot();
    await clock.advance(1);
    expect(told).toEqual([long]);
    await clock.advance(300);
    shoot();
    one.set(false);
    await clock.advance(1);
    expect(told).toEqual([long]);
    expect(rests()).toBe(1);
  });

  it('says once that codes cannot be read, tries again slowly, and says that it can', async () => {
    let broken = true;
    let tries = 0;
    const { one, clock, told, faults, shoot } = scanner(async () => {
      tries += 1;
      if (broken) throw new Error('no such file');
      return ['x'];
    });
    one.set(true);
    clock.every(33, shoot);
    await clock.advance(3_900);
    expect([tries, faults]).toEqual([2, ['no such file']]);
    broken = false;
    await clock.advance(3_000);
    expect(faults).toEqual(['no such file', undefined]);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('the media process, told to look for codes', () => {
  const base = { camera: true, microphone: false, voice: false, scan: true } as const;
  const rest = { kind: 'desired', size: '720p', mode: 'normal', volume: 0.5 } as const;

  async function joined(decoder?: CodeDecoder) {
    const clock = new SimClock();
    const hardware = new FakeMedia();
    const { open, peers } = fakePeers();
    const parts = { clock, log: silentLog, hardware, openPeer: open };
    const both = new JoinedMedia(decoder ? { ...parts, decoder } : parts);
    await both.remote.close();
    const heard: ToAgent[] = [];
    const agent = both.newAgent((line) => heard.push(ToAgent.parse(JSON.parse(line ?? ''))));
    const say = (message: ToMedia): void => agent.send(JSON.stringify(message));
    say({ kind: 'hello', relayCa: '' });
    both.codes.push('WIFI:S:x;;');
    const shoot = async (): Promise<void> => {
      hardware.camera.shoot(clock.now());
      await clock.advance(210);
    };
    const codes = () => heard.filter(({ kind }) => kind === 'code');
    return { clock, hardware, peers, both, heard, say, shoot, codes };
  }

  it('sends their text while the lease lasts, and nothing else', async () => {
    const { clock, hardware, say, shoot, codes } = await joined();
    say({ ...rest, ...base, peers: [], sink: null });
    await clock.advance(10);
    expect(hardware.camera.state).toBe('running');
    await shoot();
    expect(codes()).toEqual([{ kind: 'code', text: 'WIFI:S:x;;' }]);
    await clock.advance(2_100);
    expect(hardware.camera.state).toBe('idle');
    await shoot();
    expect(codes()).toHaveLength(1);
  });

  it.each([
    ['a connection', { peers: [1] }],
    ['a pupil', { peers: [1], sink: 1 }],
    ['the microphone', { microphone: true }],
    ['a voice', { voice: true }],
  ])('keeps the camera closed beside %s', async (_what, change) => {
    const { clock, hardware, say, shoot, codes } = await joined();
    say({ ...rest, ...base, ...{ peers: [], sink: null }, ...change });
    await clock.advance(10);
    await shoot();
    expect(hardware.camera.state).toBe('idle');
    expect(codes()).toEqual([]);
  });

  it('shows a pupil none of those pictures', async () => {
    const { clock, hardware, peers, say } = await joined();
    const ice = { servers: [], policy: 'all' as const };
    say({ ...rest, ...base, scan: false, peers: [1], sink: 1 });
    say({ kind: 'offer', peer: 1, call: 1, sdp: 'v=0', trickle: false, ice });
    await clock.advance(10);
    say({ ...rest, ...base, peers: [1], sink: 1 });
    await clock.advance(10);
    hardware.camera.shoot(clock.now());
    expect(peers[0]?.frames.filter(({ black }) => !black)).toEqual([]);
  });

  it('tells the agent why it cannot', async () => {
    const { clock, heard, say, shoot } = await joined({
      decode: () => Promise.reject(new Error('zxing_reader.wasm: no such file')),
      rest: () => {},
    });
    say({ ...rest, ...base, peers: [], sink: null });
    await clock.advance(10);
    await shoot();
    const told = heard.filter((message) => message.kind === 'status').at(-1);
    expect(told).toMatchObject({ noCodes: 'zxing_reader.wasm: no such file' });
  });
});

/** A code in the middle of grey. */
function picture(text: string): LumaPicture {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 2 });
  const luma = new Uint8Array(HD.width * HD.height).fill(120);
  const scale = 5;
  for (const [y, row] of rows.entries())
    for (const [x, dark] of row.entries())
      for (let j = 0; j < scale; j++)
        luma.fill(
          dark ? 30 : 220,
          (100 + y * scale + j) * HD.width + 300 + x * scale,
          (100 + y * scale + j) * HD.width + 300 + (x + 1) * scale,
        );
  return { ...HD, luma };
}

describe('the code reader', () => {
  it('reads text of any kind, and nothing where there is nothing', async () => {
    const read = await openCodeReader();
    for (const text of ['WIFI:T:WPA;S:Skåpet 三;P:password;;', 'x'.repeat(420)])
      expect(await read(picture(text))).toEqual([text]);
    expect(await read({ ...HD, luma: new Uint8Array(HD.width * HD.height).fill(90) })).toEqual([]);
  });

  it('says which file is missing, or is no program', async () => {
    await expect(openCodeReader('/nowhere/zxing_reader.wasm')).rejects.toThrow('/nowhere');
    await expect(openCodeReader(fileURLToPath(import.meta.url))).rejects.toThrow();
    const read = await openCodeReader();
    expect(await read(picture('still here'))).toEqual(['still here']);
  });
});

describe('the thread that reads codes', () => {
  let folder = '';
  beforeAll(async () => {
    // Inside the project, where the package is found.
    folder = mkdtempSync(path.join(process.cwd(), 'dist', 'code-thread-'));
    await build({
      entryPoints: [fileURLToPath(new URL('./code-worker.ts', import.meta.url))],
      outfile: path.join(folder, 'code-worker.mjs'),
      ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external' },
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads, rests, and reads again', async () => {
    const thread = new CodeThread(pathToFileURL(path.join(folder, 'code-worker.mjs')));
    expect(await thread.decode(picture('one'))).toEqual(['one']);
    const unread = thread.decode(picture('two'));
    thread.rest();
    await expect(unread).rejects.toThrow('no longer');
    expect(await thread.decode(picture('three'))).toEqual(['three']);
    thread.rest();
  });

  it('is a clear error when its file or its program is missing', async () => {
    const none = new CodeThread(pathToFileURL(path.join(folder, 'none.mjs')));
    await expect(none.decode(picture('x'))).rejects.toThrow('none.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('./code-worker.ts', import.meta.url))],
      outfile: path.join(tmpdir(), path.basename(folder), 'alone.mjs'),
      ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external' },
      logLevel: 'error',
    });
    const elsewhere = path.join(tmpdir(), path.basename(folder));
    const alone = new CodeThread(pathToFileURL(path.join(elsewhere, 'alone.mjs')));
    await expect(alone.decode(picture('x'))).rejects.toThrow('zxing-wasm');
    rmSync(elsewhere, { recursive: true, force: true });
  });
});
