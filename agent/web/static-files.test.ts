import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebServer } from './web-server.ts';

const TEXT = 'let a = 1;\n'.repeat(1_000);
const CHUNK = 'chunks/chunk-P7ECGBW5.js';
let folder: string;
let server: WebServer;
let port: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-static-'));
  await mkdir(path.join(folder, 'chunks'));
  await mkdir(path.join(folder, 'pupil'));
  for (const name of [CHUNK, 'pupil/main.js']) {
    await writeFile(path.join(folder, name), TEXT);
    await writeFile(path.join(folder, `${name}.br`), brotliCompressSync(TEXT));
    await writeFile(path.join(folder, `${name}.gz`), gzipSync(TEXT));
  }
  await writeFile(path.join(folder, 'pupil/alone.js'), TEXT);
  server = new WebServer({ pages: folder, api: {}, sockets: {} });
  port = await server.listen(0, '127.0.0.1');
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function ask(name: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port, path: `/${name}`, headers, method }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        const { statusCode: status = 0 } = answer;
        answer.on('end', () =>
          resolve({ status, headers: { ...answer.headers }, body: Buffer.concat(parts) }),
        );
      })
        .once('error', reject)
        .end();
    },
  );
}

describe('what the browser takes packed', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['BR', 'br'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['identity', undefined],
    ['', undefined],
    ['brotli, xgzip', undefined],
  ])('accept-encoding: %s', async (accepted, coding) => {
    const { headers, body } = await ask(CHUNK, { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
    expect(headers.vary).toBe('accept-encoding');
    expect(headers['content-type']).toContain('text/javascript');
    expect(Number(headers['content-length'])).toBe(body.length);
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    const text = coding === undefined ? body : unpack[coding as keyof typeof unpack](body);
    expect(text.toString()).toBe(TEXT);
    if (coding !== undefined) expect(body.length).toBeLessThan(500);
  });

  it('is sent plain where nothing lies packed beside it, or something older', async () => {
    const accept = { 'accept-encoding': 'br, gzip' };
    expect((await ask('pupil/alone.js', accept)).body.toString()).toBe(TEXT);
    const before = new Date(Date.now() - 60_000);
    for (const ending of ['br', 'gz'])
      await utimes(path.join(folder, `pupil/main.js.${ending}`), before, before);
    expect((await ask('pupil/main.js', accept)).headers['content-encoding']).toBeUndefined();
  });

  it('is known again by its own tag, in each coding', async () => {
    const tags = new Set<unknown>();
    for (const accepted of ['br', 'gzip', '']) {
      const accept = { 'accept-encoding': accepted };
      const { etag } = (await ask('pupil/main.js', accept)).headers;
      tags.add(etag);
      for (const asked of [String(etag), `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await ask('pupil/main.js', { ...accept, 'if-none-match': asked });
        expect(again).toMatchObject({ status: 304, headers: { etag, vary: 'accept-encoding' } });
        expect(again.body).toHaveLength(0);
      }
      const other = { ...accept, 'if-none-match': '"other"' };
      expect((await ask('pupil/main.js', other)).status).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  it('tells its length to who asks for no more', async () => {
    const { headers, body } = await ask(CHUNK, { 'accept-encoding': 'br' }, 'HEAD');
    const { size } = await stat(path.join(folder, `${CHUNK}.br`));
    expect([Number(headers['content-length']), body.length]).toEqual([size, 0]);
  });
});

describe('what a browser keeps', () => {
  it('is what is named by its content for ever, and the rest is asked for again', async () => {
    expect((await ask(CHUNK)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('pupil/main.js')).headers['cache-control']).toBe('no-cache');
  });
});
