import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQr from 'qr/decode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdminReply } from '../../../agent/access/admin-protocol.ts';
import { type NetworkState, unknownNetwork } from '../../../hal/ports/network.ts';
import { terminalQr } from '../command/terminal-qr.ts';
import { FakeMachine } from '../doctor/testing/fake-machine.ts';
import { run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';
import { statusOf } from './status.ts';

const device = (state: 'idle' | 'fault', why: string) => ({ present: true, state, why });
const status: AdminReply = {
  ...{ ok: true, verb: 'status', robot: 'desk-1', robotKey: 'k', phase: 'live', devices: 2 },
  invitations: [{ id: '1', state: 'open', issuedAt: 0, expiresAt: 1 }],
  refused: {},
  health: {
    body: null,
    broker: false,
    camera: device('fault', 'camera: no device; plug it in'),
    microphone: device('idle', ''),
    speaker: { present: false, state: 'idle', why: '' },
  },
};
const link = 'https://class.example/#r=desk-1&s=secret';
const invited: AdminReply = { ok: true, verb: 'invite', id: '1', link, expires: 1_800_000_000 };

let folder: string;
let server: Server | undefined;
let asked: unknown;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-'));
});

afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function agentThatSays(reply: AdminReply): Promise<void> {
  server?.close();
  const admin = join(folder, 'admin.sock');
  await writeFile(
    join(folder, 'agent.json'),
    JSON.stringify({
      ...{ robot: 'desk-1', broker: 'mqtt://b', brokerForPupils: 'wss://b', page: 'https://p/' },
      ...{ link: 'l', admin, data: 'd', drivers: 'd', board: 'laptop', logLevel: 'info' },
    }),
  );
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (line) => {
      asked = JSON.parse(line.toString());
      socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
  await new Promise<void>((resolve) => server?.listen(admin, resolve));
}

const type = (...args: string[]) => run(verbs, [...args, '--config', folder]);

/** On a computer of that network; without one nobody there knows. */
const typeStatus = (network: Partial<NetworkState>, ...args: string[]) =>
  run(
    [statusOf(async () => new FakeMachine({ network }))],
    ['status', '--config', folder, ...args],
  );

const skolan = { ssid: 'Skolan', signalPercent: 64, frequencyMhz: 5_240, enterprise: true };
const telia = {
  registration: 'home',
  technology: '4g',
  signalPercent: 48,
  operator: 'Telia',
} as const;

describe('status and invite', () => {
  it('tells how the robot is, in words', async () => {
    await agentThatSays(status);
    const { code, out } = await typeStatus({}, '--lang', 'nl');
    expect(code).toBe(0);
    expect(out).toMatch(/Camera +werkt niet: camera: no device; plug it in/);
    expect(out).toMatch(/Luidspreker +zit niet op dit board/);
    expect(out).toMatch(/Hardware +de firmware draait niet/);
  });

  it('says what is wrong with the agent\u2019s own files, and nothing when nothing is', async () => {
    const faults = ['accessClosed', 'storage'];
    await agentThatSays({ ...status, health: { ...status.health, faults } });
    const { out } = await typeStatus({}, '--lang', 'en');
    expect(out).toMatch(/Access +closed: the robot\u2019s keys/);
    expect(out).toMatch(/Disk +cannot be written to/);
    server?.close();
    await agentThatSays({ ...status, health: { ...status.health, faults: [] } });
    expect((await typeStatus({}, '--lang', 'en')).out).not.toMatch(/Access|Disk/);
  });

  it('tells of Wi-Fi and modem in a line each', async () => {
    await agentThatSays(status);
    const both = await typeStatus({ wifi: skolan, modem: telia });
    expect(both.out).toMatch(/^ {2}Wi-Fi +Skolan, signal 64%$/m);
    expect(both.out).toMatch(/^ {2}Modem +Telia, 4G, signal 48%, registered$/m);
    const dutch = await typeStatus({ wifi: { ...skolan, ssid: '' } }, '--lang', 'nl');
    expect(dutch.out).toMatch(/^ {2}Wifi +\(verborgen naam\), signaal 64%$/m);
    expect(dutch.out).toMatch(/^ {2}Modem +geen$/m);
    const modem = { ...telia, registration: 'searching' } as const;
    const swedish = await typeStatus({ connectivity: 'none', modem }, '--lang', 'sv');
    expect(swedish.out).toMatch(/^ {2}Wifi +inte ansluten$/m);
    expect(swedish.out).toMatch(/^ {2}Modem +söker en operatör$/m);
  });

  it.each([
    ['en', 'unknown'],
    ['nl', 'onbekend'],
    ['sv', 'okänt'],
  ])('says so in %s when nobody knows the network', async (language, unknown) => {
    await agentThatSays(status);
    const { code, out } = await typeStatus({}, '--lang', language);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^ {2}Wi-?[Ff]i +${unknown}$`, 'm'));
    expect(out).toMatch(new RegExp(`^ {2}Modem +${unknown}$`, 'm'));
  });

  it('is for programs too', async () => {
    await agentThatSays(status);
    const { out } = await typeStatus({ wifi: skolan }, '--json');
    expect(JSON.parse(out)).toEqual({ ...status, network: { ...unknownNetwork, wifi: skolan } });
  });

  it('invites for as many days as asked', async () => {
    await agentThatSays(invited);
    const { code, out } = await type('invite', '--days', '3');
    expect(code).toBe(0);
    expect(asked).toEqual({ verb: 'invite', days: 3 });
    expect(out.split('\n')).toContain(link);
    expect(out).toContain('15 January 2027');
  });

  it('gives programs the invitation as JSON', async () => {
    await agentThatSays(invited);
    const { code, out } = await type('invite', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ id: '1', link, expiresAt: 1_800_000_000_000 });
    expect(asked).toEqual({ verb: 'invite', days: 7 });
  });

  it('gives programs the reason too, with the exit code of people', async () => {
    const error = async (...args: string[]) => {
      const { code, out, err } = await type(...args, '--json');
      expect(err).toBe('');
      return { code, ...JSON.parse(out).error };
    };
    expect(await error('status')).toMatchObject({ code: 'configMissing', exit: 78 });
    await writeFile(join(folder, 'agent.json'), '{"robot":"X"}');
    expect(await error('devices')).toMatchObject({ code: 'configWrong', exit: 78 });
    await agentThatSays({ ok: false, kind: 'clockUnknown', message: 'the clock is not set' });
    expect(await error('invite')).toEqual({
      ...{ code: 'agentRefused', exit: 69, reason: 'clockUnknown' },
      message: 'The agent could not do this: the clock is not set',
    });
    await agentThatSays({ ok: false, kind: 'ofANewerAgent', message: 'no' });
    expect(await error('invite')).toMatchObject({ reason: 'ofANewerAgent' });
  });

  it('says in one line why there is no answer', async () => {
    const none = await type('status');
    expect(none).toMatchObject({ code: 78, out: '' });
    expect(none.err).toMatch(/agent\.json was not found.*--config/);
    await writeFile(join(folder, 'agent.json'), '{"robot":"X"}');
    const bad = await type('status');
    expect(bad.code).toBe(78);
    expect(bad.err).toMatch(/cannot be used: .*agent\.json: robot: /);
    await agentThatSays({ ok: false, kind: 'clockUnknown', message: 'the clock is not set' });
    const refused = await type('invite');
    expect(refused).toMatchObject({
      code: 69,
      err: 'The agent could not do this: the clock is not set\n',
    });
  });
});

describe('the QR code of a terminal', () => {
  it('is a square of half blocks with a light border', () => {
    const lines = terminalQr(link, false);
    const width = lines[0]?.length ?? 0;
    expect(Math.ceil(width / 2)).toBe(lines.length);
    expect(lines.every((line) => line.length === width)).toBe(true);
    expect(lines[0]).toBe('█'.repeat(width));
    expect(terminalQr(link, true)[0]).toContain('\u001b[');
  });

  it('can be read back', () => {
    expect(decodeQr(pictureOf(terminalQr(link, false)))).toBe(link);
  });
});

/** As a camera sees it: each half block a few pixels wide and high. */
function pictureOf(lines: readonly string[]): { width: number; height: number; data: Uint8Array } {
  const px = 4;
  const width = (lines[0]?.length ?? 0) * px;
  const height = lines.length * 2 * px;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const block = lines[Math.floor(y / px / 2)]?.[Math.floor(x / px)] ?? ' ';
      const light = (Math.floor(y / px) % 2 === 0 ? '█▀' : '█▄').includes(block);
      data.fill(light ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return { width, height, data };
}
