/** What every store must do, whatever database is below. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredRecord } from '../intake-table.ts';
import type { Migration, Sql } from '../sql.ts';
import type { FleetStore } from '../store.ts';

export interface StoreUnderTest {
  /** Another connection to the same, empty at first. */
  open(): Promise<FleetStore>;
  /** The database below it. */
  sql(): Promise<Sql>;
  /** Forgets all of it. */
  reset(): Promise<void>;
}

const NOW = Date.UTC(2026, 8, 7, 8);
const NOTHING = { records: [], latest: [], history: [], answers: [], seen: new Map() };

const id = (n: number): string => n.toString(16).padStart(32, '0');
const record = (n: number, over: Partial<StoredRecord> = {}): StoredRecord => ({
  ...{ robot: 'robot-1', id: id(n), kind: 'usage', at: NOW + n, received: NOW, body: '{}' },
  ...over,
});
const robot = (name: string, over = {}) => ({
  ...{ id: name, school: null, name: null, robotKey: null },
  ...over,
});

export function storeContract(name: string, under: StoreUnderTest): void {
  describe(`${name} as a store`, () => {
    let store: FleetStore;
    beforeEach(async () => {
      await under.reset();
      store = await under.open();
    });
    afterEach(() => store.close());

    it('keeps a record once, whoever stores it', async () => {
      const other = await under.open();
      const records = [record(1), record(2)];
      const stored = await Promise.all(
        [store, other, store].map((one) => one.intake.store({ ...NOTHING, records })),
      );
      expect(stored.flatMap(({ fresh }) => fresh).toSorted()).toEqual([
        `robot-1/${id(1)}`,
        `robot-1/${id(2)}`,
      ]);
      expect(await store.intake.countRecords()).toBe(2);
      await other.close();
    });

    it('does not let a robot block the record of another by its id', async () => {
      await store.intake.store({ ...NOTHING, records: [record(1, { robot: 'thief' })] });
      const { fresh } = await store.intake.store({ ...NOTHING, records: [record(1)] });
      expect(fresh).toEqual([`robot-1/${id(1)}`]);
    });

    it('stores a batch as a whole or not at all', async () => {
      const broken = { ...record(2), body: null as unknown as string };
      const intake = { ...NOTHING, records: [record(1), broken] };
      await expect(store.intake.store(intake)).rejects.toThrow();
      expect(await store.intake.countRecords()).toBe(0);
    });

    it('takes large batches, and pages through them in order', async () => {
      const records = Array.from({ length: 450 }, (_, n) => record(n, { robot: `r-${n % 3}` }));
      await store.intake.store({ ...NOTHING, records });
      const first = await store.intake.records({ kind: 'usage', limit: 300 });
      const last = first.at(-1);
      const rest = await store.intake.records({
        ...{ kind: 'usage', limit: 300 },
        ...(last && { after: last }),
      });
      expect([...first, ...rest]).toEqual(records);
      const window = { from: NOW + 10, until: NOW + 20, robots: ['r-1'] };
      const few = await store.intake.records({ kind: 'usage', limit: 9, ...window });
      expect(few.map(({ at }) => at - NOW)).toEqual([10, 13, 16, 19]);
      expect(await store.intake.records({ kind: 'usage', limit: 9, robots: [] })).toEqual([]);
    });

    it('keeps what a robot said last, also when the older arrives later', async () => {
      await store.robots.put([robot('robot-1', { school: 'norra' }), robot('robot-2')], NOW);
      const say = (received: number, body: string) =>
        store.intake.store({
          ...{ ...NOTHING, seen: new Map([['robot-1', received]]) },
          latest: [{ robot: 'robot-1', kind: 'state', received, body }],
        });
      await say(NOW + 2, '"new"');
      await say(NOW + 1, '"old"');
      const [first, second] = await store.robots.facts();
      expect(first?.latest.state).toEqual({ received: NOW + 2, body: '"new"' });
      expect(second).toMatchObject({ id: 'robot-2', latest: {} });
      expect(await store.robots.facts(['robot-2'])).toEqual([second]);
    });

    it('adds robots, and updates them without forgetting', async () => {
      await store.robots.put([robot('robot-1', { school: 'norra', robotKey: 'K' })], NOW);
      await store.robots.put([robot('robot-1', { name: 'Ada' })], NOW + 1);
      const known = { school: 'norra', robotKey: 'K', name: 'Ada', added: NOW };
      expect(await store.robots.get('robot-1')).toMatchObject(known);
      await store.robots.putSchool({ id: 'norra', name: 'Norra', latitude: 59.5, longitude: 18 });
      expect(await store.robots.schools()).toEqual([
        { id: 'norra', name: 'Norra', latitude: 59.5, longitude: 18 },
      ]);
      await store.robots.remove('robot-1');
      expect(await store.robots.get('robot-1')).toBeUndefined();
    });

    it('keeps history once, newest first, and drops what is old', async () => {
      const entry = (mark: number, kind: 'state' | 'telemetry' = 'state') => ({
        ...{ robot: 'robot-1', kind, what: 'ready', mark, at: NOW + mark, body: '{}' },
      });
      const history = [entry(1), entry(2), entry(3), entry(1, 'telemetry')];
      await store.intake.store({ ...NOTHING, history });
      await store.intake.store({ ...NOTHING, history: [entry(1)] });
      const marks = async () =>
        (await store.intake.history('robot-1', { limit: 9 })).map(({ kind, mark }) => kind + mark);
      expect(await marks()).toHaveLength(4);
      await store.intake.dropHistory('telemetry', NOW + 9);
      expect(await marks()).toEqual(['state3', 'state2', 'state1']);
      await store.intake.limitHistory('state', 2);
      expect(await marks()).toEqual(['state3', 'state2']);
      const before = { before: NOW + 3, limit: 9 };
      expect(await store.intake.history('robot-1', before)).toHaveLength(1);
    });

    it('keeps an order until it is answered, and the first answer', async () => {
      const order = {
        ...{ robot: 'robot-1', id: id(1), kind: 'wipe', signer: 'S', role: 'central' },
        ...{ expires: NOW + 1_000, created: NOW, body: '{}' },
      };
      expect(await store.orders.add(order)).toBe(true);
      expect(await store.orders.add(order)).toBe(false);
      await store.orders.add({ ...order, id: id(2), created: NOW + 1, expires: NOW + 2 });
      expect(await store.orders.open(NOW, 9, ['robot-1'])).toHaveLength(2);
      expect(await store.orders.open(NOW, 9, ['robot-2'])).toEqual([]);
      const claims = [1, 2].map(() => store.orders.claimSend('robot-1', id(1), NOW + 5, NOW));
      expect((await Promise.all(claims)).toSorted()).toEqual([false, true]);
      await store.orders.expire(NOW + 2);
      const answer = { robot: 'robot-1', order: id(1), receipt: 'R', at: NOW + 9 };
      const replayed = { ...answer, outcome: 'refused', reason: 'replayed' };
      for (const one of [replayed, { ...answer, outcome: 'done', reason: null }, replayed])
        await store.intake.store({ ...NOTHING, answers: [one] });
      const both = await store.orders.list({ limit: 9 });
      expect(both.map(({ outcome }) => outcome)).toEqual(['expired', 'done']);
      expect(both[1]).toMatchObject({ sent: NOW + 5, answered: NOW + 9, receipt: 'R' });
      const [newest] = both;
      const rest = await store.orders.list({ limit: 9, ...(newest && { after: newest }) });
      expect(rest.map((one) => one.id)).toEqual([id(1)]);
      expect(await store.orders.open(NOW, 9)).toEqual([]);
    });

    it('keeps the newest timetable of a robot', async () => {
      const plan = { robot: 'robot-1', timetable: 'new', order: id(2), updated: 2 };
      await store.orders.putPlan(plan);
      await store.orders.putPlan({ ...plan, timetable: 'old', updated: 1 });
      expect(await store.orders.plans(['robot-1'])).toEqual([plan]);
    });

    it('raises, acknowledges and clears alerts', async () => {
      const alert = (kind: string) => ({ robot: 'robot-1', kind, body: '{}' });
      await store.alerts.replaceOpen([alert('hot'), alert('unused')], NOW);
      await store.alerts.replaceOpen([alert('hot')], NOW + 1);
      const open = await store.alerts.list({ open: true, limit: 9 });
      expect(open).toMatchObject([{ kind: 'hot', since: NOW, cleared: null }]);
      const by = { key: 'first', note: 'on it', at: NOW + 2 };
      const key = { robot: 'robot-1', kind: 'hot', since: NOW };
      expect(await store.alerts.acknowledge(key, by)).toBe(true);
      await store.alerts.acknowledge(key, { ...by, key: 'second' });
      expect(await store.alerts.acknowledge({ ...key, since: 1 }, by)).toBe(false);
      const [seen] = await store.alerts.list({ open: true, limit: 9 });
      expect(seen).toMatchObject({ acknowledgedBy: 'first', note: 'on it' });
      await store.alerts.dropCleared(NOW + 2);
      expect(await store.alerts.list({ limit: 9 })).toHaveLength(1);
    });

    it('gives a challenge out once, and a bounded number of them', async () => {
      expect(await store.access.addChallenge('a', NOW + 10, NOW, 2)).toBe(true);
      expect(await store.access.addChallenge('b', NOW + 20, NOW, 2)).toBe(true);
      expect(await store.access.addChallenge('c', NOW + 20, NOW, 2)).toBe(false);
      expect(await store.access.addChallenge('c', NOW + 20, NOW + 10, 2)).toBe(true);
      const taken = await Promise.all([1, 2].map(() => store.access.takeChallenge('b', NOW + 11)));
      expect(taken.toSorted()).toEqual([false, true]);
      expect(await store.access.takeChallenge('c', NOW + 20)).toBe(false);
    });

    it('forgets tokens that expired, were revoked, or are too many', async () => {
      const token = (hash: string, created: number) => ({
        ...{ hash, signer: 'S', role: 'central', scopes: '[]', grants: '[]' },
        ...{ expires: NOW + 100, created },
      });
      for (const [n, hash] of ['a', 'b', 'c'].entries())
        await store.access.addToken(token(hash, NOW + n), 2);
      expect(await store.access.token('a', NOW)).toBeUndefined();
      expect(await store.access.token('c', NOW)).toEqual(token('c', NOW + 2));
      expect(await store.access.token('c', NOW + 100)).toBeUndefined();
      await store.access.revoke(['S', 'other'], NOW);
      expect(await store.access.token('c', NOW)).toBeUndefined();
      expect(await store.access.revoked(['S', 'fine'])).toEqual(new Set(['S']));
    });

    it('has one chain for the log, whoever appends', async () => {
      const other = await under.open();
      const entry = (n: number, hash: string) => ({ n, hash, token: 't', at: NOW });
      const won = await Promise.all([
        store.log.append(entry(1, 'a')),
        other.log.append(entry(1, 'b')),
      ]);
      expect(won.toSorted()).toEqual([false, true]);
      await other.log.append(entry(2, 'c'));
      expect((await store.log.head())?.n).toBe(2);
      expect((await store.log.read(2, 9)).map(({ hash }) => hash)).toEqual(['c']);
      await other.close();
    });

    it('gives a lease to one holder until it is over or given back', async () => {
      const take = (holder: string, now: number) =>
        store.leases.take('alerts', holder, now, now + 10);
      const first = await Promise.all([take('a', NOW), take('b', NOW)]);
      expect(first.filter(Boolean)).toHaveLength(1);
      const [holder, other] = first[0] ? ['a', 'b'] : ['b', 'a'];
      expect(await take(holder, NOW + 5)).toBe(true);
      expect(await take(other, NOW + 14)).toBe(false);
      expect(await take(other, NOW + 15)).toBe(true);
      await store.leases.release(other);
      expect(await take(holder, NOW + 16)).toBe(true);
    });

    it('migrates once when several start at once, and refuses a newer schema', async () => {
      const [one, two] = [await under.sql(), await under.sql()];
      await one.migrate([]).catch(() => {});
      const [row] = await one.all({ text: 'select version from schema_version', values: [] });
      const version = Number(row?.version);
      const next: Migration[] = Array.from({ length: version }, () => []);
      next.push(['create table added_later (n integer)']);
      await Promise.all([one.migrate(next), two.migrate(next)]);
      await one.batch([{ text: 'insert into added_later (n) values (?)', values: [1] }]);
      await expect(under.open()).rejects.toThrow(
        `schema version ${version + 1}, and this service knows ${version} at most`,
      );
      await Promise.all([one.close(), two.close()]);
    });

    it('leaves the schema as it was when a migration fails', async () => {
      const one = await under.sql();
      const bad = [[], ['create table half (n integer)', 'create nonsense']];
      await expect(one.migrate(bad)).rejects.toThrow();
      await expect(one.all({ text: 'select * from half', values: [] })).rejects.toThrow();
      await one.close();
    });
  });
}
