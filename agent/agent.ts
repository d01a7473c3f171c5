import type { Body, BodyEvent } from '../firmware/link/schema.ts';
import { within } from '../hal/common/asynchrony.ts';
import type { Access } from './access/access.ts';
import type { AccessLoader } from './access/access-loader.ts';
import { may } from './admission/admit.ts';
import { bodyFacts, type Facts } from './admission/facts.ts';
import type { Broker } from './broker/broker.ts';
import { lastWill } from './fleet/fleet.ts';
import {
  type AgentParts,
  type BodyAndMedia,
  bodyAndMedia,
  type FleetSide,
  fleetSide,
  OrderSide,
  PupilSide,
  type Records,
  records,
  settingsSide,
} from './groups.ts';
import type { Health } from './model/health.ts';
import type { RefusalCounters } from './model/refusal-counters.ts';
import type { SessionPhase } from './model/session-phase.ts';
import type { Orders } from './orders/orders.ts';
import type { Session } from './session/session.ts';
import type { SettingsSide } from './settings/settings-side.ts';
import type { RobotTimetable } from './timetable/robot-timetable.ts';

/** Time limit of each step of stopping; together below the supervisor's stop timeout. */
export const STOP_STEPS_MS = { disk: 400, word: 800, devices: 500 } as const;

/** The whole agent between its ports: start and stop order, and reactions to the body. */
export class Agent {
  private readonly fleetSide: FleetSide;
  private readonly bodyAndMedia: BodyAndMedia;
  private readonly records: Records;
  readonly settings: SettingsSide;
  private readonly pupilSide: PupilSide;
  private readonly orderSide: OrderSide;
  private broker: Broker | undefined;
  private lesson: Facts['lesson'] = 'unknown';

  constructor(private readonly parts: AgentParts) {
    this.fleetSide = fleetSide(parts);
    this.bodyAndMedia = bodyAndMedia(parts, this.fleetSide);
    this.records = records(parts, this.fleetSide, {
      open: (access) => this.letIn(access),
      lesson: (lesson) => this.onLesson(lesson),
      inFleet: () => this.orders?.trust !== undefined,
    });
    this.settings = settingsSide(parts, this.records);
    this.settings.privacy.onChange(() => this.onLesson(this.lesson));
    const [side, kept] = [this.fleetSide, this.records];
    this.pupilSide = new PupilSide(
      ...[parts, side, this.bodyAndMedia, kept, this.settings],
      (text) => this.orderSide.show(text),
    );
    this.orderSide = new OrderSide(parts, side, this.session, kept, this.settings);
  }

  get session(): Session {
    return this.pupilSide.session;
  }

  /** Undefined while keys or orders cannot be read from disk. */
  get orders(): Orders | undefined {
    return this.orderSide.orders;
  }

  get refusals(): RefusalCounters {
    return this.fleetSide.refusals;
  }

  get accessLoader(): AccessLoader {
    return this.records.accessLoader;
  }

  /** For orders of the fleet. */
  get timetable(): RobotTimetable {
    return this.records.timetable;
  }

  get phase(): SessionPhase {
    return this.session.phase;
  }

  /** For staff tools. */
  get health(): Health {
    const { body, media } = this.bodyAndMedia;
    return {
      body: body.body ?? null,
      broker: this.broker?.connected ?? false,
      brokerTrouble: this.broker?.trouble ?? null,
      time: this.parts.time.now(),
      ...media.devices,
      faults: this.fleetSide.faults.of('storage', 'presets', 'access', 'timetable'),
    };
  }

