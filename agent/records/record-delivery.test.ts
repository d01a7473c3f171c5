import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { RefusalCounters } from '../model/refusal-counters.ts';
import { FakeBroker } from '../testing/fake-broker.ts';
import { signRecordAck } from '../wire/record-ack.ts';
import { appoint, FLEET, freshRoot, NOW_S, ROBOT } from '../wire/testing/fleet-people.ts';
import { topics } from '../wire/topics.ts';
import { RecordAcks } from './record-acks.ts';
import type { OutgoingRecord } from './record-delivery.ts';
import { RecordOutbox } from './record-outbox.ts';
import { RESEND_MS } from './redelivery.ts';
import { type Delivered, delivered } from './testing/delivered.ts';

const topic = topics.audit(ROBOT);
const record = (n: number): OutgoingRecord => {
  const id = n.toString(16).padStart(32, '0');
  return { id, topic, payload: { id, robot: ROBOT, n } };
};

function outboxOn(
  clock: SimClock,
  storage = new MemoryStorage(),
  confirmed = true,
): RecordOutbox & Delivered & { stop(): void } {
  return delivered(
    clock,
    (onRecord): RecordOutbox & { stop(): void } =>
      Object.assign(new RecordOutbox({ storage, log: silentLog, onRecord }), { stop: () => {} }),
    confirmed,
  );
}

/** In small steps: each gives promises a turn. By default enough for a window of records. */
async function pass(clock: SimClock, ms = 40): Promise<void> {
  for (let n = 0; n < ms; n++) await clock.advance(1);
}

const sent = (broker: FakeBroker): number[] =>
  broker.on(topic).map((payload) => (payload as { n: number }).n);

