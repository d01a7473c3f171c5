import type { Body, BodyEvent } from '../firmware/link/schema.ts';
import { within } from '../hal/common/asynchrony.ts';
import type { Clock } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import type { MediaHardware } from '../hal/ports/media.ts';
import type { Storage } from '../hal/ports/storage.ts';
import type { Access, AccessParts } from './access/access.ts';
import { Entrance } from './access/entrance.ts';
import { may } from './admission/admit.ts';
import { bodyFacts } from './admission/facts.ts';
import { BodyLink, type ConnectPipe } from './body/body-link.ts';
import type { Broker, OpenBroker } from './broker/broker.ts';
import { FaultBoard } from './fleet/fault-board.ts';
import { Fleet, lastWill } from './fleet/fleet.ts';
import { MediaLoop } from './media/media-loop.ts';
import type { OpenPeer } from './media/peer.ts';
import type { Health } from './model/health.ts';
import { RefusalBook, Refusals } from './model/refusals.ts';
import { Presets } from './session/presets.ts';
import { Session } from './session/session.ts';
import { Signalling } from './signalling/signalling.ts';
import { FleetTime } from './time/fleet-time.ts';
import type { TimeService } from './time/time-service.ts';
import { UsageLog } from './usage/usage-log.ts';

/** All that an agent is given of the outside; a scenario gives other things than a robot does. */
export interface AgentParts {
  readonly robot: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Storage;
  readonly openBroker: OpenBroker;
  readonly openPeer: OpenPeer;
  readonly media: MediaHardware;
  readonly connectBody: ConnectPipe;
  /** 32 random hex digits. */
  readonly newId: () => string;
  /** What the machine knows of the time of day. */
  readonly time: TimeService;
  /** Whose word on the time is believed; see Config. */
  readonly fleetKey?: string;
  /** STUN and TURN servers for a pupil's device; see AccessParts. */
  readonly iceFor?: AccessParts['iceFor'];
}

/** How long each step of stopping may take: together less than a supervisor's patience. */
export const STOP_STEPS_MS = { disk: 400, word: 800, devices: 500 } as const;

/** The whole agent between its ports: who knows whom, and the order of starting and stopping. */
export class Agent {
  readonly refusals = new Refusals();
  readonly session: Session;
  private readonly body: BodyLink;
  private readonly media: MediaLoop;
  private readonly usage: UsageLog;
  private readonly presets: Presets;
  private readonly fleet: Fleet;
  private readonly faults: FaultBoard;
  private readonly fleetTime: FleetTime;
  readonly entrance: Entrance;
  private broker: Broker | undefined;
  private signalling: Signalling | undefined;

  constructor(private readonly parts: AgentParts) {
    const { robot, version, clock, log, storage, openPeer, newId, time } = parts;
    const { refusals } = this;
    const book = new RefusalBook(refusals, log);
    this.fleet = new Fleet({ robot, version, clock, time, log, refusals });
    this.fleetTime = new FleetTime({ robot, fleetKey: parts.fleetKey, clock, log, time });
    this.faults = new FaultBoard(clock, (codes) => this.fleet.on({ type: 'faults', codes }));
    this.body = new BodyLink({ clock, log, refusals: book, connect: parts.connectBody });
    this.media = new MediaLoop(parts.media, clock, log);
    this.presets = new Presets(storage, clock, log, (trouble) =>
      this.faults.set('presets', trouble ? ['storage'] : []),
    );
    this.entrance = new Entrance({
      ...{ robot, storage, clock, log, time },
      onTimeSaid: (device, saidMs) => time.lend(device, saidMs),
      ...(parts.iceFor ? { iceFor: parts.iceFor } : {}),
      onOpen: (access) => this.letIn(access),
      onFaults: (codes) => this.faults.set('access', codes),
    });
    const onTrouble = (trouble: boolean): void =>
      this.faults.set('storage', trouble ? ['storage'] : []);
    this.usage = new UsageLog({ robot, clock, time, log, storage, newId, onTrouble });
    this.session = new Session({
      ...{ clock, log, refusals: book, openPeer },
      ...{ body: this.body, media: this.media, usage: this.usage, presets: this.presets },
      onChange: ({ name, paused }) => this.fleet.on({ type: 'session', name, paused }),
      askRestart: (pupil) => this.signalling?.askRestart(pupil),
      onDevices: (broken) => this.faults.set('media', broken),
    });
  }