  /**
   * Resolves when pupils can be let in, or when keys or registry cannot be read from disk. Does not
   * wait for broker or firmware.
   */
  async start(): Promise<void> {
    const { robot, version, time } = this.parts;
    const { fleet, faults, fleetTime } = this.fleetSide;
    const { presets, usage, timetable, delivery, accessLoader } = this.records;
    await Promise.all([...[presets.load(), usage.start(), timetable.open()], this.settings.open()]);
    this.bodyAndMedia.body.start({
      onBody: (body) => this.onBody(body),
      onEvent: (event) => this.onBodyEvent(event),
      onPresent: (present) => this.onBodyPresent(present),
    });
    faults.set('body', ['bodyLost']);
    faults.set('media', this.bodyAndMedia.media.broken());
    const broker = this.parts.openBroker(lastWill(robot, version, time));
    this.broker = broker;
    broker.onTrouble?.((trouble) =>
      faults.set('broker', trouble?.kind === 'session' ? ['brokerSession'] : []),
    );
    time.onChange(() => this.onTime());
    fleetTime.start(broker);
    time.start();
    await accessLoader.open();
    fleet.publishTo(broker);
    delivery.publishTo(broker);
    this.settings.publishTo(broker);
    fleet.on({ type: 'started' });
  }

  /** The robot's addresses changed. */
  networkChanged(): void {
    this.session.networkChanged();
  }

  /**
   * In order: tell the pupil and write the usage record, tell the fleet, close everything. Each
   * step has a time limit, as a disk, broker or device may never answer: what was not sent is on
   * disk and is sent after the next start. May be called again by a second signal.
   */
  async stop(): Promise<void> {
    const { broker, session } = this;
    const { clock, time } = this.parts;
    const { fleet, faults, fleetTime } = this.fleetSide;
    const { body, media } = this.bodyAndMedia;
    const { presets, usage, timetable, outbox, delivery, accessLoader } = this.records;
    this.broker = undefined;
    this.pupilSide.shut();
    this.orderSide.stop();
    this.settings.stop();
    fleetTime.stop();
    time.stop();
    timetable.stop();
    const written = [session.stop(), presets.settled(), outbox.settled(), accessLoader.stop()];
    await within(clock, STOP_STEPS_MS.disk, Promise.allSettled(written), () => {});
    usage.stop();
    delivery.stop();
    faults.stop();
    const sent = [fleet.stop(), session.drained()];
    await within(clock, STOP_STEPS_MS.word, Promise.allSettled(sent), () => {});
    body.close();
    media.close();
    const closed = Promise.allSettled([broker?.close()]);
    await within(clock, STOP_STEPS_MS.devices, closed, () => {});
  }

  /** A school may want no session without a timetable. */
  private onLesson(lesson: Facts['lesson']): void {
    this.lesson = lesson;
    const none = lesson === 'noTimetable' && this.settings.privacy.timetableOnly;
    this.session.onLesson(none ? 'notNow' : lesson);
  }

  /** Corrects dates that were guessed. */
  private onTime(): void {
    this.fleetSide.fleet.onTime();
    this.timetable.onTime();
    void this.accessLoader.access?.registry.settle();
  }

  private letIn(access: Access): void {
    if (!this.broker) return;
    void access.registry.settle();
    this.pupilSide.letIn(access, this.broker);
    void this.orderSide.start(access, this.broker);
  }

  private onBody(body: Body): void {
    const { fleet, faults } = this.fleetSide;
    faults.set('body', body.faults);
    fleet.on({ type: 'spent', on: isSpent(body) });
    fleet.onBody(body);
    this.session.onBody(body);
    this.pupilSide.pairing.onBody(body.pairing);
  }

  private onBodyEvent(event: BodyEvent): void {
    this.session.onBodyEvent(event);
    if (event.event === 'pair') this.pupilSide.pairing.onPair();
  }

  private onBodyPresent(present: boolean): void {
    // The first body message, which follows, reports presence.
    if (present) return;
    this.fleetSide.faults.set('body', ['bodyLost']);
    this.session.onBodyLost();
  }
}

/** The body's state rules out any session, whoever asks. */
function isSpent(body: Body): boolean {
  const visitor = { device: 'bound', stopping: false, offer: 'newest', holder: 'nobody' } as const;
  return !may('session', { ...visitor, lesson: 'granted', ...bodyFacts(body) });
}
