/** The service as a whole: broker, ingest, store and API in one process, two of them side by side. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditText } from '../../agent/wire/audit.ts';
import type { Scope } from '../../agent/wire/grant.ts';
import { signLogin } from '../../agent/wire/login.ts';
import { type Action, verifyOrder } from '../../agent/wire/order.ts';
import { type RecordAck, verifyRecordAck } from '../../agent/wire/record-ack.ts';
import {
  appoint,
  FLEET,
  freshId,
  freshRoot,
  NOW_S,
  order,
  type Person,
  ROBOT,
  SCHOOL,
} from '../../agent/wire/testing/fleet-people.ts';
import { topics } from '../../agent/wire/topics.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { openFleetService, type RunningFleetService, WrongServiceIdentity } from './service.ts';

/** The system's timers, at the date of the people's grants. */
class DatedClock extends SystemClock {
  private readonly startMs = this.now();
  override wall(): number {
    return NOW_S * 1_000 + this.now() - this.startMs;
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-fleet-'));
const clock = new DatedClock();
const file = path.join(folder, 'fleet.db');
let aedes: Aedes;
let tcp: Server;
let root: Person;
let serviceKey: Person;
let services: RunningFleetService[];
let robot: mqtt.MqttClient;
const acknowledged: string[] = [];
const waiters = new Set<() => void>();
const orders: string[] = [];

const brokerUrl = (): string => `mqtt://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
const open = (instance: string): Promise<RunningFleetService> =>
  openFleetService({
    identity: {
      ...{ fleet: FLEET, root: root.key, signer: serviceKey.signer, chain: serviceKey.chain },
    },
    ...{ store: file, broker: { url: brokerUrl(), instance }, clock, log: silentLog },
    http: { port: 0, host: '127.0.0.1' },
  });

beforeAll(async () => {
  aedes = await Aedes.createBroker();
  tcp = createServer((socket) => aedes.handle(socket));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  root = await freshRoot();
  serviceKey = await appoint(root, 'service');
  services = await Promise.all(['a', 'b'].map(open));
  robot = await mqtt.connectAsync(brokerUrl());
  robot.on('message', (topic, payload) => void hear(topic, payload.toString()));
  await robot.subscribeAsync([topics.recordAck(ROBOT), topics.order(ROBOT)], { qos: 1 });
});
afterAll(async () => {
  await robot?.endAsync(true);
  for (const service of services ?? []) await service.stop();
  await new Promise<void>((resolve) => aedes.close(() => resolve()));
  tcp.close();
  rmSync(folder, { recursive: true, force: true });
});

async function hear(topic: string, payload: string): Promise<void> {
  if (topic === topics.order(ROBOT)) orders.push(payload);
  else {
    const trust = { fleet: FLEET, root: root.key, certainlyPastS: NOW_S, isRevoked: () => false };
    const verdict = await verifyRecordAck(JSON.parse(payload) as RecordAck, {
      ...trust,
      robot: ROBOT,
    });
    if (verdict.ok) acknowledged.push(...verdict.ids);
  }
  for (const again of waiters) again();
}

const until = (done: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const again = (): void => {
      if (!done()) return;
      waiters.delete(again);
      resolve();
    };
    waiters.add(again);
    again();
  });

const usage = (id: string) => ({
  ...{ id, robot: ROBOT, start: 1, end: 2, minutes: 1, why: 'hangUp', pauses: 0 },
  ...{ handsRaised: 0, handsAcknowledged: 0, interruptions: 0 },
  ...{ videoLatencyMs: null, lossRatio: null },
});
const send = (id: string) =>
  robot.publishAsync(topics.usage(ROBOT), JSON.stringify(usage(id)), { qos: 1 });

interface Asking {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly service?: number;
  readonly headers?: Record<string, string>;
}

async function ask(
  where: string,
  { method = 'GET', token, body, service = 0, headers }: Asking = {},
) {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const response = await fetch(`http://127.0.0.1:${services[service]?.port}${where}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return response;
}

async function logIn(person: Person, over = {}, service = 0) {
  const challenge = await ask('/v1/login/challenge', { method: 'POST', service });
  const { nonce } = (await challenge.json()) as { nonce: string };
  const audience = `http://127.0.0.1:${services[service]?.port}`;
  const login = await signLogin(person.signer, {
    ...{ fleet: FLEET, nonce, audience, iat: NOW_S, ...over },
  });
  const body = { login, chain: person.chain };
  return { body, response: await ask('/v1/login', { method: 'POST', body, service }) };
}

async function tokenOf(person: Person): Promise<string> {
  const { response } = await logIn(person);
  return ((await response.json()) as { token: string }).token;
}

const school = (id: string): Scope => ({ kind: 'schools', schools: [id] });

describe('two fleet services side by side', () => {
  it('store each record once and acknowledge it, also when one ends and starts again', async () => {
    const ids = Array.from({ length: 60 }, freshId);
    await Promise.all(ids.slice(0, 40).map(send));
    await services[1]?.stop();
    await Promise.all(ids.slice(30).map(send));
    services[1] = await open('b');
    await until(() => ids.every((id) => acknowledged.includes(id)));
    expect(await services[0]?.store.intake.countRecords()).toBe(60);
  });

  it('pass an order on once it is posted, and refuse what the robot would refuse', async () => {
    const central = await appoint(root, 'central');
    const token = await tokenOf(central);
    const csv = `id,school,name\n${ROBOT},${SCHOOL},Ada\nrobot-9,sodra,Bo\n`;
    const imported = await ask('/v1/robots/import', { method: 'POST', token, body: csv });
    expect([imported.status, await imported.json()]).toEqual([200, { robots: 2 }]);
    const wipe = await order(central, { kind: 'wipe' });
    const body = { robot: ROBOT, signed: wipe };
    const posted = await ask('/v1/orders', { method: 'POST', token, body });
    expect(posted.status).toBe(202);
    await until(() => orders.length > 0);
    expect(JSON.parse(orders[0] ?? '')).toEqual(wipe);
    const again = await ask('/v1/orders', { method: 'POST', token, body, service: 1 });
    expect(again.status).toBe(409);
    const consent = await order(central, { kind: 'consent', until: 0 });
    const refused = await ask('/v1/orders', {
      ...{ method: 'POST', token, body: { robot: ROBOT, signed: consent } },
    });
    expect(await refused.json()).toMatchObject({ status: 422, detail: /roleForbids/ });
  });

  it('have one log that verifies', async () => {
    const token = await tokenOf(await appoint(root, 'central'));
    const response = await ask('/v1/audit', { token, service: 1 });
    const verdict = await verifyAuditText(await response.text(), { fleet: FLEET, root: root.key });
    expect(verdict.ok && verdict.entries.map(({ what }) => what)).toEqual([
      ...['login', 'import', 'wipe', 'login'],
    ]);
  });
});

describe('login', () => {
  it('takes a challenge once, for this service only', async () => {
    const person = await appoint(root, 'coordinator', school(SCHOOL));
    const { body, response } = await logIn(person);
    expect(response.status).toBe(200);
    expect((await ask('/v1/login', { method: 'POST', body })).status).toBe(401);
    const passedOn = await logIn(person, { audience: 'https://other.example' });
    expect(passedOn.response.status).toBe(401);
  });

  it('refuses a service, a stranger, and an expired grant', async () => {
    const expired = await appoint(root, 'central', { kind: 'fleet' }, { exp: NOW_S - 1 });
    for (const person of [serviceKey, await freshRoot(), expired])
      expect((await logIn(person)).response.status).toBe(401);
  });
});

/** Every route, and who may: the table of the test, written apart from the table of the product. */
const MAY: Readonly<Record<string, string>> = {
  'GET /v1/robots': 'central support coordinator teacher',
  [`GET /v1/robots/${ROBOT}`]: 'central support coordinator teacher',
  [`GET /v1/robots/${ROBOT}/history`]: 'central support coordinator',
  [`GET /v1/robots/${ROBOT}/audit`]: 'central support coordinator',
  'GET /v1/orders': 'central support coordinator',
  'GET /v1/usage': 'central coordinator',
  'GET /v1/plans': 'central support coordinator teacher',
  'GET /v1/alerts': 'central support coordinator',
  'POST /v1/alerts/acknowledge': 'central support coordinator',
  'POST /v1/orders': 'central support coordinator teacher',
  'POST /v1/robots/import': 'central',
  'GET /v1/schools': 'central support coordinator teacher',
  'PUT /v1/schools/norra': 'central',
  'GET /v1/people': 'central',
  'GET /v1/audit': 'central',
  'POST /v1/logout': 'central support coordinator teacher',
};
const REFUSED = [401, 403];

describe('the API', () => {
  it('lets each role do what is in the table, and nobody else anything', async () => {
    for (const role of ['central', 'support', 'coordinator', 'teacher'] as const) {
      const token = await tokenOf(await appoint(root, role));
      for (const [route, roles] of Object.entries(MAY)) {
        const [method = '', where = ''] = route.split(' ');
        const { status } = await ask(where, { method, token });
        const allowed = !REFUSED.includes(status);
        expect([route, role, allowed]).toEqual([route, role, roles.split(' ').includes(role)]);
      }
    }
    for (const route of Object.keys(MAY)) {
      const [method = '', where = ''] = route.split(' ');
      expect((await ask(where, { method, service: 1 })).status).toBeOneOf([401, 429]);
    }
  });

  it('shows a coordinator the robots of the school, and nothing of another', async () => {
    const token = await tokenOf(await appoint(root, 'coordinator', school('sodra')));
    const json = async (where: string) => (await ask(where, { token })).json();
    expect(await json('/v1/robots')).toMatchObject({ items: [{ id: 'robot-9' }], next: null });
    expect(await json('/v1/schools')).toMatchObject({ items: [{ id: 'sodra' }] });
    for (const empty of ['/v1/usage', '/v1/orders', '/v1/alerts?open=false', '/v1/plans'])
      expect(await json(empty)).toMatchObject({ items: [] });
    for (const foreign of ['', '/history', '/audit'])
      expect((await ask(`/v1/robots/${ROBOT}${foreign}`, { token })).status).toBe(404);
  });

  it('answers with problems, pages and tags', async () => {
    const token = await tokenOf(await appoint(root, 'central'));
    const bad = await ask('/v1/robots?limit=0', { token });
    expect(bad.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await bad.json()).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
    const first = await ask('/v1/robots?limit=1', { token });
    const { items, next } = (await first.json()) as { items: { id: string }[]; next: string };
    expect(items.map(({ id }) => id)).toEqual([ROBOT]);
    const second = await ask(`/v1/robots?limit=1&cursor=${next}`, { token });
    expect(await second.json()).toMatchObject({ items: [{ id: 'robot-9' }], next: null });
    const tag = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await ask('/v1/robots?limit=1', { token, headers: tag })).status).toBe(304);
    const csv = 'id,school\nrobot-10,norra\nRobot 11,norra\n';
    const half = await ask('/v1/robots/import', { method: 'POST', token, body: csv });
    expect(await half.json()).toMatchObject({ status: 422, errors: [{ row: 3, field: 'id' }] });
    expect((await ask('/v1/robots/robot-10', { token })).status).toBe(404);
  });

