/** The client against the real service, its broker and a robot that answers, in one process. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningFleet } from '../../scripts/fleet/testing/running-fleet.ts';
import type { Scope } from '../wire/grant.ts';
import {
  type Person as Appointed,
  appoint,
  FLEET,
  freshSigner,
  SCHOOL,
} from '../wire/testing/fleet-people.ts';
import { topics } from '../wire/topics.ts';
import { EventStreamReader } from './event-stream.ts';
import { FleetApi, type FleetApiParts } from './fleet-api.ts';
import { FleetProblem } from './fleet-problem.ts';
import type { LiveEvent } from './live-robots.ts';

let fleet: RunningFleet;
let central: Appointed;
const newId = (): string => randomBytes(16).toString('hex');

beforeAll(async () => {
  fleet = await RunningFleet.start();
  central = await appoint(fleet.root, 'central');
  await fleet.robot('robot-1', SCHOOL, () => ({ outcome: 'done' }));
  await fleet.robot('robot-2', SCHOOL, () => ({ outcome: 'failed', reason: 'no disk' }));
  await fleet.know('robot-3', 'sodra');
});
afterAll(() => fleet.stop());

const apiOf = (person: Appointed, over: Partial<FleetApiParts> = {}): FleetApi =>
  new FleetApi({
    ...{ server: fleet.server, person: { ...person, fleet: FLEET }, time: fleet.clock, newId },
    ...{ fetch: (url, init) => fetch(url, init), ...over },
  });

const kindOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no problem',
    (error) => (error instanceof FleetProblem ? error.kind : error),
  );

describe('the client of the fleet service', () => {
  it('logs in by itself, once, and again when the token ended', async () => {
    const sessions: string[] = [];
    const api = apiOf(central, { onSession: ({ token }) => sessions.push(token) });
    await Promise.all([api.robots(), api.schools(), api.people()]);
    expect(sessions).toHaveLength(1);
    await api.logout();
    await api.robots();
    expect(sessions).toHaveLength(2);
    const stale = { token: 'A'.repeat(43), expires: Number.MAX_SAFE_INTEGER, role: 'central' };
    expect(await apiOf(central, { session: stale }).robots()).toHaveLength(3);
  });

  it('lists, shows and reads all that there is, page by page', async () => {
    const api = apiOf(central);
    expect((await api.robots()).map(({ id }) => id)).toEqual(['robot-1', 'robot-2', 'robot-3']);
    expect(await api.robot('robot-3')).toMatchObject({ id: 'robot-3', school: 'sodra' });
    expect(await api.importRobots('id,school,name\nrobot-3,sodra,Bo\n')).toBe(1);
    await api.putSchool({ id: 'sodra', name: 'Södra', latitude: 59.3, longitude: 18 });
    expect(await api.schools()).toContainEqual({
      ...{ id: 'sodra', name: 'Södra', latitude: 59.3, longitude: 18 },
    });
    expect(await api.people()).toMatchObject([{ signer: central.key, role: 'central' }]);
    expect(await api.fleetAuditText()).toMatch(/^\S+\n/);
    for (const empty of [api.usage(), api.plans(), api.alerts(), api.history('robot-3')])
      expect(await empty).toEqual([]);
    expect(await api.auditText('robot-3')).toBe('');
  });

  it('gives orders, and believes the robot alone what became of them', async () => {
    const api = apiOf(central);
    const wait = { forMs: 5_000 };
    const done = await api.order('robot-1', { kind: 'identify', seconds: 5 });
    expect(await api.outcome(done, wait)).toMatchObject({
      ...{ outcome: 'done', receipt: { robot: 'robot-1', order: done.order } },
    });
    const failed = await api.order('robot-2', { kind: 'wipe' });
    expect(await api.outcome(failed, wait)).toMatchObject({ receipt: { reason: 'no disk' } });
    const off = await api.order('robot-3', { kind: 'wipe' });
    expect(await api.outcome(off, { forMs: 0 })).toEqual({ outcome: 'waiting' });
    expect(await api.orders(2)).toMatchObject([{ id: off.order }, { id: failed.order }]);
    // Somebody else's key, as a hostile service would show it.
    await fleet.know('robot-1', SCHOOL, await freshSigner());
    expect(await kindOf(api.outcome(done, wait))).toBe('notProven');
  });

  it('says what went wrong', async () => {
    const scope: Scope = { kind: 'schools', schools: [SCHOOL] };
    const teacher = apiOf(await appoint(fleet.root, 'teacher', scope));
    expect(await kindOf(teacher.people())).toBe('forbidden');
    expect(await kindOf(teacher.robot('robot-3'))).toBe('notFound');
    expect(await kindOf(teacher.order('robot-2', { kind: 'wipe' }))).toBe('unprocessable');
    const api = apiOf(central);
    const half = await api.importRobots('id,school\nrobot-4,x\nR 5,x\n').catch((error) => error);
    expect(half).toMatchObject({ kind: 'unprocessable', errors: [{ row: 3, field: 'id' }] });
    const stranger = {
      ...central,
      ...(await appoint(await appoint(fleet.root, 'teacher'), 'central')),
    };
    expect(await kindOf(apiOf(stranger).robots())).toBe('badLogin');
    expect(await kindOf(apiOf(central, { server: 'http://127.0.0.1:1' }).robots())).toBe(
      'unreachable',
    );
    const html = async (): Promise<Response> => new Response('<p>hello', { status: 200 });
    expect(await kindOf(apiOf(central, { fetch: html }).robots())).toBe('notUnderstood');
    const proxy = async (): Promise<Response> => new Response('bad gateway', { status: 502 });
    expect(await kindOf(apiOf(central, { fetch: proxy }).robots())).toBe('unreachable');
  });

  it('asks a busy service again, as late as it says', async () => {
    const waits: number[] = [];
    const time = {
      wall: () => fleet.clock.wall(),
      after: (ms: number, act: () => void) => {
        if (ms < 30_000) waits.push(ms);
        return fleet.clock.after(ms < 30_000 ? 0 : ms, act);
      },
    };
    let asked = 0;
    const busy = async (url: string, init: RequestInit): Promise<Response> => {
      asked += 1;
      if (asked > 2) return fetch(url, init);
      const body = JSON.stringify({
        type: 'urn:deskmate:problem:tooMany',
        title: 't',
        status: 429,
      });
      return new Response(body, { status: 429, headers: { 'retry-after': '7' } });
    };
    expect(await apiOf(central, { fetch: busy, time }).robots()).toHaveLength(3);
    expect(waits).toEqual([7_000, 7_000]);
  });
});

describe('live rows', () => {
  it('come as robots change, also after the service was away', async () => {
    const stop = new AbortController();
    const time = {
      wall: () => fleet.clock.wall(),
      after: (ms: number, act: () => void) => fleet.clock.after(Math.min(ms, 30_000) / 50, act),
    };
    const rows = apiOf(central, { time }).live(stop.signal);
    const next = async (): Promise<LiveEvent> => (await rows.next()).value as LiveEvent;
    const until = async (kind: LiveEvent['kind']): Promise<LiveEvent> => {
      for (;;) {
        const event = await next();
        if (event.kind === kind) return event;
      }
    };
    const say = (state: string) =>
      fleet.publish(topics.state('robot-2'), { state, faults: [], version: '1', since: 1 });
    expect(await next()).toEqual({ kind: 'connected' });
    await say('ready');
    expect(await until('robot')).toMatchObject({ robot: { id: 'robot-2' } });
    const { port } = fleet.service;
    await fleet.service.stop();
    expect(await until('disconnected')).toMatchObject({ why: { kind: 'unreachable' } });
    await fleet.open(port);
    await until('connected');
    await say('sleeping');
    expect(await until('robot')).toMatchObject({ robot: { id: 'robot-2' } });
    stop.abort();
    expect(await rows.next()).toMatchObject({ done: true });
  });

  it('are read from any pieces of any text', () => {
    const whole = ': here\r\n\r\nevent: robot\ndata: {"a":\ndata: "é"}\n\ndata:x\r\r';
    const bytes = new TextEncoder().encode(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const reader = new EventStreamReader();
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const events = places
          .slice(1)
          .flatMap((end, at) => reader.take(bytes.slice(places[at], end)));
        events.push(...reader.take(new TextEncoder().encode('\n')));
        expect(events).toEqual([
          { event: 'robot', data: '{"a":\n"é"}' },
          { event: 'message', data: 'x' },
        ]);
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (any) => void new EventStreamReader().take(any)));
    expect(() => new EventStreamReader().take(new Uint8Array(300_000).fill(97))).toThrow(
      RangeError,
    );
  });
});
