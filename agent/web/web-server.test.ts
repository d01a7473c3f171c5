import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket } from './testing/open-socket.ts';
import { WebServer } from './web-server.ts';

let folder: string;
let server: WebServer;
let port: number;
let brokerUp = true;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-web-'));
  const pages = path.join(folder, 'pages');
  for (const name of ['home', 'robot', 'shared'])
    await mkdir(path.join(pages, name), { recursive: true });
  await writeFile(path.join(pages, 'home/index.html'), '<title>home</title>');
  await writeFile(path.join(pages, 'home/home.css'), 'a{}');
  await writeFile(path.join(pages, 'robot/index.html'), '<title>robot</title>');
  await writeFile(path.join(pages, 'robot/main.js'), 'let a;');
  await writeFile(path.join(folder, 'secret.json'), 'secret');
  await symlink(path.join(folder, 'secret.json'), path.join(pages, 'shared/link.json'));
  brokerUp = true;
  server = new WebServer({
    pages,
    api: {
      'GET /api/status': async () => ({ status: 200, body: { well: true } }),
      'POST /api/break': async () => {
        throw new Error('inside');
      },
    },
    sockets: {
      '/world': { maxBytes: 1_000, open: () => true, take: (socket) => socket.send('hello') },
      '/mqtt': { protocol: 'mqtt', maxBytes: 1_000, open: () => brokerUp, take: () => {} },
    },
  });
  port = await server.listen(0, '127.0.0.1');
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** The path goes out as it is: `fetch` would tidy it up first. */
function ask(
  urlPath: string,
  method = 'GET',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const question = request(
      { host: '127.0.0.1', port, path: urlPath, method, headers },
      (answer) => {
        let body = '';
        answer.on('data', (chunk) => {
          body += chunk;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
        );
      },
    );
    question.on('error', reject);
    question.end();
  });
}

describe('pages', () => {
  it('serves home at the root, pages by name, and their files', async () => {
    expect((await ask('/')).body).toContain('home');
    expect((await ask('/home.css')).headers['content-type']).toContain('text/css');
    expect((await ask('/robot/')).body).toContain('robot');
    expect((await ask('/robot/main.js?v=1')).headers['content-type']).toContain('text/javascript');
    expect(await ask('/robot')).toMatchObject({ status: 308, headers: { location: '/robot/' } });
  });

  it('sends a strict policy with every answer, errors too', async () => {
    for (const urlPath of ['/', '/nothing', '/api/status', '/api/nothing']) {
      const { headers } = await ask(urlPath);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('answers 304 to who has it already', async () => {
    const { headers } = await ask('/robot/main.js');
    const again = await ask('/robot/main.js', 'GET', { 'if-none-match': String(headers.etag) });
    expect(again).toMatchObject({ status: 304, body: '' });
  });

  it.each([
    '/../secret.json',
    '/robot/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/robot/..%5c..%5csecret.json',
    '/%2e%2e%2fsecret.json%00.html',
    '/shared/link.json',
    '//secret.json',
    '/%',
    '/%c0%ae%c0%ae/secret.json',
  ])('gives nothing away for %s', async (urlPath) => {
    const { status, body } = await ask(urlPath);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it('lets pages only be read', async () => {
    expect((await ask('/', 'POST')).status).toBe(405);
    expect((await ask('/', 'HEAD')).body).toBe('');
  });

  it('survives a handler that fails', async () => {
    expect((await ask('/api/break', 'POST')).status).toBe(500);
    expect((await ask('/api/status')).body).toBe('{"well":true}');
  });
});

describe('strangers', () => {
  it('refuses names that are not its own (DNS rebinding) and other origins', async () => {
    expect((await ask('/', 'GET', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/api/status', 'GET', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('/api/status', 'GET', { origin: 'null' })).status).toBe(403);
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect((await ask('/api/status', 'GET', own)).status).toBe(200);
  });

  it('opens WebSockets to its own pages only', async () => {
    expect(await open('/world', `http://127.0.0.1:${port}`)).toBe('open');
    expect(await open('/world', undefined)).toBe('open');
    expect(await open('/world', 'http://evil.example')).toBe(403);
    expect(await open('/world', `http://127.0.0.1:${port + 1}`)).toBe(403);
    expect(await open('/nothing', undefined)).toBe(404);
    expect(await open('/__proto__', undefined)).toBe(404);
  });

  it('answers 503 while the target of a route is away', async () => {
    brokerUp = false;
    expect(await open('/mqtt', undefined)).toBe(503);
  });

  it('outlives half a request and broken frames', async () => {
    const half = connect(port, '127.0.0.1');
    half.write('GET /world HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Up');
    half.destroy();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/world`);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.send('x'.repeat(1_001));
    await closed;
    expect((await ask('/api/status')).status).toBe(200);
  });
});

function open(urlPath: string, origin: string | undefined): Promise<string | number> {
  return openSocket(`ws://127.0.0.1:${port}${urlPath}`, origin ? { origin } : {});
}