  get phase(): Session['phase'] {
    return this.session.phase;
  }

  /** For staff tools. */
  get health(): Health {
    return {
      body: this.body.body ?? null,
      broker: this.broker?.connected ?? false,
      brokerTrouble: this.broker?.trouble ?? null,
      time: this.parts.time.now(),
      ...this.media.health,
      faults: this.faults.of('storage', 'presets', 'access'),
    };
  }

  /**
   * Resolves when pupils can be let in, or when the disk does not give what that takes; neither the
   * broker nor firmware need be there.
   */
  async start(): Promise<void> {
    const { robot, version, time } = this.parts;
    await Promise.all([this.presets.load(), this.usage.start()]);
    this.body.start({
      onBody: (body) => this.onBody(body),
      onEvent: (event) => this.onBodyEvent(event),
      onPresent: (present) => this.onBodyPresent(present),
    });
    this.faults.set('body', ['bodyLost']);
    const broker = this.parts.openBroker(lastWill(robot, version, time));
    this.broker = broker;
    broker.onTrouble?.((trouble) =>
      this.faults.set('broker', trouble?.kind === 'session' ? ['brokerSession'] : []),
    );
    time.onChange(() => this.onTime());
    this.fleetTime.start(broker);
    time.start();
    await this.entrance.open();
    this.fleet.publishTo(broker);
    this.usage.publishTo(broker);
    this.fleet.on({ type: 'started' });
  }

  /** The robot's addresses changed. */
  networkChanged(): void {
    this.session.networkChanged();
  }

  /**
   * In order: the pupil is told and the usage record is on disk, the fleet is told, then all is
   * closed. No step waits for what may never come (a disk, a broker, a device): what is not sent is
   * on disk, and is sent after the next start. Idempotent enough for an impatient second signal.
   */
  async stop(): Promise<void> {
    const { broker, session } = this;
    const { clock } = this.parts;
    this.broker = undefined;
    this.signalling?.stop();
    this.fleetTime.stop();
    this.parts.time.stop();
    const written = [session.stop(), this.presets.settled(), this.entrance.stop()];
    await within(clock, STOP_STEPS_MS.disk, Promise.allSettled(written), () => {});
    this.usage.stop();
    this.faults.stop();
    const told = [this.fleet.stop(), session.drained()];
    await within(clock, STOP_STEPS_MS.word, Promise.allSettled(told), () => {});
    this.body.close();
    const closed = [broker?.close(), this.media.close()];
    await within(clock, STOP_STEPS_MS.devices, Promise.allSettled(closed), () => {});
  }

  /** What was dated by guess is dated anew. */
  private onTime(): void {
    this.fleet.onTime();
    void this.entrance.access?.guests.settle();
  }

  private letIn(access: Access): void {
    const { broker, refusals, session } = this;
    const { clock, robot, log } = this.parts;
    if (!broker) return;
    void access.guests.settle();
    access.guests.onRevoked((device) => this.session.revoke(device));
    this.signalling = new Signalling({ broker, access, session, clock, robot, refusals, log });
    this.signalling
      .start()
      .catch((error) => log.warn({ error: String(error) }, 'not listening yet'));
  }

  private onBody(body: Body): void {
    this.faults.set('body', body.faults);
    this.fleet.on({ type: 'spent', on: isSpent(body) });
    this.fleet.onBody(body);
    this.session.onBody(body);
  }

  private onBodyEvent(event: BodyEvent): void {
    this.session.onBodyEvent(event);
  }

  private onBodyPresent(present: boolean): void {
    // That it is there its first word says, which comes next.
    if (present) return;
    this.faults.set('body', ['bodyLost']);
    this.session.onBodyLost();
  }
}

/** The body would let nobody in, whoever came. */
function isSpent(body: Body): boolean {
  const visitor = { device: 'bound', stopping: false, offer: 'newest', holder: 'nobody' } as const;
  return !may('session', { ...visitor, ...bodyFacts(body) });
}
