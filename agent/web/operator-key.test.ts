import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorBase } from '../pages/shared/operator.ts';
import { behindKey, FOR_PUPILS, FOR_THIS_COMPUTER, newOperatorKey } from './operator-key.ts';
import { openSocket } from './testing/open-socket.ts';
import { WebServer, type WebServerParts } from './web-server.ts';

const key = newOperatorKey();
let folder: string;
let server: WebServer;
let port: number;
let pressed: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-key-'));
  for (const name of ['home', 'robot', 'pupil', 'shared', 'chunks', 'station'])
    await mkdir(path.join(folder, name));
  for (const name of ['home', 'robot', 'pupil', 'station']) {
    await writeFile(path.join(folder, name, 'index.html'), `<title>${name}</title>`);
    await writeFile(path.join(folder, name, 'main.js'), 'let a;');
  }
  pressed = 0;
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const sockets: WebServerParts['sockets'] = {
  '/world': { maxBytes: 1_000, open: () => true, take: () => {} },
  '/mqtt': { protocol: 'mqtt', forAll: true, maxBytes: 1_000, open: () => true, take: () => {} },
};

async function serve(parts: Partial<WebServerParts>): Promise<void> {
  const press = async () => {
    pressed += 1;
    return { status: 200, body: { paused: false } };
  };
  server = new WebServer({
    ...{ pages: folder, sockets },
    api: { 'GET /api/invitation': press, 'POST /api/go-on': press },
    ...parts,
  });
  port = await server.listen(0, '127.0.0.1');
}

function ask(urlPath: string, method = 'GET', headers: Record<string, string> = {}) {
  return new Promise<{ status: number; location: string | undefined; body: string }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port, path: urlPath, method, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => {
          body += chunk;
        });
        const { location } = answer.headers;
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, location, body }));
      })
        .once('error', reject)
        .end();
    },
  );
}

const status = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;

const open = (urlPath: string, headers: Record<string, string> = {}) =>
  openSocket(`ws://127.0.0.1:${port}${urlPath}`, headers);

describe('the page of the person beside the robot', () => {
  beforeEach(() => serve({ key, only: FOR_THIS_COMPUTER }));

  it('is behind the key of the printed address: page, API and WebSockets', async () => {
    expect((await ask(`/${key}/`)).body).toContain('home');
    expect((await ask(`/${key}/robot/`)).body).toContain('robot');
    expect((await ask(`/${key}/?view=flat`)).status).toBe(200);
    expect(await status(`/${key}/api/invitation`)).toBe(200);
    expect(await status(`/${key}/api/go-on`, 'POST')).toBe(200);
    expect(await open(`/${key}/world`)).toBe('open');
    expect(await open(`/${key}/mqtt`)).toBe('open');
    expect(await ask(`/${key}`)).toMatchObject({ status: 308, location: `/${key}/` });
    expect(await ask(`/${key}/robot`)).toMatchObject({ status: 308, location: `/${key}/robot/` });
  });

  it.each([
    ['none', ''],
    ['another', `/${newOperatorKey()}`],
    ['one that begins so', `/${key.slice(0, -1)}`],
    ['one that goes on', `/${key}x`],
    ['the same of another case', `/${key.toLowerCase()}A`],
  ])('is not there for who has no key: %s', async (_, before) => {
    for (const urlPath of ['/api/invitation', '/api/status', '/robot/', '/home/', '/station/'])
      expect(await status(`${before}${urlPath}`), urlPath).toBe(404);
    expect(await status(`${before}/api/go-on`, 'POST')).toBe(404);
    expect(await open(`${before}/world`)).toBe(404);
    expect(pressed).toBe(0);
  });

  it('asks for the key whoever asks, by whatever header', async () => {
    const own = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` };
    expect(await status('/api/go-on', 'POST', own)).toBe(404);
    expect(await status('/api/go-on', 'POST', { ...own, cookie: `key=${key}` })).toBe(404);
    expect(await status(`/api/go-on?key=${key}`, 'POST', own)).toBe(404);
    expect(await open('/world', { origin: own.origin })).toBe(404);
    expect(pressed).toBe(0);
  });

  it('is not for other sites, nor by a name that was made to point here, even with the key', async () => {
    const there = `/${key}/api/go-on`;
    expect(await status(there, 'POST', { origin: 'https://evil.example' })).toBe(403);
    expect(await status(there, 'POST', { origin: 'null' })).toBe(403);
    expect(await status(there, 'POST', { origin: `http://127.0.0.1:${port + 1}` })).toBe(403);
    expect(await status(there, 'POST', { host: `evil.example:${port}` })).toBe(403);
    expect(await open(`/${key}/world`, { origin: 'https://evil.example' })).toBe(403);
    expect(pressed).toBe(0);
  });

  it('leaves the pupil’s page and its way to the broker to everybody', async () => {
    expect((await ask('/pupil/')).body).toContain('pupil');
    expect(await open('/mqtt')).toBe('open');
    for (const urlPath of ['/home/main.js', '/robot/main.js'])
      expect(await status(urlPath)).toBe(200);
  });

  it('says at the bare address where the whole one is', async () => {
    const { status: code, body } = await ask('/');
    expect(code).toBe(403);
    for (const language of ['en', 'nl', 'sv']) expect(body).toContain(`lang="${language}"`);
    expect(body).not.toContain(key);
  });

  it('leads nowhere else by two slashes', async () => {
    expect((await ask('//pupil')).location ?? '').not.toMatch(/^\/\//);
  });
});

describe('the pupils’ listener', () => {
  it('has the pupil’s page and nothing of the other, with or without a key', async () => {
    await serve({ only: FOR_PUPILS, sockets: { '/mqtt': sockets['/mqtt'] ?? never() }, api: {} });
    expect(await status('/pupil/')).toBe(200);
    expect(await open('/mqtt')).toBe('open');
    for (const before of ['', `/${key}`]) {
      for (const urlPath of ['/', '/home/', '/robot/main.js', '/api/invitation', '/api/go-on'])
        expect(await status(`${before}${urlPath}`), urlPath).toBe(404);
      expect(await open(`${before}/world`)).toBe(404);
    }
  });

  it('is known by the name that links have for it, and by no other', async () => {
    await serve({ only: FOR_PUPILS, names: ['Klas.School.example', '[fd00::7]'] });
    expect(await status('/pupil/', 'GET', { host: 'klas.school.example:8301' })).toBe(200);
    expect(await status('/pupil/', 'GET', { host: '[fd00::7]:8301' })).toBe(200);
    expect(await status('/pupil/', 'GET', { host: 'other.school.example' })).toBe(403);
  });
});

const never = (): never => {
  throw new Error('there is a route');
};

describe('a key', () => {
  it('is another each time, and is found in the path by the pages', () => {
    expect(newOperatorKey()).not.toBe(key);
    expect(operatorBase(`/${key}/`)).toBe(`/${key}/`);
    expect(operatorBase(`/${key}/robot/`)).toBe(`/${key}/`);
    for (const pathname of ['/', '/robot/', '/pupil/', `/${key}`])
      expect(operatorBase(pathname)).toBe('/');
  });

  it('ends at a slash', () => {
    expect(behindKey(`/${key}/api`, key)).toBe('/api');
    expect(behindKey(`/${key}`, key)).toBe('');
    expect(behindKey(`/${key}2/api`, key)).toBeUndefined();
    expect(behindKey('/', key)).toBeUndefined();
    expect(behindKey(`/${'é'.repeat(43)}/`, key)).toBeUndefined();
  });
});
