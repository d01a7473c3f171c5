/**
 * One robot of the simulated fleet: the agent's own state, telemetry, usage log, records, orders and
 * time, as agent/agent.ts joins them, between a body by a profile and a pupil by a timetable. There is
 * no media and no session machine: a lesson is what those would tell the rest.
 */
import { randomBytes } from 'node:crypto';
import type { Access } from '../../agent/access/access.ts';
import type { Broker, OpenBroker } from '../../agent/broker/broker.ts';
import { lastWill } from '../../agent/fleet/fleet.ts';
import {
  fleetSide,
  type NetworkParts,
  OrderSide,
  records,
  settingsSide,
} from '../../agent/groups.ts';
import type { SessionPhase } from '../../agent/model/session-phase.ts';
import type { SettingsSide } from '../../agent/settings/settings-side.ts';
import { TimeService } from '../../agent/time/time-service.ts';
import type { Timer } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { SyncReading, TimeKeeper } from '../../hal/ports/time-keeper.ts';
import { Random } from '../time/random.ts';
import { BodyProfile } from './body-profile.ts';
import type { RobotClock } from './robot-clock.ts';
import { type DayPart, dayPartAt, nextChange } from './school-week.ts';

const HOUR_MS = 3_600_000;
/** How often battery and heat are read. */
const LOOK_MS = 120_000;
/** How often a pupil's device measures. */
const MEASURE_MS = 300_000;

export interface FleetRobotParts {
  readonly robot: string;
  readonly seed: number;
  readonly version: string;
  readonly clock: RobotClock;
  readonly storage: Storage;
  readonly openBroker: OpenBroker;
  readonly fleet: { readonly id: string; readonly root: string };
  /** Lessons by the school week, or none: at hand all day. */
  readonly profile: 'week' | 'idle';
  /** The id of a usage record that the robot promises to deliver. */
  readonly onRecord: (id: string) => void;
}

export class FleetRobot {
  private readonly random: Random;
  private readonly body: BodyProfile;
  private readonly recordSide: ReturnType<typeof records>;
  private readonly orders: OrderSide;
  private readonly settings: SettingsSide;
  private broker: Broker | undefined;
  private part: DayPart = 'atHand';
  private sinceMs = 0;
  private timers: Timer[] = [];
  private change: Timer | undefined;

  private constructor(
    private readonly parts: FleetRobotParts,
    network: NetworkParts,
    private readonly time: TimeService,
    private readonly side: ReturnType<typeof fleetSide>,
  ) {
    this.random = new Random(parts.seed);
    this.body = new BodyProfile(parts.seed + 1);
    this.recordSide = records(network, side, {
      open: (access) => this.letIn(access),
      lesson: () => {},
      inFleet: () => this.orders.orders?.trust !== undefined,
    });
    this.settings = settingsSide(network, this.recordSide);
    this.orders = new OrderSide(network, side, this.lesson(), this.recordSide, this.settings);
  }

  static async open(parts: FleetRobotParts): Promise<FleetRobot> {
    const { robot, version, clock, storage, openBroker, fleet, seed, onRecord } = parts;
    const random = new Random(seed ^ 0x5bd1e995);
    const keeper = new SyncedKeeper(`boot-${seed}`);
    const log = silentLog;
    const time = await TimeService.open({ clock, keeper, storage, log, builtMs: 0 });
    const network: NetworkParts = {
      ...{ robot, version, clock, log, storage, openBroker, time, fleet },
      newId: () => {
        const id = randomBytes(16).toString('hex');
        onRecord(id);
        return id;
      },
      random: () => random.next(),
      ...{ brokerForPupils: 'wss://broker.example/mqtt', page: 'https://pupil.example/' },
    };
    return new FleetRobot(parts, network, time, fleetSide(network));
  }

  get connected(): boolean {
    return this.broker?.connected ?? false;
  }

  get inLesson(): boolean {
    return this.part === 'lesson';
  }

  get robotKey(): string {
    return this.recordSide.accessLoader.expect().robotKey;
  }

  /** Orders can be obeyed. */
  get ready(): boolean {
    return this.orders.orders !== undefined;
  }

  get joined(): boolean {
    return this.orders.orders?.membership.joined !== undefined;
  }

  /** Usage records on disk that the fleet has not confirmed. */
  async waiting(): Promise<readonly string[]> {
    const waiting = await this.recordSide.usage.waiting(1_000);
    return waiting.map(({ id }) => id);
  }

