import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { signAuditEntry } from '../../../agent/wire/audit.ts';
import type { UsageRecord } from '../../../agent/wire/fleet.ts';
import { verifyRecordAck } from '../../../agent/wire/record-ack.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import {
  appoint,
  FLEET,
  freshId,
  freshRoot,
  order,
  ROBOT,
  SCHOOL,
} from '../../../agent/wire/testing/fleet-people.ts';
import { signToken } from '../../../agent/wire/token.ts';
import { topics } from '../../../agent/wire/topics.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { Intake } from '../store/intake-table.ts';
import { StoreUnavailable } from '../store/sql.ts';
import { openStore } from '../store/store.ts';
import { Acknowledger } from './acknowledger.ts';
import { Ingest } from './ingest.ts';
import { CHANNELS, parseMessage } from './messages.ts';
import { RobotKeys } from './robot-keys.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-ingest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const id = (n: number): string => n.toString(16).padStart(32, '0');
const usage = (n: number, robot = ROBOT): UsageRecord => ({
  ...{ id: id(n), robot, start: 1_000 + n, end: 2_000, minutes: 1, why: 'hangUp', pauses: 0 },
  ...{ handsRaised: 0, handsAcknowledged: 0, interruptions: 0 },
  ...{ videoLatencyMs: null, lossRatio: null },
});
const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

async function setUp() {
  const clock = new SimClock();
  const store = await openStore(path.join(folder, `${++files}.db`), { clock, log: silentLog });
  const root = await freshRoot();
  const service = await appoint(root, 'service');
  const identity = { fleet: FLEET, root: root.key, signer: service.signer, chain: service.chain };
  const sent: { topic: string; payload: string }[] = [];
  const publish = async (topic: string, payload: string) => void sent.push({ topic, payload });
  const acknowledger = new Acknowledger({ identity, clock, log: silentLog, publish });
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const keys = new RobotKeys(store, identity);
  const ingest = new Ingest({
    ...{ store, keys, clock, log: silentLog },
    listeners: {
      onStored: (records) => acknowledger.add(records),
      onAnswers: async () => {},
      onChange: () => {},
      onAwake: () => {},
      count: {
        stored: (kind) => count(`stored ${kind}`),
        duplicate: (kind) => count(`duplicate ${kind}`),
        refused: (reason) => count(reason),
        storeError: () => count('storeError'),
      },
    },
  });
  const acknowledged = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (const { topic, payload } of sent) {
      const robot = topic.split('/')[2] ?? '';
      const trust = { fleet: FLEET, root: root.key, certainlyPastS: 0, isRevoked: () => false };
      const verdict = await verifyRecordAck(JSON.parse(payload), { ...trust, robot });
      if (!verdict.ok) throw new Error(verdict.reason);
      expect(topic).toBe(topics.recordAck(robot));
      ids.push(...verdict.ids);
    }
    return ids;
  };
  return { clock, store, identity, root, ingest, sent, counts, keys, acknowledged };
}

/** Another service on the same store, which ends without a word. */
function ingestOn({ clock, store, identity }: Rig, onIds: (ids: readonly string[]) => void) {
  let dead = false;
  const publish = async (_topic: string, payload: string): Promise<void> => {
    const { payload: acked } = decodeAck(payload);
    if (!dead) onIds(acked.ids);
  };
  const acknowledger = new Acknowledger({ identity, clock, log: silentLog, publish });
  const nobody = { stored: () => {}, duplicate: () => {}, refused: () => {}, storeError: () => {} };
  const ingest = new Ingest({
    // Dead in the middle: what was not written before will not be.
    store: {
      ...store,
      intake: Object.assign(Object.create(store.intake), {
        store: (intake: Intake) =>
          dead ? new Promise<never>(() => {}) : store.intake.store(intake),
      }),
    },
    ...{ keys: new RobotKeys(store, identity), clock, log: silentLog },
    listeners: {
      onStored: (records) => acknowledger.add(records),
      ...{ onAnswers: async () => {}, onChange: () => {}, onAwake: () => {}, count: nobody },
    },
  });
  const die = (): void => {
    dead = true;
  };
  return { take: ingest.take.bind(ingest), die };
}

function decodeAck(payload: string): { payload: { ids: string[] } } {
  const [, body = ''] = JSON.parse(payload).ack.split('.');
  return { payload: JSON.parse(Buffer.from(body, 'base64url').toString()) };
}

type Rig = Awaited<ReturnType<typeof setUp>>;
let rig: Rig;
beforeEach(async () => {
  rig = await setUp();
  return async () => {
    await rig.store.close();
  };
});

const takeUsage = (n: number, robot = ROBOT) =>
  rig.ingest.take(topics.usage(robot), bytes(usage(n, robot)));

