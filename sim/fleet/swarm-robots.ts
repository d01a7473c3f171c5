/** The robots of one process: made, provisioned, connected one by one, and stopped. */
import path from 'node:path';
import type { Broker, LastWill, OpenBroker } from '../../agent/broker/broker.ts';
import type { ClientIdentity } from '../../agent/broker/broker-stream.ts';
import { mqttBroker } from '../../agent/broker/mqtt-broker.ts';
import { robotClientId } from '../../agent/broker/mqtt-connection.ts';
import { FileStorage } from '../../hal/linux/storage/file-storage.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { Random } from '../time/random.ts';
import { certify, joinOrder, signerOf } from './fleet-people.ts';
import { FleetRobot } from './fleet-robot.ts';
import { NetworkGate } from './network-gate.ts';
import { FleetTimescale, RobotClock } from './robot-clock.ts';
import { type DiskCondition, SlowStorage } from './slow-storage.ts';
import type { SwarmPlan } from './swarm-messages.ts';

const VERSION = '0.1.0';
/** Robots that are made at a time. */
const AT_A_TIME = 32;
/** For records that are on their way when robots are told to stop. */
const REST_MS = 20_000;

interface Member {
  readonly id: string;
  readonly school: string;
  readonly seed: number;
  readonly clock: RobotClock;
  readonly disk: DiskCondition;
  readonly storage: Storage;
  readonly identity: ClientIdentity | undefined;
  robot: FleetRobot;
}

export class SwarmRobots {
  readonly ids: string[] = [];
  readonly ups: number[] = [];
  private members: Member[] = [];
  private readonly scale: FleetTimescale;
  private readonly gates = new Map<string, NetworkGate>();

  constructor(
    private readonly plan: SwarmPlan,
    private readonly real: Clock,
  ) {
    this.scale = new FleetTimescale(real, plan.speed, plan.startWallMs);
  }

  get connected(): number {
    return this.members.filter(({ robot }) => robot.connected).length;
  }

  get inLesson(): number {
    return this.members.filter(({ robot }) => robot.inLesson).length;
  }

  /** As before delivery: each has keys, a certificate and a school. */
  async prepare(): Promise<void> {
    const { robots, gates, url, secrets } = this.plan;
    const schools = new Set(robots.map(({ school }) => school));
    for (const school of gates ? schools : []) this.gates.set(school, await NetworkGate.start(url));
    const signer = await signerOf(secrets.central);
    for (let from = 0; from < robots.length; from += AT_A_TIME) {
      const some = robots.slice(from, from + AT_A_TIME);
      const made = await Promise.all(some.map((one, n) => this.make(one, from + n)));
      await Promise.all(made.map((member) => this.provision(member, signer)));
      this.members.push(...made);
    }
  }

  /** At an even pace, as robots that are switched on one after another. */
  async connect(): Promise<void> {
    this.scale.begin();
    const startMs = this.real.now();
    const started: Promise<void>[] = [];
    for (const [n, member] of this.members.entries()) {
      const dueMs = startMs + (n * 1_000) / this.plan.perSecond;
      const waitMs = dueMs - this.real.now();
      if (waitMs > 1) await delay(this.real, waitMs);
      started.push(this.switchOn(member));
    }
    await Promise.all(started);
  }

  /** The network of a school; only in a plan with `gates`. */
  setOnline(school: string, online: boolean): void {
    const gate = this.gates.get(school);
    if (gate) gate.online = online;
  }

  jump(from: number, until: number, ms: number): void {
    for (const { clock } of this.members.slice(from, until)) clock.wrongMs += ms;
  }

  slowDisks(from: number, until: number, slowMs: number): void {
    for (const { disk } of this.members.slice(from, until)) disk.slowMs = slowMs;
  }

