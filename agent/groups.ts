/**
 * The agent's collaborators in four groups, each built by a function whose parameters are its
 * dependencies. Agent (agent.ts) joins them and alone defines start and stop order.
 */

import { jsonOf } from '../hal/common/json.ts';
import type { Clock, Timer } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Storage } from '../hal/ports/storage.ts';
import type { Access, AccessParts } from './access/access.ts';
import { AccessLoader } from './access/access-loader.ts';
import type { Facts } from './admission/facts.ts';
import { BodyLink, type ConnectPipe } from './body/body-link.ts';
import type { Broker, OpenBroker } from './broker/broker.ts';
import { FaultBoard, type FaultSource } from './fleet/fault-board.ts';
import { Fleet } from './fleet/fleet.ts';
import type { MediaLoop } from './media-link/media-loop.ts';
import type { OpenPeer } from './media-link/peer.ts';
import { RefusalCounters, RefusalLog } from './model/refusal-counters.ts';
import { BodySigns } from './orders/body-signs.ts';
import { clearTimetable, lessonsOn } from './orders/lessons.ts';
import type { FleetRoot } from './orders/membership.ts';
import { Orders } from './orders/orders.ts';
import type { OrderPorts } from './orders/ports.ts';
import { type CodeAnswer, type CodePorts, noWifi, type OnDocument } from './pairing/code-ports.ts';
import { Pairing } from './pairing/pairing.ts';
import { RecordAcks } from './records/record-acks.ts';
import { RecordDelivery } from './records/record-delivery.ts';
import { RecordOutbox } from './records/record-outbox.ts';
import { Presets } from './session/presets.ts';
import { Session } from './session/session.ts';
import { type SettingsPorts, SettingsSide } from './settings/settings-side.ts';
import { Signalling } from './signalling/signalling.ts';
import { FleetTime } from './time/fleet-time.ts';
import type { TimeService } from './time/time-service.ts';
import { RobotTimetable } from './timetable/robot-timetable.ts';
import { UsageLog } from './usage/usage-log.ts';
import { SignedOrder } from './wire/order.ts';

/** Everything the agent gets from outside; tests substitute simulated parts. */
export interface AgentParts {
  readonly robot: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Storage;
  readonly openBroker: OpenBroker;
  readonly openPeer: OpenPeer;
  readonly media: MediaLoop;
  readonly connectBody: ConnectPipe;
  /** 32 random hex digits. */
  readonly newId: () => string;
  /** 0 <= x < 1, for jitter. */
  readonly random: () => number;
  /** Time of day, with how far it is trusted. */
  readonly time: TimeService;
  /** Thumbprint of the key whose time marks are trusted; see Config. */
  readonly fleetKey?: string;
  /** Where codes go: documents are orders, and networks are refused, unless given. */
  readonly codes?: Partial<CodePorts>;
  /** STUN and TURN servers for a pupil's device; see AccessParts. */
  readonly iceFor?: AccessParts['iceFor'];
  /** The fleet whose orders the robot obeys; see Config. */
  readonly fleet?: FleetRoot;
  /** What settings may reach. */
  readonly settingsPorts?: SettingsPorts;
  /** What orders may reach besides settings; what is absent is not supported. */
  readonly orderPorts?: OrderPorts;
  /** Broker and page in invitations that are ordered; see Config. */
  readonly brokerForPupils: string;
  readonly page: string;
}

/** Those of a robot without body and media, as the fleet simulator has thousands of. */
export type NetworkParts = Omit<AgentParts, 'openPeer' | 'media' | 'connectBody' | 'codes'>;

export type FleetSide = ReturnType<typeof fleetSide>;
export type BodyAndMedia = ReturnType<typeof bodyAndMedia>;
export type Records = ReturnType<typeof records>;