describe('ingest', () => {
  it('stores a record once, and acknowledges it each time', async () => {
    await takeUsage(1);
    await takeUsage(2);
    await takeUsage(1);
    await rig.clock.advance(1_000);
    await takeUsage(1);
    await rig.clock.advance(1_000);
    expect(await rig.store.intake.countRecords()).toBe(2);
    expect(await rig.acknowledged()).toEqual([id(1), id(2), id(1)]);
    expect(rig.counts).toEqual({ 'stored usage': 2, 'duplicate usage': 2 });
  });

  it('acknowledges within a second, and never more than 256 at once', async () => {
    for (let n = 0; n < 600; n++) await takeUsage(n);
    await rig.clock.advance(1_000);
    expect(await rig.acknowledged()).toHaveLength(600);
    expect(rig.sent.length).toBeGreaterThanOrEqual(3);
  });

  it('acknowledges nothing while the store is away, and loses nothing', async () => {
    const store = rig.store.intake.store.bind(rig.store.intake);
    rig.store.intake.store = () => Promise.reject(new StoreUnavailable('disk full'));
    await takeUsage(1);
    await rig.clock.advance(10_000);
    expect(await rig.acknowledged()).toEqual([]);
    rig.store.intake.store = store;
    await rig.clock.advance(3_000);
    expect(await rig.acknowledged()).toEqual([id(1)]);
    expect(rig.counts.storeError).toBeGreaterThan(5);
  });

  it('has each record exactly once, however often it dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_200), { maxLength: 5 }), async (lives) => {
        const { store, clock } = rig;
        const before = await store.intake.countRecords();
        const first = 1_000_000 + before;
        const kept = new Set(Array.from({ length: 40 }, (_, n) => first + n));
        for (const life of [...lives, 5_000]) {
          let dead = false;
          const process = ingestOn(rig, (ids) => {
            if (!dead) for (const one of ids) kept.delete(Number.parseInt(one, 16));
          });
          // The robot sends all that nobody acknowledged, again and again.
          const sender = clock.every(300, () => {
            for (const n of kept) void process.take(topics.usage(ROBOT), bytes(usage(n)));
          });
          await clock.advance(life);
          dead = true;
          process.die();
          sender.cancel();
        }
        expect(kept.size).toBe(0);
        expect(await store.intake.countRecords()).toBe(before + 40);
      }),
      { numRuns: 5 },
    );
  });

  it('makes the broker wait under a flood, with bounded memory', async () => {
    const done: number[] = [];
    for (let n = 0; n < 2_100; n++) void takeUsage(n).then(() => done.push(n));
    await rig.clock.advance(0);
    expect(done.length).toBe(1_999);
    await rig.clock.advance(5_000);
    expect(done.length).toBe(2_100);
    expect(rig.ingest.waiting).toBe(0);
    expect(await rig.store.intake.countRecords()).toBe(2_100);
  });

  it('stores the rest when one of a batch cannot be stored', async () => {
    const store = rig.store.intake.store.bind(rig.store.intake);
    rig.store.intake.store = (intake) =>
      intake.records.some((record) => record.id === id(7))
        ? Promise.reject(new Error('value out of range'))
        : store(intake);
    for (let n = 0; n < 20; n++) await takeUsage(n);
    await rig.clock.until(() => rig.ingest.waiting === 0, 5_000);
    await rig.clock.advance(1_000);
    expect(await rig.store.intake.countRecords()).toBe(19);
    expect((await rig.acknowledged()).includes(id(7))).toBe(false);
    expect(rig.counts.unstorable).toBe(1);
  });

  it('believes the topic, and never the payload, about who it is', async () => {
    await rig.ingest.take(topics.usage('robot-2'), bytes(usage(1, ROBOT)));
    await rig.clock.advance(1_000);
    expect(await rig.store.intake.countRecords()).toBe(0);
    expect(rig.counts).toEqual({ wrongRobot: 1 });
  });

  it('takes a receipt by the robot only, and waits for its key', async () => {
    const robot = await freshRoot();
    const thief = await freshRoot();
    const receipt = { robot: ROBOT, order: id(9), at: 1, outcome: 'done' };
    const take = async (n: number, by: typeof robot, over = {}) => {
      const token = await signToken(by.signer, TYP.receipt, { ...receipt, ...over });
      await rig.ingest.take(
        topics.receipt(ROBOT),
        bytes({ id: id(n), robot: ROBOT, receipt: token }),
      );
      await rig.clock.advance(6_000);
    };
    await take(1, robot);
    await rig.store.robots.put([{ id: ROBOT, school: null, name: null, robotKey: robot.key }], 1);
    await rig.clock.advance(6_000);
    await take(2, thief);
    await take(3, robot, { robot: 'robot-2' });
    await take(1, robot);
    expect(await rig.acknowledged()).toEqual([id(1)]);
    expect(rig.counts).toMatchObject({ keyUnknown: 1, wrongKey: 1, wrongRobot: 1 });
  });

  it('learns a robot and its school from the first entry of its log', async () => {
    const robot = await freshRoot();
    const central = await appoint(rig.root, 'central');
    const join = { kind: 'join', school: SCHOOL, robotKey: robot.key } as const;
    const { order: token, chain } = await order(central, join);
    const entry = await signAuditEntry(robot.signer, {
      ...{ fleet: FLEET, log: ROBOT, n: 1, prev: null, at: 1, what: 'joined', outcome: 'done' },
      evidence: { order: token, chain },
    });
    const say = (log: string, n: number) =>
      rig.ingest.take(topics.audit(log), bytes({ id: id(n), robot: log, entry }));
    await say('robot-2', 1);
    await say(ROBOT, 2);
    await rig.clock.advance(1_000);
    expect(await rig.store.robots.get(ROBOT)).toMatchObject({
      school: SCHOOL,
      robotKey: robot.key,
    });
    expect(await rig.acknowledged()).toEqual([id(2)]);
    expect(rig.counts).toMatchObject({ wrongRobot: 1, 'stored audit': 1 });
  });

  it('follows a rotation of keys, and takes what was signed before it', async () => {
    const [before, after] = [await freshRoot(), await freshRoot()];
    await rig.store.robots.put([{ id: ROBOT, school: null, name: null, robotKey: before.key }], 1);
    const rotated = await signAuditEntry(before.signer, {
      ...{ fleet: FLEET, log: ROBOT, n: 5, prev: before.key, at: 1, what: 'keysRotated' },
      ...{ outcome: 'done', nextKey: after.key },
    });
    await rig.ingest.take(topics.audit(ROBOT), bytes({ id: id(1), robot: ROBOT, entry: rotated }));
    for (const [n, by] of [before, after].entries()) {
      const text = { robot: ROBOT, order: null, at: 1, outcome: 'refused' };
      const receipt = await signToken(by.signer, TYP.receipt, text);
      await rig.ingest.take(topics.receipt(ROBOT), bytes({ id: id(2 + n), robot: ROBOT, receipt }));
    }
    await rig.clock.advance(1_000);
    expect(await rig.acknowledged()).toEqual([id(1), id(2), id(3)]);
    expect((await rig.store.robots.get(ROBOT))?.robotKey).toBe(after.key);
  });

  it('keeps the newest state, and each change once', async () => {
    const state = (name: string, since: number) =>
      rig.ingest.take(topics.state(ROBOT), bytes({ state: name, faults: [], version: '1', since }));
    await state('ready', 10);
    await state('lost', 10);
    await state('ready', 20);
    await rig.clock.advance(100);
    await state('ready', 20);
    await rig.clock.advance(100);
    const [facts] = await rig.store.robots.facts();
    expect(JSON.parse(facts?.latest.state?.body ?? '')).toMatchObject({ since: 20 });
    expect(await rig.store.intake.history(ROBOT, { limit: 9 })).toHaveLength(3);
  });
});