  /** Resolves with the usage records that are still on disks. */
  async stop(): Promise<readonly string[]> {
    for (const gate of this.gates.values()) gate.online = true;
    await this.rest();
    const waiting: string[] = [];
    for (let from = 0; from < this.members.length; from += AT_A_TIME) {
      const some = this.members.slice(from, from + AT_A_TIME);
      const left = some.map(async ({ robot }) => {
        await robot.stop();
        return robot.waiting();
      });
      waiting.push(...(await Promise.all(left)).flat());
    }
    for (const gate of this.gates.values()) gate.close();
    return waiting;
  }

  /** Lessons end, and their records get time to reach the fleet. */
  private async rest(): Promise<void> {
    for (const { robot } of this.members) robot.rest();
    const untilMs = this.real.now() + REST_MS;
    for (let left = this.members; left.length > 0 && this.real.now() < untilMs; ) {
      await delay(this.real, 500);
      const waiting = await Promise.all(left.map(({ robot }) => robot.waiting()));
      left = left.filter(({ robot }, n) => robot.connected && (waiting[n]?.length ?? 0) > 0);
    }
  }

  private async make({ id, school }: SwarmPlan['robots'][number], place: number): Promise<Member> {
    const { plan, real } = this;
    const seed = Math.imul(plan.seed, 7_919) + plan.first + place;
    const clock = new RobotClock(this.scale);
    const disk: DiskCondition = { slowMs: 0 };
    const bare = plan.disk ? await FileStorage.open(path.join(plan.disk, id)) : new MemoryStorage();
    const storage = new SlowStorage(bare, real, disk);
    const holder = { kind: 'robot', id } as const;
    const [identity] = plan.tls ? await certify(plan.secrets, [holder], plan.startWallMs) : [];
    const member = { id, school, seed, clock, disk, storage, identity };
    const robot = await this.open(member, (will) => new NoBroker(will), 'idle');
    return { ...member, robot };
  }

  private async provision(
    member: Member,
    signer: Awaited<ReturnType<typeof signerOf>>,
  ): Promise<void> {
    const { robot, id, school, clock } = member;
    await robot.start(() => {});
    for (let n = 0; n < 1_000 && !robot.ready; n++) await new Promise(setImmediate);
    const where = { id, school, key: robot.robotKey };
    if (!robot.joined) {
      const order = await joinOrder(this.plan.secrets, signer, where, clock.trueWall());
      if (!(await robot.show(order))) throw new Error(`${id} did not join its school`);
    }
    await robot.stop();
  }

  private async switchOn(member: Member): Promise<void> {
    member.robot = await this.open(member);
    await member.robot.start(() => this.ups.push(this.real.wall()));
  }

  private open(
    member: Omit<Member, 'robot'>,
    openBroker: OpenBroker = this.brokerOf(member),
    profile = this.plan.profile,
  ): Promise<FleetRobot> {
    const { secrets } = this.plan;
    const { id, seed, clock, storage } = member;
    return FleetRobot.open({
      ...{ robot: id, seed, version: VERSION, clock, storage, openBroker, profile },
      fleet: { id: secrets.fleet, root: secrets.root },
      onRecord: (record) => void this.ids.push(record),
    });
  }

  private brokerOf({ id, school, seed, identity }: Omit<Member, 'robot'>): OpenBroker {
    const { url } = this.plan;
    const random = new Random(seed ^ 0x27d4eb2f);
    return mqttBroker({
      ...{
        url: this.gates.get(school)?.through(url) ?? url,
        clientId: robotClientId(id),
        clock: this.real,
      },
      ...{ log: silentLog, random: () => random.next() },
      ...(identity && { ca: this.plan.secrets.rootCa.cert, identity: () => identity }),
    });
  }
}

/** Before delivery there is none. */
class NoBroker implements Broker {
  readonly connected = false;
  constructor(readonly will?: LastWill) {}
  publish(): Promise<void> {
    return Promise.reject(new Error('there is no broker'));
  }
  subscribe(): Promise<void> {
    return Promise.resolve();
  }
  onConnected(): () => void {
    return () => {};
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
