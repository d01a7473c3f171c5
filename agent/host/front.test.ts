import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SimBroker } from './broker.ts';
import { type Front, openFront } from './front.ts';

let folder: string;
let front: Front;
let asked: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-front-'));
  for (const name of ['home', 'robot', 'pupil', 'shared'])
    await mkdir(path.join(folder, 'pages', name), { recursive: true });
  for (const name of ['home', 'robot', 'pupil'])
    await writeFile(path.join(folder, 'pages', name, 'index.html'), name);
  asked = 0;
});

afterEach(async () => {
  await front.close();
  await rm(folder, { recursive: true });
});

async function start(host: string): Promise<void> {
  const answer = async () => {
    asked += 1;
    return { status: 200, body: {} };
  };
  front = await openFront({
    ...{ host, address: undefined, port: 0, broker: new SimBroker('sim-1') },
    pages: path.join(folder, 'pages'),
    api: { 'GET /api/invitation': answer, 'POST /api/invitation': answer },
    sockets: { '/world': { maxBytes: 1_000, open: () => true, take: () => {} } },
    certificate: path.join(folder, 'certificate.json'),
    nowMs: Date.UTC(2026, 9, 5),
    command: 'make sim',
  });
}

/** HTTP status, or why there was none. */
function status(url: string, method = 'GET'): Promise<number | string> {
  const { protocol } = new URL(url);
  const send = protocol === 'https:' ? askSecurely : ask;
  return new Promise((resolve) => {
    send(url, { method, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      .end();
  });
}

function socket(url: string): Promise<number | string> {
  const opened = new WebSocket(url, { rejectUnauthorized: false });
  return new Promise((resolve) => {
    opened.once('open', () => {
      opened.close();
      resolve('open');
    });
    opened.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
    opened.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

/** An address by which others reach this computer. */
const outer = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('a front for this computer alone', () => {
  it('is one listener, with the key for the person beside the robot', async () => {
    await start('127.0.0.1');
    expect(front.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/);
    expect(await status(front.url)).toBe(200);
    expect(await status(new URL('api/invitation', front.url).href, 'POST')).toBe(200);
    expect(await status(new URL('/api/invitation', front.url).href, 'POST')).toBe(404);
    expect(await socket(new URL('/world', front.url).href.replace('http', 'ws'))).toBe(404);
    expect(await socket(new URL('world', front.url).href.replace('http', 'ws'))).toBe('open');
    expect(await status(front.pupilPage)).toBe(200);
    expect(new URL(front.pupilPage).host).toBe(new URL(front.url).host);
    expect(front.notes.join(' ')).toMatch(
      /Only this computer .*no tablet or phone.*HOST=0\.0\.0\.0/,
    );
    expect(asked).toBe(1);
  });
});

describe('a front that is open to its network', () => {
  beforeEach(() => start('0.0.0.0'));

  it('lends others the pupil’s page by HTTPS, and not a word of the rest', async () => {
    const { protocol, port } = new URL(front.pupilPage);
    expect(protocol).toBe('https:');
    expect(front.brokerForPupils).toMatch(/^wss:/);
    const key = new URL(front.url).pathname;
    // This computer by each of its addresses: what one of them answers, others in the network get.
    for (const host of ['127.0.0.1', ...(outer ? [outer] : [])]) {
      const origin = `https://${host}:${port}`;
      expect(await status(`${origin}/pupil/`)).toBe(200);
      for (const before of ['/', key])
        for (const rest of ['', 'robot/', 'home/', 'api/invitation', 'api/status']) {
          expect(await status(`${origin}${before}${rest}`), `${before}${rest}`).toBe(404);
          expect(await status(`${origin}${before}${rest}`, 'POST')).toBe(404);
          expect(await socket(`wss://${host}:${port}${before}world`)).toBe(404);
        }
    }
    expect(asked).toBe(0);
  });

  it('keeps the operator’s listener on this computer', async () => {
    const { hostname, port, pathname } = new URL(front.url);
    expect(hostname).toBe('127.0.0.1');
    expect(await status(front.url)).toBe(200);
    if (outer !== undefined)
      expect(await status(`http://${outer}:${port}${pathname}`)).toBe('ECONNREFUSED');
  });

  it('names an address that a tablet can reach, where this computer has one', async () => {
    const { hostname } = new URL(front.pupilPage);
    expect(hostname).not.toMatch(/^(127\.|localhost$|0\.0\.0\.0)/);
    expect(front.notes.join(' ')).toContain(`Links lead to ${front.address}.`);
  });
});
