import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { AdminClient } from './admin-client.ts';

let folder: string;
let path: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'admin-'));
  path = join(folder, 'admin.sock');
});

afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const ask = (patienceMs = 0) => new AdminClient(new SystemClock(), path, patienceMs).status();

function serve(answer: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  return new Promise((resolve) => server?.listen(path, resolve));
}

test('without patience, an absent agent is reported at once', async () => {
  await expect(ask()).rejects.toMatchObject({ kind: 'away', message: 'the agent is not there' });
});

test('an agent that is just starting is waited for', async () => {
  const asked = ask(5_000);
  await serve((socket) => socket.end('{"ok":false,"kind":"failed","message":"no"}\n'));
  await expect(asked).rejects.toMatchObject({ kind: 'refused' });
});

test.each([
  ['{"ok":true,"verb":"devices","devices":[]}\n', 'strange'],
  ['hello\n', 'strange'],
  ['{"ok":true,"verb":"status"}\n', 'strange'],
  ['', 'silent'],
])('an answer of %j is an error of kind %s', async (answer, kind) => {
  await serve((socket) => socket.end(answer));
  await expect(ask()).rejects.toMatchObject({ kind });
});
