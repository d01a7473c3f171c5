/** The pupil's page of docs/servers.md: nginx serves what the build leaves, and hands the broker's WebSocket on. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SECURITY_HEADERS } from '../../../agent/web/browser-security.ts';
import { root } from '../../preflight.mjs';
import { block, fitted, freePort, makeCertificate, openFolder, Server } from './testing/server.ts';

const NAME = 'deskmate.example.org';
const folder = openFolder();
let server: Server;
let broker: HttpServer;
let certificate: string;
let port: number;

beforeAll(async () => {
  const made = await makeCertificate(folder.path, NAME);
  certificate = readFileSync(made.certificate, 'utf8');
  port = await freePort();
  const file = (name: string): string => path.join(folder.path, name);
  const www = file('www');
  // The build is make field's; it is what people copy.
  for (const part of ['pupil', 'shared', 'chunks'])
    cpSync(path.join(root, 'dist/pages', part), path.join(www, part), { recursive: true });
  mkdirSync(file('tmp'));
  broker = createServer();
  new WebSocketServer({ server: broker }).on('connection', (socket, { url }) =>
    socket.send(`${url}`),
  );
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const text = fitted(block('/etc/nginx/conf.d/deskmate.conf'), {
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    'listen [::]:443 ssl;': '',
    [`/etc/letsencrypt/live/${NAME}/fullchain.pem`]: made.certificate,
    [`/etc/letsencrypt/live/${NAME}/privkey.pem`]: made.key,
    'root /var/www/deskmate;': `root ${www};`,
    'http://127.0.0.1:9001': `http://127.0.0.1:${(broker.address() as AddressInfo).port}`,
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${file('tmp')};`,
  );
  writeFileSync(
    file('nginx.conf'),
    `daemon off; pid ${file('pid')}; error_log stderr; worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''} events {}
http { include /etc/nginx/mime.types; access_log off; ${temporary.join(' ')} ${text} }`,
  );
  server = await Server.start(['nginx', '-c', file('nginx.conf'), '-e', 'stderr'], () =>
    get('/').then(
      () => true,
      () => false,
    ),
  );
}, 30_000);

afterAll(async () => {
  await server?.stop();
  broker?.close();
  broker?.closeAllConnections();
  folder.remove();
});

const secure = () => ({ host: '127.0.0.1', port, ca: certificate, servername: NAME });

function get(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ ...secure(), path: url, headers: { host: NAME, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer);
    })
      .on('error', reject)
      .end();
  });
}

describe('the page', () => {
  it('is there, and every file that it names', async () => {
    const page = readFileSync(path.join(root, 'dist/pages/pupil/index.html'), 'utf8');
    const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file = '']) => file);
    const chunks = readdirSync(path.join(root, 'dist/pages/chunks')).map(
      (file) => `/chunks/${file}`,
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of ['/pupil/', ...files, ...chunks.filter((one) => one.endsWith('.js'))])
      expect([file, (await get(file)).statusCode]).toEqual([file, 200]);
    expect((await get('/')).headers.location).toMatch(/\/pupil\/$/);
    for (const other of ['/robot/', '/home/', '/station/', '/pupil/../../etc/passwd', '/x'])
      expect([other, (await get(other)).statusCode]).not.toEqual([other, 200]);
  });

  it.each(['/pupil/', '/pupil/main.js', '/x', '/'])(
    'carries at %s the headers that the product’s own server sends',
    async (url) => {
      const { headers } = await get(url);
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
        // Here it is known which broker the page may speak to.
        const wanted = value.replace(
          "connect-src 'self' ws: wss:",
          `connect-src 'self' wss://${NAME}`,
        );
        expect([name, headers[name]]).toEqual([name, wanted]);
      }
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
    },
  );

  it('is packed, asked for each time, and its chunks kept', async () => {
    const packed = await get('/pupil/main.js', { 'accept-encoding': 'gzip' });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'no-cache',
    });
    expect(packed.headers['content-type']).toMatch(/javascript/);
    const [chunk] = readdirSync(path.join(root, 'dist/pages/chunks'));
    expect((await get(`/chunks/${chunk}`)).headers['cache-control']).toMatch(/max-age=31536000/);
  });
});

it('hands the broker’s WebSocket on', async () => {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/mqtt`, ['mqtt'], {
    ...{ ca: certificate, servername: NAME, headers: { host: NAME } },
  });
  const first = await new Promise<string>((resolve, reject) => {
    socket.once('message', (bytes) => resolve(String(bytes)));
    socket.once('error', reject);
  });
  socket.close();
  expect(first).toBe('/mqtt');
});

it('the hook for certificates is a script that a shell takes', () => {
  const hook = block('/etc/letsencrypt/renewal-hooks/deploy/deskmate');
  execFileSync('sh', ['-n'], { input: hook });
});
