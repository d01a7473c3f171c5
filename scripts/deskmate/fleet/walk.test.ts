/** From nothing to a robot in a fleet, by the commands that people type. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthorities } from '../../../agent/pki/authority.ts';
import { signAuditEntry } from '../../../agent/wire/audit.ts';
import { CodeCollector } from '../../../agent/wire/code.ts';
import { SignedOrder, verifyOrder } from '../../../agent/wire/order.ts';
import { freshSigner } from '../../../agent/wire/testing/fleet-people.ts';
import type { Signer } from '../../../agent/wire/token.ts';
import { hashToken, thumbprint } from '../../../agent/wire/token.ts';
import { run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';

let home: string;
let agent: Server;
let robotSigner: Signer;
let robotKey: string;
const at = (...names: string[]): string => path.join(home, ...names);
const read = (...names: string[]) => JSON.parse(readFileSync(at(...names), 'utf8'));

const type = (...args: string[]) => run(verbs, args, { HOME: home });
async function done(...args: string[]) {
  const ran = await type(...args, '--json');
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out);
}
async function refused(...args: string[]) {
  const ran = await type(...args, '--json');
  expect(ran.code).not.toBe(0);
  return JSON.parse(ran.out).error as { code: string; message: string };
}

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'deskmate-'));
  robotSigner = await freshSigner();
  robotKey = await thumbprint(robotSigner.jwk);
  mkdirSync(at('etc'));
  mkdirSync(at('data'), { mode: 0o700 });
  writeFileSync(
    at('etc/agent.json'),
    JSON.stringify({
      ...{ robot: 'robot-1', broker: 'mqtt://old', brokerForPupils: 'wss://b', page: 'https://p/' },
      ...{ link: 'l', admin: at('admin.sock'), data: at('data'), logLevel: 'info' },
    }),
  );
  const health = {
    ...{ body: null, broker: true },
    ...Object.fromEntries(
      ['camera', 'microphone', 'speaker'].map((one) => [
        one,
        { present: true, state: 'idle', why: '' },
      ]),
    ),
  };
  const status = {
    ...{ ok: true, verb: 'status', robot: 'robot-1', robotKey, phase: 'asleep', devices: 0 },
    ...{ invitations: [], refused: {}, health },
  };
  agent = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end(`${JSON.stringify(status)}\n`));
  });
  await new Promise<void>((resolve) => agent.listen(at('admin.sock'), resolve));
});
afterAll(() => {
  agent.close();
  rmSync(home, { recursive: true });
});

describe('from nothing to a robot in a fleet', () => {
  it('the fleet, and a person who may order its robots', async () => {
    const broker = ['--broker', 'mqtts://broker.example.org:8883'];
    const made = await done('fleet', 'init', 'aurora', '--school', 'norra', ...broker);
    expect(made).toMatchObject({ fleet: 'aurora', folder: at('.config/deskmate/fleet') });
    await done('key', 'new');
    writeFileSync(at('anna.json'), (await type('key', 'show', '--json')).out);
    const to = ['--to', at('anna.json'), '--school', 'norra', '--out', at('grant.json')];
    await done('fleet', 'grant', 'coordinator', ...to);
    expect(
      await refused('key', 'import', at('grant.json'), '--root', 'x'.repeat(43)),
    ).toMatchObject({ code: 'grantRefused' });
    expect(await done('key', 'import', at('grant.json'), '--root', made.root)).toMatchObject({
      ...{ fleet: 'aurora', role: 'coordinator', root: made.root },
    });
    expect(await refused('fleet', 'init', 'aurora')).toMatchObject({ code: 'fleetExists' });
    const grants = readFileSync(at('.config/deskmate/fleet/grants.jsonl'), 'utf8');
    expect(await refused('fleet', 'grant', 'coordinator', ...to)).toMatchObject({
      code: 'fleetExists',
    });
    expect(readFileSync(at('.config/deskmate/fleet/grants.jsonl'), 'utf8')).toBe(grants);
  });

  it('a coordinator lets a teacher in, and nobody else', async () => {
    const { privateKey: _, ...other } = { ...(await freshSigner()), privateKey: 0 };
    writeFileSync(at('teacher.json'), JSON.stringify(other.jwk));
    const to = ['--own', '--to', at('teacher.json'), '--school', 'norra'];
    await done('fleet', 'grant', 'teacher', ...to, '--out', at('teacher-grant.json'));
    expect(read('teacher-grant.json').chain).toHaveLength(2);
    expect(await refused('key', 'import', at('teacher-grant.json'))).toMatchObject({
      code: 'grantRefused',
    });
  });

  it('the robot asks, staff add it, the robot installs the answer', async () => {
    const config = ['--config', at('etc')];
    await done('robot', 'request', '--out', at('request.json'), ...config);
    expect(await refused('robot', 'install', at('request.json'), ...config)).toMatchObject({
      code: 'fileWrong',
    });
    const csr = ['--csr', at('request.json')];
    const answer = ['--school', 'norra', '--out', at('answer.json')];
    expect(await refused('robot', 'add', 'robot-2', ...csr, ...answer)).toMatchObject({
      code: 'robotRefused',
    });
    await done('robot', 'add', 'robot-1', ...csr, ...answer);
    const { root: stranger } = await createAuthorities('aurora', 0);
    const good = read('answer.json');
    for (const bend of [{ fleet: 'other' }, { root: 'x'.repeat(43) }, { ca: stranger.cert }]) {
      writeFileSync(at('bent.json'), JSON.stringify({ ...good, ...bend }));
      const { code } = await refused('robot', 'install', at('bent.json'), ...config);
      expect([bend, code]).toEqual([bend, 'robotRefused']);
    }
    const request = readFileSync(at('data/broker/request.json'), 'utf8');
    writeFileSync(at('data/broker/request.json'), request.replace(robotKey, 'x'.repeat(43)));
    expect((await refused('robot', 'install', at('answer.json'), ...config)).message).toMatch(
      /answers another request/,
    );
    writeFileSync(at('data/broker/request.json'), request);
    expect(existsSync(at('etc/agent.json.d'))).toBe(false);
    expect(existsSync(at('data/broker/cert.pem'))).toBe(false);
    await done('robot', 'install', at('answer.json'), ...config);
    const { root } = read('answer.json');
    expect(read('etc/agent.json.d/20-fleet.json')).toMatchObject({
      ...{ fleet: { id: 'aurora', root }, broker: 'mqtts://broker.example.org:8883' },
      ...{ brokerCert: at('data/broker/cert.pem'), brokerKey: at('data/broker/key.pem') },
    });
  });

  it('its audit log is verified, and any edited byte is found', async () => {
    const { join, root } = read('answer.json');
    const entry = {
      fleet: 'aurora',
      log: 'robot-1',
      at: 1_800_000_000_000,
      outcome: 'done',
    } as const;
    const first = await signAuditEntry(robotSigner, {
      ...{ ...entry, n: 1, prev: null, what: 'join', evidence: join },
    });
    const prev = await hashToken(first);
    const second = await signAuditEntry(robotSigner, { ...entry, n: 2, prev, what: 'identify' });
    const text = `${first}\n${second}\n`;
    writeFileSync(at('log'), text);
    const { entries } = await done('audit', 'verify', at('log'), '--root', root);
    expect(entries).toHaveLength(2);
    expect((await type('audit', 'verify', at('log'))).out).toMatch(/^ +2 .*identify.*done$/m);
    for (let index = 0; index < text.length; index += 97) {
      const other = text[index] === 'A' ? 'B' : 'A';
      writeFileSync(at('bent'), text.slice(0, index) + other + text.slice(index + 1));
      const line = index <= first.length ? 1 : 2;
      const found = await refused('audit', 'verify', at('bent'), '--root', root);
      expect(found).toMatchObject({ code: 'auditWrong', line });
    }
  });

  it('brokers get what they need, and a revoked robot is shut out', async () => {
    const { files } = await done(
      'fleet',
      'brokers',
      '--for',
      'mosquitto',
      '--out',
      at('mosquitto'),
    );
    expect(files).toContain('server-key.pem');
    const hosts = ['a', 'b', 'c'].flatMap((name) => ['--host', `${name}.example.org`]);
    await done('fleet', 'brokers', '--for', 'nats', ...hosts, '--out', at('nats'));
    const node = (folder: string) => readFileSync(at(folder, 'node1.conf'), 'utf8');
    expect(node('nats')).toContain('robot-1.robot.aurora');
    const orders = ['--out', at('orders')];
    await done('fleet', 'revoke', await thumbprint(read('teacher.json')), ...orders);
    const { root } = read('answer.json');
    const { robot, ...order } = read('orders');
    const verdict = await verifyOrder(order, {
      ...{ fleet: 'aurora', root, robot, school: 'norra', shown: true, nowS: undefined },
      ...{ certainlyPastS: 0, consentUntilS: 0, isRevoked: () => false, lastN: () => -1 },
    });
    expect(verdict).toMatchObject({ ok: true, order: { do: { kind: 'revoke' } } });
    await done('fleet', 'revoke', 'robot-1');
    await done('fleet', 'brokers', '--for', 'nats', ...hosts, '--out', at('nats-2'));
    expect(node('nats-2')).not.toContain('robot-1.robot.aurora');
    expect(await refused('fleet', 'revoke', 'robot-9')).toMatchObject({ code: 'usage' });
  });

  it('orders are shown as codes, which the robot reads and obeys', async () => {
    const { root } = read('answer.json');
    const obeyed = async (codes: readonly string[]) => {
      const collector = new CodeCollector();
      const whole = codes.map((code) => collector.take(code)).at(-1);
      if (whole?.kind !== 'whole') throw new Error(whole?.kind);
      return verifyOrder(SignedOrder.parse(JSON.parse(whole.text)), {
        ...{ fleet: 'aurora', root, robot: 'robot-1', school: 'norra', shown: true },
        ...{ nowS: undefined, certainlyPastS: 0, consentUntilS: 0 },
        ...{ isRevoked: () => false, lastN: () => -1 },
      });
    };
    const join = await done('code', 'join', at('answer.json'));
    expect(await obeyed(join.codes)).toMatchObject({ ok: true, order: { do: { kind: 'join' } } });
    const handover = await done('code', 'handover', 'robot-1');
    expect(await obeyed(handover.codes)).toMatchObject({
      ...{ ok: true, by: { role: 'coordinator' }, order: { do: { kind: 'assign', days: 7 } } },
    });
    expect(JSON.parse(readFileSync(handover.replyKey, 'utf8')).order).toBe(handover.order);
    writeFileSync(at('week.txt'), 'mon 09:00-09:45 Maths\ntis 10:00-10:40\n');
    const plan = ['code', 'timetable', 'robot-1', at('week.txt'), '--phase', '2'];
    const sheet = await done(...plan, '--zone', 'Europe/Stockholm', '--out', at('week.html'));
    expect(await obeyed(sheet.codes)).toMatchObject({ ok: true });
    const html = readFileSync(at('week.html'), 'utf8');
    expect(html.match(/<svg/g)).toHaveLength(sheet.codes.length);
    expect(html).not.toMatch(/(src|href)=|https?:\/\/(?!www\.w3\.org\/)/);
    writeFileSync(at('week.txt'), 'mon 09:00-09:45\nmon 25:00-26:00\n');
    expect((await refused(...plan)).message).toMatch(/row 2, from: expected a time/);
  });

  it('a network is shown as phones show it', async () => {
    writeFileSync(at('wifi.txt'), 'a pass;phrase\n');
    const wifi = ['code', 'wifi', '--ssid', 'Skolan', '--password-file', at('wifi.txt')];
    expect((await done(...wifi)).codes).toEqual(['WIFI:T:WPA;P:a pass\\;phrase;S:Skolan;;']);
    writeFileSync(at('wifi.txt'), 'short\n');
    expect(await refused(...wifi)).toMatchObject({
      message: expect.stringMatching(/^--password-file: expected 8 to 63/),
    });
  });

  it('a list with a wrong row is refused with row and field', async () => {
    writeFileSync(at('robots.csv'), 'id,school\nrobot-5,norra\nRobot 6,norra\n');
    const wrong = await refused('robot', 'import', at('robots.csv'));
    expect(wrong).toMatchObject({ code: 'fileWrong', errors: [{ row: 3, field: 'id' }] });
    writeFileSync(at('robots.csv'), 'id,school\nrobot-5,norra\n');
    expect(await done('robot', 'import', at('robots.csv'))).toEqual({ robots: 1 });
  });
});