describe('messages', () => {
  it('refuses anything else with a reason, and never throws', () => {
    const topic = fc.oneof(
      fc.string(),
      fc.constantFrom(...CHANNELS.map((channel) => topics[channel](ROBOT))),
    );
    const payload = fc.oneof(fc.uint8Array(), fc.json().map(bytes), fc.string().map(bytes));
    fc.assert(
      fc.property(topic, payload, (where, what) => {
        const parsed = parseMessage(where, what);
        expect(parsed.ok || parsed.why.length > 0).toBe(true);
      }),
    );
  });

  it('says what is wrong', () => {
    const why = (topic: string, what: unknown) => {
      const parsed = parseMessage(topic, what instanceof Uint8Array ? what : bytes(what));
      return parsed.ok ? 'ok' : `${parsed.reason}: ${parsed.why}`;
    };
    expect(why(topics.usage(ROBOT), usage(1))).toBe('ok');
    expect(why(topics.usage(ROBOT), { ...usage(1), start: 1e300 })).toMatch(/malformed.*calendar/);
    expect(why(topics.usage(ROBOT), { ...usage(1), id: freshId().slice(1) })).toMatch(/id:/);
    expect(why(topics.usage('Robot'), usage(1))).toMatch(/^topic/);
    expect(why(topics.usage(ROBOT), new Uint8Array([0xff]))).toMatch(/not UTF-8/);
    expect(why(topics.usage(ROBOT), new Uint8Array(200_000))).toMatch(/^tooLong/);
  });
});
