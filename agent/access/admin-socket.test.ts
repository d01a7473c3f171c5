import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import type { Health } from '../model/health.ts';
import { RobotBench } from '../signalling/testing/robot-bench.ts';
import { BROKER_URL } from '../signalling/testing/test-robot.ts';
import { AccessFault } from './access-fault.ts';
import { AdminReply, MAX_ADMIN_LINE } from './admin-protocol.ts';
import { AdminListener, AdminSocket } from './admin-socket.ts';

const idle = { present: true, state: 'idle', why: 'stopped' } as const;
const health: Health = { body: null, broker: true, camera: idle, microphone: idle, speaker: idle };

let folder: string;
let path: string;
let at: RobotBench;
let admin: AdminSocket;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'admin-'));
  path = join(folder, 'admin.sock');
  at = await RobotBench.start();
  admin = await open();
});

afterEach(async () => {
  await admin.close();
  await rm(folder, { recursive: true });
});

function open(access = () => at.robot.access): Promise<AdminSocket> {
  const { clock, robot } = at;
  const { refusals } = robot;
  return AdminSocket.open({
    ...{ path, access, refusals, clock, log: silentLog, robot: 'robot-1' },
    ...{ broker: BROKER_URL, page: 'https://pupil.example/', phase: () => 'asleep' },
    health: () => health,
  });
}

/** Sends the texts at once; resolves with the replies when there are as many, or on close. */
function ask(...lines: string[]): Promise<AdminReply[]> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = '';
    const replies = (): string[] => text.split('\n').slice(0, -1);
    const done = (): void => {
      socket.destroy();
      resolve(replies().map((line) => AdminReply.parse(JSON.parse(line))));
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (replies().length === lines.length) done();
    });
    socket.on('close', done);
    socket.on('error', reject);
    socket.write(lines.map((line) => `${line}\n`).join(''));
  });
}

test('invites, lists, revokes, reports status', async () => {
  const pupil = await at.pupil();
  const [invited, listed] = await ask('{"verb":"invite","days":7}', '{"verb":"devices"}');
  expect(invited).toMatchObject({
    ok: true,
    link: expect.stringMatching(/^https:\/\/pupil.*#r=robot-1&s=/),
  });
  const device = listed?.ok && listed.verb === 'devices' ? listed.devices[0]?.device : '';
  const [revoked, again, status] = await ask(
    JSON.stringify({ verb: 'revoke', device }),
    JSON.stringify({ verb: 'revoke', device }),
    '{"verb":"status"}',
  );
  expect(revoked).toEqual({ ok: true, verb: 'revoke' });
  expect(again).toMatchObject({ ok: false, kind: 'unknownDevice' });
  expect(status).toMatchObject({
    ...{ ok: true, robot: 'robot-1', phase: 'asleep', devices: 0 },
    invitations: [{ state: 'used' }, { state: 'open' }],
    refused: { 'admin.unknownDevice': 1 },
    health,
  });
  expect(await pupil.offer()).toBe('refused: unknownDevice');
});

test('bad requests are refused with a reason and counted, the next one is answered', async () => {
  const replies = await ask(
    '{',
    '{"verb":"format"}',
    '{"verb":"invite","days":0}',
    '{"verb":"invite","days":400}',
    '{"verb":"revoke","device":"x"}',
    'x'.repeat(MAX_ADMIN_LINE + 1),
    '{"verb":"devices"}',
  );
  expect(replies.map((reply) => (reply.ok ? 'ok' : reply.kind))).toEqual([
    ...Array(5).fill('malformed'),
    'tooLong',
    'ok',
  ]);
  expect(at.robot.refusals.snapshot()['admin.malformed']).toBe(5);
});

test('only for its own user; replaces a stale socket, never a file', async () => {
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  // A second server on the path stands for an agent that was killed.
  const next = await open();
  expect(await ask('{"verb":"devices"}')).toEqual([{ ok: true, verb: 'devices', devices: [] }]);
  await next.close();
  await writeFile(path, 'not a socket');
  await expect(open()).rejects.toThrow(/EADDRINUSE/);
});

test('retries while a file is in its place', async () => {
  await admin.close();
  await writeFile(path, 'not a socket');
  const listener = await AdminListener.open({
    ...{
      path,
      access: () => at.robot.access,
      refusals: at.robot.refusals,
      clock: at.clock,
      log: silentLog,
    },
    ...{ robot: 'robot-1', broker: BROKER_URL, page: 'https://p/', phase: () => 'asleep' },
    health: () => health,
  });
  await rm(path);
  await at.clock.advance(5_000);
  while (!existsSync(path)) await new Promise((resolve) => setImmediate(resolve));
  expect(await ask('{"verb":"devices"}')).toMatchObject([{ ok: true }]);
  await listener.close();
});

test('while access is closed, status works and invite reports why it cannot', async () => {
  await admin.close();
  admin = await open(() => {
    throw new AccessFault('brokenRecords', 'robot-keys.json: empty');
  });
  const [status, invited, listed] = await ask(
    '{"verb":"status"}',
    '{"verb":"invite","days":7}',
    '{"verb":"devices"}',
  );
  expect(status).toMatchObject({ ok: true, robotKey: '', devices: 0, invitations: [], health });
  for (const reply of [invited, listed])
    expect(reply).toMatchObject({ kind: 'brokenRecords', message: 'robot-keys.json: empty' });
});

test('an idle connection is closed after half a minute', async () => {
  const idle = ask('');
  const silent = new Promise<void>((resolve) => {
    const socket = createConnection(path);
    socket.on('close', () => resolve());
  });
  await idle;
  await new Promise((resolve) => setTimeout(resolve, 20));
  await at.clock.advance(30_000);
  await silent;
});