  /** As Agent.start. `onConnected`: at each connection. */
  async start(onConnected: () => void): Promise<void> {
    const { time, parts, side, recordSide } = this;
    await recordSide.usage.start();
    const broker = parts.openBroker(lastWill(parts.robot, parts.version, time));
    this.broker = broker;
    broker.onConnected((connected) => connected && onConnected());
    broker.onTrouble?.((trouble) =>
      side.faults.set('broker', trouble?.kind === 'session' ? ['brokerSession'] : []),
    );
    time.onChange(() => side.fleet.onTime());
    side.fleetTime.start(broker);
    time.start();
    await recordSide.accessLoader.open();
    this.live();
    side.fleet.publishTo(broker);
    recordSide.delivery.publishTo(broker);
    side.fleet.on({ type: 'started' });
  }

  /** Whether the robot obeyed a document that was held before its camera. */
  async show(text: string): Promise<boolean> {
    return (await this.orders.show(text)) === 'accepted';
  }

  /** No more lessons; the present one ends. */
  rest(): void {
    this.change?.cancel();
    this.enter('atHand');
  }

  /** As Agent.stop: the lesson's record is on disk when it resolves. */
  async stop(): Promise<void> {
    const { side, recordSide, broker } = this;
    this.broker = undefined;
    this.change?.cancel();
    for (const timer of this.timers.splice(0)) timer.cancel();
    if (this.inLesson) recordSide.usage.close('robotStopped');
    this.orders.stop();
    side.fleetTime.stop();
    this.time.stop();
    await Promise.allSettled([
      ...[recordSide.usage.settled(), recordSide.outbox.settled()],
      recordSide.accessLoader.stop(),
    ]);
    recordSide.usage.stop();
    recordSide.delivery.stop();
    side.faults.stop();
    if (broker?.connected) await side.fleet.stop();
    await broker?.close();
  }

  private letIn(access: Access): void {
    if (this.broker) void this.orders.start(access, this.broker);
  }

  private lesson(): ConstructorParameters<typeof OrderSide>[2] {
    const inLesson = (): boolean => this.inLesson;
    return {
      get phase(): SessionPhase {
        return inLesson() ? 'live' : 'asleep';
      },
      end: () => this.enter('atHand'),
      setSigns: () => {},
    };
  }

  private live(): void {
    const { clock, profile } = this.parts;
    this.sinceMs = clock.now();
    this.look(this.part);
    this.timers.push(clock.every(LOOK_MS, () => this.look(this.part)));
    if (profile === 'week') this.follow();
  }

  private follow(): void {
    const { clock, seed } = this.parts;
    const now = clock.trueWall();
    this.enter(dayPartAt(now, seed));
    this.change = clock.after(nextChange(now, seed) - now + 1, () => this.follow());
  }

  private enter(part: DayPart): void {
    const was = this.part;
    if (was === part) return;
    this.part = part;
    const { fleet } = this.side;
    const { usage } = this.recordSide;
    this.look(was);
    if (part === 'lesson') {
      usage.open();
      this.measureSoon();
    }
    if (was === 'lesson') usage.close(this.random.next() < 0.9 ? 'hangUp' : 'lost');
    const name = part === 'lesson' ? 'live' : 'asleep';
    fleet.on({ type: 'spent', on: part === 'cupboard' });
    fleet.on({ type: 'session', name, paused: false });
  }

  /** As a pupil's device reports. */
  private measureSoon(): void {
    const { usage } = this.recordSide;
    usage.measured(80 + 80 * this.random.next(), 0.02 * this.random.next());
    if (this.random.next() < 0.2) usage.note('handsRaised');
    this.parts.clock.after(MEASURE_MS, () => this.inLesson && this.measureSoon());
  }

  private look(was: DayPart): void {
    const now = this.parts.clock.now();
    const body = this.body.step(was, (now - this.sinceMs) / HOUR_MS, this.part);
    this.sinceMs = now;
    this.side.faults.set('body', body.faults);
    this.side.fleet.onBody(body);
  }
}

/** A time server is reached at once. */
class SyncedKeeper implements TimeKeeper {
  constructor(readonly bootId: string) {}

  read(): Promise<SyncReading> {
    return Promise.resolve({ synchronised: true, by: 'kernel' });
  }

  close(): void {}
}