describe('records', () => {
  it('are kept until the fleet has stored them, and sent again with increasing delays', async () => {
    const clock = new SimClock();
    const storage = new MemoryStorage();
    const outbox = outboxOn(clock, storage);
    const broker = new FakeBroker();
    outbox.publishTo(broker);
    await outbox.append(record(1));
    await clock.advance(10);
    expect(sent(broker)).toEqual([1]);
    await clock.advance(RESEND_MS.first + 10);
    expect(sent(broker)).toEqual([1, 1]);
    await clock.advance(RESEND_MS.first * 2 - 100);
    expect(sent(broker)).toEqual([1, 1]);
    await clock.advance(200);
    expect(sent(broker)).toEqual([1, 1, 1]);
    await clock.advance(24 * RESEND_MS.last);
    expect(sent(broker).length).toBeLessThan(40);
    await outbox.stored([record(1).id]);
    const before = sent(broker).length;
    await clock.advance(24 * RESEND_MS.last);
    expect(sent(broker)).toHaveLength(before);
    expect(await outboxOn(clock, storage).waiting(9)).toEqual([]);
  });

  it('without a fleet go when the broker has them', async () => {
    const clock = new SimClock();
    const outbox = outboxOn(clock, new MemoryStorage(), false);
    const broker = new FakeBroker();
    broker.refusing = true;
    outbox.publishTo(broker);
    for (const n of [1, 2, 3]) await outbox.append(record(n));
    await clock.advance(10);
    broker.refusing = false;
    await clock.advance(30_000);
    expect(sent(broker)).toEqual([1, 2, 3]);
    expect(await outbox.waiting(9)).toEqual([]);
  });

  it('weeks of them go in order, a window at a time, and at once after a reconnection', async () => {
    const clock = new SimClock();
    const outbox = outboxOn(clock);
    const all = Array.from({ length: 100 }, (_, n) => n + 1);
    for (const n of all) await outbox.append(record(n));
    const broker = new FakeBroker();
    outbox.publishTo(broker);
    await pass(clock);
    expect(sent(broker)).toEqual(all.slice(0, 32));
    broker.connect(false);
    broker.connect(true);
    await pass(clock);
    expect(sent(broker).slice(32)).toEqual(all.slice(0, 32));
    for (let done = 0; done < 100; done += 10) {
      await outbox.stored(all.slice(done, done + 10).map((n) => record(n).id));
      await pass(clock);
    }
    expect([...new Set(sent(broker))]).toEqual(all);
    expect(await outbox.waiting(9)).toEqual([]);
  });

  it('appended twice are one', async () => {
    const outbox = outboxOn(new SimClock());
    await outbox.append(record(1));
    await outbox.append(record(1));
    expect(await outbox.waiting(9)).toHaveLength(1);
  });

  it('are each in the store exactly once, through power cuts and lost messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(90), { maxLength: 5 }), fc.nat(99), async (cuts, seed) => {
        const clock = new SimClock();
        const storage = new MemoryStorage({ clock, seed, syncMs: 7 });
        const promised = new Set<string>();
        const store = new Map<string, number>();
        let n = 0;
        for (const cut of [...cuts, 300]) {
          const outbox = outboxOn(clock, storage);
          const broker = new FakeBroker();
          let on = true;
          broker.publish = async (_topic, payload) => {
            // Some get lost behind the broker, some acknowledgements on the way back.
            if ((n * 7 + seed) % 3 === 0) return;
            const { id } = JSON.parse(payload);
            store.set(id, (store.get(id) ?? 0) + 1);
            if ((n * 5 + seed) % 4 !== 0) clock.after(3, () => void (on && outbox.stored([id])));
            n += 1;
          };
          outbox.publishTo(broker);
          // Its disk has been read: what is asked before a cut never ends after it.
          await pass(clock, 60);
          for (let i = 0; i < 3; i++) {
            const one = record(++n);
            void outbox.append(one).then(() => promised.add(one.id));
          }
          await pass(clock, cut);
          on = false;
          outbox.stop();
          storage.cutPower();
        }
        let left: readonly OutgoingRecord[] = [];
        void outboxOn(clock, storage)
          .waiting(99)
          .then((waiting) => {
            left = waiting;
          });
        await pass(clock, 200);
        for (const id of promised)
          expect([id, store.has(id) || left.some((one) => one.id === id)]).toEqual([id, true]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('acknowledgements', () => {
  it('count from the fleet service only; nothing else makes a robot forget', async () => {
    const root = await freshRoot();
    const central = await appoint(root, 'central');
    const service = await appoint(central, 'service');
    const refusals = new RefusalCounters();
    const stored: string[] = [];
    let hear: (payload: Uint8Array) => void = () => {};
    const broker = new FakeBroker();
    broker.subscribe = async (_topic, listener) => {
      hear = (payload) => listener(topics.recordAck(ROBOT), payload);
    };
    let inFleet = false;
    const trust = { fleet: FLEET, root: root.key, certainlyPastS: NOW_S, isRevoked: () => false };
    const acks = new RecordAcks({
      ...{ robot: ROBOT, log: silentLog, refusals },
      trust: () => (inFleet ? trust : undefined),
      onStored: async (ids) => void stored.push(...ids),
    });
    acks.listenTo(broker);
    const ids = ['a'.repeat(32)];
    const by = async (who: typeof service): Promise<Uint8Array> => {
      const ack = await signRecordAck(who.signer, { fleet: FLEET, robot: ROBOT, ids });
      return new TextEncoder().encode(JSON.stringify({ ack, chain: who.chain }));
    };
    const heard = async (payload: Uint8Array): Promise<void> => {
      const before = JSON.stringify([stored, refusals.snapshot()]);
      hear(payload);
      while (JSON.stringify([stored, refusals.snapshot()]) === before)
        await new Promise((resolve) => setImmediate(resolve));
    };
    await heard(await by(service));
    expect(stored).toEqual([]);
    inFleet = true;
    for (const strange of ['', '{}', 'null', 'x'.repeat(60_000)])
      await heard(new TextEncoder().encode(strange));
    await heard(await by(central));
    expect(stored).toEqual([]);
    await heard(await by(service));
    expect(stored).toEqual(ids);
    expect(refusals.snapshot()).toMatchObject({
      'recordAck.noFleet': 1,
      'recordAck.malformed': 3,
      'recordAck.roleForbids': 1,
      'recordAck.tooLong': 1,
    });
  });
});