/** Fleet reporting, with the one fault board, and the fleet's time marks. */
export function fleetSide(parts: NetworkParts) {
  const { robot, version, clock, log, time, fleetKey } = parts;
  const refusals = new RefusalCounters();
  const fleet = new Fleet({ robot, version, clock, time, log, refusals });
  return {
    ...{ fleet, refusals, refusalLog: new RefusalLog(refusals, log) },
    faults: new FaultBoard(clock, (codes) => fleet.on({ type: 'faults', codes })),
    fleetTime: new FleetTime({ robot, fleetKey, clock, log, time }),
  };
}

export function bodyAndMedia(parts: AgentParts, { refusalLog: refusals }: FleetSide) {
  const { clock, log, connectBody: connect } = parts;
  return {
    body: new BodyLink({ clock, log, refusals, connect }),
    media: parts.media,
  };
}

/** Everything kept on disk. */
export function records(
  parts: NetworkParts,
  { faults }: FleetSide,
  on: {
    /** Pupils can be let in. */
    readonly open: (access: Access) => void;
    /** Whether the timetable grants a session has changed. */
    readonly lesson: (lesson: Facts['lesson']) => void;
    /** Whether a fleet service confirms what it has stored. */
    readonly inFleet: () => boolean;
  },
) {
  const { robot, storage, clock, log, time, newId, iceFor } = parts;
  const troubleOf =
    (source: FaultSource) =>
    (trouble: boolean): void =>
      faults.set(source, trouble ? ['storage'] : []);
  const usage = new UsageLog({
    ...{ robot, clock, time, log, storage, newId },
    onTrouble: troubleOf('storage'),
    lessons: (lastMs) => timetable.heldInLast(lastMs),
    onRecord: () => delivery.send(),
  });
  const timetable: RobotTimetable = new RobotTimetable({
    ...{ clock, log, storage, now: () => time.now() },
    onLesson: on.lesson,
    onReplace: () => usage.noteLessons(),
    onTrouble: troubleOf('timetable'),
  });
  const outbox = new RecordOutbox({ storage, log, onRecord: () => delivery.send() });
  const delivery: RecordDelivery = new RecordDelivery({
    ...{ clock, log, random: parts.random, sources: [usage, outbox] },
    confirmed: on.inFleet,
  });
  return {
    presets: new Presets(storage, clock, log, troubleOf('presets')),
    ...{ usage, timetable, outbox, delivery },
    accessLoader: new AccessLoader({
      ...{ robot, storage, clock, log, time, onOpen: on.open },
      ...(iceFor && { iceFor }),
      onTimeSaid: (device, saidMs) => time.hint(device, saidMs),
      onFaults: (codes) => faults.set('access', codes),
    }),
  };
}

/** Signalling, once access is open, the session behind it, and pairing while there is none. */
export class PupilSide {
  readonly session: Session;
  readonly pairing: Pairing;
  private signalling: Signalling | undefined;

  constructor(
    private readonly parts: AgentParts,
    private readonly fleetSide: FleetSide,
    { body, media }: BodyAndMedia,
    { presets, usage, timetable }: Records,
    settings: SettingsSide,
    showOrder: OnDocument,
  ) {
    const { fleet, faults, refusalLog: refusals } = fleetSide;
    const { clock, log, openPeer } = parts;
    this.session = new Session({
      ...{ clock, log, refusals, openPeer, body, media, usage, presets },
      nextLesson: () => timetable.nextLesson,
      maxVolume: () => settings.limits.maxVolume,
      onChange: ({ name, paused }) => {
        settings.follow(name !== 'asleep');
        fleet.on({ type: 'session', name, paused });
        this.pairing.onFacts();
      },
      askRestart: (pupil) => this.signalling?.askRestart(pupil),
      onDevices: (broken) => faults.set('media', broken),
    });
    this.pairing = new Pairing({
      ...{ clock, log, ports: { wifi: noWifi, onDocument: showOrder, ...parts.codes } },
      facts: () => this.session.scanningFacts,
      show: (scanning) => {
        this.session.setScanning(scanning);
        fleet.on({ type: 'pairing', on: scanning !== undefined });
      },
    });
    media.onCode((text) => void this.pairing.onCode(text));
  }

