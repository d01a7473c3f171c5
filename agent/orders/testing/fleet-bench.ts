import { silentLog } from '../../../hal/ports/log.ts';
import { MemoryStorage } from '../../../sim/testing/memory-storage.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { FakeBroker } from '../../testing/fake-broker.ts';
import { ROBOT, TestAgent } from '../../testing/test-agent.ts';
import { BUILT_MS } from '../../time/built.ts';
import { FakeKeeper } from '../../time/testing/fake-time.ts';
import { TimeService } from '../../time/time-service.ts';
import type { Scope } from '../../wire/grant.ts';
import { decryptJwe, makeJweKeyPair } from '../../wire/jwe.ts';
import { type Action, type Order, Receipt, type SignedOrder } from '../../wire/order.ts';
import type { PublicJwk } from '../../wire/signalling.ts';
import { TYP } from '../../wire/signalling.ts';
import {
  appoint,
  FLEET,
  freshRoot,
  order,
  type Person,
  SCHOOL,
} from '../../wire/testing/fleet-people.ts';
import { openToken } from '../../wire/token.ts';
import { topics } from '../../wire/topics.ts';
import type { OrderPorts, RecordSink } from '../ports.ts';

export { FLEET, SCHOOL };

/** A store of records in memory that outlives restarts, each once by id. */
export class FakeRecords implements RecordSink {
  readonly all = new Map<string, { readonly topic: string; readonly payload: object }>();
  readonly stored = new Set<string>();

  async append({ id, topic, payload }: Parameters<RecordSink['append']>[0]): Promise<void> {
    this.all.set(id, { topic, payload });
  }

  isStored(id: string): boolean {
    return this.stored.has(id);
  }

  on(topic: string): object[] {
    return [...this.all.values()].filter((one) => one.topic === topic).map((one) => one.payload);
  }
}

/** The people of a fleet, with one school, and a key to which answers are encrypted. */
export async function people() {
  const root = await freshRoot();
  const span = { iat: Date.UTC(2025, 0, 1) / 1_000, exp: Date.UTC(2027, 0, 1) / 1_000 };
  const central = await appoint(root, 'central', { kind: 'fleet' }, span);
  const school: Scope = { kind: 'schools', schools: [SCHOOL] };
  const elsewhere: Scope = { kind: 'schools', schools: ['soder'] };
  return {
    ...{ root, central, span },
    coordinator: await appoint(central, 'coordinator', school, span),
    stranger: await appoint(central, 'coordinator', elsewhere, span),
    support: await appoint(central, 'support', { kind: 'fleet' }, span),
    teacher: await appoint(central, 'teacher', school, span),
    reply: await makeJweKeyPair(),
  };
}
export type People = Awaited<ReturnType<typeof people>>;

/** A whole agent that belongs to a fleet, and what it keeps over restarts. */
export class FleetBench {
  private numbers = 0;
  private readonly brokers: FakeBroker[] = [];
  agent!: TestAgent;
  keeper = new FakeKeeper(true);

  private constructor(
    readonly people: People,
    readonly clock: SimClock,
    readonly storage: MemoryStorage,
    public ports: OrderPorts,
    private readonly configured: boolean,
  ) {}

  static async start(
    given: People,
    options: {
      readonly ports?: OrderPorts;
      readonly configured?: boolean;
      readonly join?: boolean;
      readonly slowDisk?: boolean;
    } = {},
  ): Promise<FleetBench> {
    const { ports = {}, configured = true, join = true, slowDisk = false } = options;
    const clock = new SimClock();
    const storage = new MemoryStorage(slowDisk ? { clock, seed: 1, syncMs: 1 } : undefined);
    const bench = new FleetBench(given, clock, storage, ports, configured);
    await bench.boot();
    if (join && configured) await bench.send(given.central, await bench.joinAction());
    return bench;
  }

  /** As after power returned: the same disk, all else anew. */
  async boot(): Promise<void> {
    const { clock, storage, people: those } = this;
    const log = silentLog;
    const opening = TimeService.open({
      clock,
      keeper: this.keeper,
      storage,
      log,
      builtMs: BUILT_MS,
    });
    await this.pass(50);
    const fleet = this.configured ? { fleet: { id: FLEET, root: those.root.key } } : {};
    this.agent = new TestAgent(clock, storage, log, await opening, {
      ...fleet,
      orderPorts: this.ports,
    });
    this.brokers.push(this.agent.broker);
    void this.agent.agent.start();
    for (let round = 0; round < 200 && !this.agent.agent.orders; round++) await this.pass(10);
    await this.pass(100);
  }

  /** Records that reached the broker, over all starts, each once by id. */
  recordsOn(topic: string): object[] {
    const all = this.brokers.flatMap((broker) => broker.on(topic)) as { id: string }[];
    return [...new Map(all.map((record) => [record.id, record])).values()];
  }

  /** Time passes, and long chains of promises come to their end. */
  async pass(ms: number, steps = 20): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.clock.advance(ms / steps);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get access() {
    return this.agent.agent.accessLoader.expect();
  }

  get orders() {
    const { orders } = this.agent.agent;
    if (!orders) throw new Error('no orders yet');
    return orders;
  }

  joinAction(school: string = SCHOOL): Action {
    return { kind: 'join', school, robotKey: this.access.robotKey };
  }

  get replyKey(): PublicJwk {
    return this.people.reply.jwk;
  }

  order(by: Person, action: Action, over: Partial<Order> = {}): Promise<SignedOrder> {
    const nowS = Math.floor(this.clock.wall() / 1_000);
    const n = this.clock.wall() + this.numbers++;
    return order(by, action, {
      ...{ robot: ROBOT, n, iat: nowS, exp: nowS + 3_600 },
      ...over,
    });
  }

  /** Over the broker; resolves with the receipts that came since. */
  async deliver(signed: object | string, ms = 200): Promise<Receipt[]> {
    const { broker } = this.agent;
    const before = broker.published.length;
    broker.deliver(topics.order(ROBOT), signed);
    await this.pass(ms, Math.min(60, ms));
    const said = broker.published
      .slice(before)
      .filter(({ topic }) => topic === topics.receipt(ROBOT));
    // Each is published at once, and once more as a record that waits to be stored.
    const texts = new Set(said.map(({ payload }) => payload));
    return Promise.all([...texts].map((text) => receiptIn(JSON.parse(text))));
  }

  /** The receipt of an order over the broker. */
  async send(by: Person, action: Action, over: Partial<Order> = {}): Promise<Receipt | undefined> {
    return (await this.deliver(await this.order(by, action, over)))[0];
  }

  async opened(sealed: string | undefined): Promise<string> {
    return (await decryptJwe(this.people.reply.privateKey, sealed ?? '', 'json')) ?? '';
  }
}

export async function receiptIn(record: { receipt: string }): Promise<Receipt> {
  const opened = await openToken(record.receipt, TYP.receipt, Receipt);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.payload;
}