  it('tells who listens at once when a robot is lost', async () => {
    const token = await tokenOf(await appoint(root, 'teacher', school(SCHOOL)));
    const response = await ask('/v1/events', { token });
    const lost = { state: 'lost', faults: [], version: '1', since: 1 };
    const will = { topic: topics.state(ROBOT), payload: Buffer.from(JSON.stringify(lost)) };
    const other = await mqtt.connectAsync(brokerUrl(), {
      ...{ will: { ...will, qos: 1, retain: true }, reconnectPeriod: 0 },
    });
    other.stream.destroy();
    const decoder = new TextDecoder();
    let text = '';
    const reader = response.body?.getReader();
    while (!text.includes('event: robot')) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) break;
      text += decoder.decode(value);
    }
    await reader?.cancel();
    const data = /data: (.*)/.exec(text)?.[1] ?? '';
    const row = {
      id: ROBOT,
      school: SCHOOL,
      name: 'Ada',
      robotKey: null,
      state: { state: 'lost' },
    };
    expect(JSON.parse(data)).toEqual(row);
  });

  it('gives figures and its description', async () => {
    const text = await (await ask('/metrics')).text();
    expect(text).toMatch(/deskmate_fleet_messages_stored_total\{kind="usage"\} \d+/);
    expect(await (await ask('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
  });
});

describe('a hostile fleet service', () => {
  it('signs nothing that a robot obeys', async () => {
    const id = freshId();
    const actions: Action[] = [
      ...([{ kind: 'wipe' }, { kind: 'leave' }, { kind: 'rotateKeys' }] as const),
      { kind: 'join', school: SCHOOL, robotKey: root.key },
      { kind: 'consent', until: NOW_S + 60 },
      { kind: 'assign', days: 1, replyKey: serviceKey.signer.jwk },
      { kind: 'invite', days: 1, replyKey: serviceKey.signer.jwk },
      { kind: 'restart', what: 'agent' },
      { kind: 'identify', seconds: 1 },
      { kind: 'logs', lines: 1, level: 'info', replyKey: serviceKey.signer.jwk },
      { kind: 'allowLesson', from: 0, until: 1 },
      { kind: 'timetable', timetable: '' },
      { kind: 'configure', settings: { section: 'name', version: 1, value: { name: 'x' } } },
      { kind: 'revoke', revoked: [id] },
    ];
    // Also what it grants itself below its own grant.
    const promoted = await appoint(serviceKey, 'central');
    const trust = {
      ...{ fleet: FLEET, root: root.key, certainlyPastS: NOW_S, isRevoked: () => false },
      ...{ robot: ROBOT, school: SCHOOL, nowS: NOW_S, shown: true, lastN: () => -1 },
      consentUntilS: NOW_S + 60,
    };
    for (const action of actions)
      for (const by of [serviceKey, promoted]) {
        const verdict = await verifyOrder(await order(by, action), trust);
        expect(verdict).toMatchObject({ ok: false, reason: 'roleForbids' });
      }
  });

  it('does not start with grants of another role', async () => {
    const central = await appoint(root, 'central');
    const wrong = openFleetService({
      identity: { fleet: FLEET, root: root.key, signer: central.signer, chain: central.chain },
      ...{ store: file, broker: { url: brokerUrl(), instance: 'c' }, clock, log: silentLog },
      http: { port: 0, host: '127.0.0.1' },
    });
    await expect(wrong).rejects.toThrow(WrongServiceIdentity);
  });
});
