/** A fleet service with its broker in this process, and robots at that broker, for tests. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { OrderPayload, type Receipt, SignedOrder } from '../../../agent/wire/order.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import {
  appoint,
  FLEET,
  freshRoot,
  freshSigner,
  NOW_S,
  type Person,
} from '../../../agent/wire/testing/fleet-people.ts';
import { openToken, type Signer, signToken, thumbprint } from '../../../agent/wire/token.ts';
import { topics } from '../../../agent/wire/topics.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { openFleetService, type RunningFleetService } from '../service.ts';

/** The system's timers, at the date of the people's grants. */
class DatedClock extends SystemClock {
  private readonly startMs = this.now();
  override wall(): number {
    return NOW_S * 1_000 + this.now() - this.startMs;
  }
}

/** What a robot answers to an order of a kind; undefined: nothing. */
export type Answers = (kind: string) => Pick<Receipt, 'outcome' | 'reason'> | undefined;

export class RunningFleet {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'deskmate-fleet-'));
  readonly clock = new DatedClock();
  private readonly robots: mqtt.MqttClient[] = [];

  private constructor(
    readonly root: Person,
    readonly serviceKey: Person,
    private readonly aedes: Aedes,
    private readonly tcp: Server,
  ) {}

  service!: RunningFleetService;

  static async start(): Promise<RunningFleet> {
    const aedes = await Aedes.createBroker();
    const tcp = createServer((socket) => aedes.handle(socket));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const root = await freshRoot();
    const fleet = new RunningFleet(root, await appoint(root, 'service'), aedes, tcp);
    await fleet.open(0);
    return fleet;
  }

  /** Starts the service, also again after `service.stop()`, then at the same port. */
  async open(port: number): Promise<void> {
    const { root, serviceKey, clock, brokerUrl } = this;
    this.service = await openFleetService({
      identity: {
        ...{ fleet: FLEET, root: root.key, signer: serviceKey.signer, chain: serviceKey.chain },
      },
      ...{ store: path.join(this.folder, 'fleet.db'), clock, log: silentLog },
      broker: { url: brokerUrl, instance: 'a' },
      http: { port, host: '127.0.0.1' },
    });
  }

  get brokerUrl(): string {
    return `mqtt://127.0.0.1:${(this.tcp.address() as AddressInfo).port}`;
  }

  get server(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  /** The service knows the robot; whoever has its key is it. */
  async know(id: string, school: string, signer?: Signer): Promise<Signer> {
    const key = signer ?? (await freshSigner());
    const robotKey = await thumbprint(key.jwk);
    const entry = { id, school, name: null, robotKey };
    await this.service.store.robots.put([entry], this.clock.wall());
    return key;
  }

  /** A robot that verifies nothing and answers as it is told: agent/orders has the real one. */
  async robot(id: string, school: string, answers: Answers): Promise<Signer> {
    const signer = await this.know(id, school);
    const client = await mqtt.connectAsync(this.brokerUrl);
    this.robots.push(client);
    const answer = async (payload: string): Promise<void> => {
      const { order } = SignedOrder.parse(JSON.parse(payload));
      const opened = await openToken(order, TYP.order, OrderPayload);
      const said = opened.ok ? answers(opened.payload.do.kind) : undefined;
      if (!opened.ok || !said) return;
      const facts = { robot: id, order: opened.payload.order, at: this.clock.wall(), ...said };
      const receipt = await signToken(signer, TYP.receipt, facts);
      const record = { id: randomBytes(16).toString('hex'), robot: id, receipt };
      await client.publishAsync(topics.receipt(id), JSON.stringify(record), { qos: 1 });
    };
    client.on('message', (_topic, payload) => void answer(payload.toString()));
    await client.subscribeAsync(topics.order(id), { qos: 1 });
    return signer;
  }

  async publish(topic: string, payload: object): Promise<void> {
    const client = await mqtt.connectAsync(this.brokerUrl);
    await client.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain: true });
    await client.endAsync();
  }

  async stop(): Promise<void> {
    for (const robot of this.robots) await robot.endAsync(true);
    await this.service.stop();
    await new Promise<void>((resolve) => this.aedes.close(() => resolve()));
    this.tcp.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