  letIn(access: Access, broker: Broker): void {
    const { session } = this;
    const { clock, robot, log } = this.parts;
    const { refusals } = this.fleetSide;
    access.registry.onRevoked((device) => session.revoke(device));
    this.signalling = new Signalling({ broker, access, session, clock, robot, refusals, log });
    this.signalling
      .start()
      .catch((error) => log.warn({ error: String(error) }, 'not listening yet'));
  }

  /** Stops signalling; the session goes on. */
  shut(): void {
    this.signalling?.stop();
  }
}

/** What the robot runs with, as the fleet desires it. */
export function settingsSide(parts: NetworkParts, { accessLoader }: Records): SettingsSide {
  const { robot, clock, log, storage, time } = parts;
  return new SettingsSide({
    ...{ robot, clock, log, storage, ...parts.settingsPorts },
    wall: () => time.now().wallMs,
    unseal: async (jwe) => accessLoader.access?.unseal(jwe),
  });
}

/** How long until the disk is asked again for what orders need. */
const REOPEN_ORDERS_MS = 10_000;

/** Orders of the fleet's people, once access is open. */
export class OrderSide {
  private readonly signs: BodySigns;
  private readonly acks: RecordAcks;
  private opened: Orders | undefined;
  private retry: Timer | undefined;
  private stopped = false;

  constructor(
    private readonly parts: NetworkParts,
    private readonly fleetSide: FleetSide,
    private readonly session: Pick<Session, 'phase' | 'end' | 'setSigns'>,
    private readonly records: Records,
    private readonly settings: SettingsSide,
  ) {
    const { robot, clock, log } = parts;
    this.signs = new BodySigns(clock, (signs) => session.setSigns(signs));
    this.acks = new RecordAcks({
      ...{ robot, log, refusals: fleetSide.refusals },
      trust: () => this.opened?.trust,
      onStored: async (ids) => {
        void records.timetable.confirmed();
        await records.delivery.stored(ids);
      },
    });
  }

  /** Undefined while the disk cannot be read. */
  get orders(): Orders | undefined {
    return this.opened;
  }

  /** Resolves after the first attempt; retried until it succeeds. */
  async start(access: Access, broker: Broker): Promise<void> {
    this.acks.listenTo(broker);
    try {
      const orders = await Orders.open(this.ordersParts(), access);
      if (this.stopped) return orders.stop();
      this.opened = orders;
      orders.start(broker);
      this.records.delivery.send();
    } catch (error) {
      const { log, clock } = this.parts;
      log.error({ error: String(error) }, 'no order can be obeyed; it is tried again');
      if (this.stopped) return;
      this.retry = clock.after(REOPEN_ORDERS_MS, () => void this.start(access, broker));
    }
  }

  /** A document of several codes, held before the camera. */
  async show(text: string): Promise<CodeAnswer> {
    const order = SignedOrder.safeParse(jsonOf(text));
    if (!order.success) return { refused: 'expected a signed order' };
    if (!this.opened) return { refused: 'orders cannot be read from disk yet' };
    const { outcome, reason = outcome } = await this.opened.show(order.data);
    return outcome === 'done' ? 'accepted' : { refused: reason };
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
    this.opened?.stop();
  }

  private ordersParts(): Parameters<typeof Orders.open>[0] {
    const { robot, storage, clock, log, time, fleet, brokerForPupils, page } = this.parts;
    const { session } = this;
    const { presets, usage, timetable } = this.records;
    return {
      ...{ robot, storage, clock, log, time, fleet, brokerForPupils, page, presets },
      refusals: this.fleetSide.refusalLog,
      records: this.records.outbox,
      ports: {
        ...{ identify: this.signs, settings: this.settings, lessons: lessonsOn(timetable) },
        ...this.parts.orderPorts,
      },
      clearTimetable: () => clearTimetable(timetable),
      onHeard: () => void timetable.confirmed(),
      onConsent: (holds: boolean) => this.signs.setSupport(holds),
      inLesson: () => session.phase !== 'asleep',
      endSession: async () => {
        session.end('revoked');
        await usage.settled();
      },
    };
  }
}
