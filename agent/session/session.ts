import type { Body, BodyEvent } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { may } from '../admission/admit.ts';
import { bodyFacts, type Facts, type FactsFor, headOf } from '../admission/facts.ts';
import type { BodyLink } from '../body/body-link.ts';
import type { MediaLoop } from '../media-link/media-loop.ts';
import type { OpenPeer } from '../media-link/peer.ts';
import type { OfferOptions, OfferReceiver, OfferReply, Visitor } from '../model/offer.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import type { Scanning } from '../model/scanning.ts';
import { type EndReason, inClass, type SessionPhase } from '../model/session-phase.ts';
import type { Signs } from '../model/signs.ts';
import type { UsageLog } from '../usage/usage-log.ts';
import type { RobotMessage } from '../wire/control.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import { type Choices, desiredStateOf, desiredWhileScanning, PupilChoices } from './choices.ts';
import type { AnyCommand } from './command-gate.ts';
import { carryOut } from './commands.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { OfferQueue } from './offer-queue.ts';
import { PictureSizeController } from './picture-size-controller.ts';
import type { Presets } from './presets.ts';
import {
  atRest,
  type ConnectionId,
  holds,
  lessonFacts,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  scanningFacts,
  step,
} from './session-machine.ts';
import { StatePublisher } from './state-publisher.ts';

interface SessionParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalLog;
  readonly openPeer: OpenPeer;
  readonly body: BodyLink;
  readonly media: MediaLoop;
  readonly usage: UsageLog;
  readonly presets: Presets;
  /** For the pupil's page, when the robot's time is known. */
  readonly nextLesson: () => NextLesson | undefined;
  /** 0..1; the pupil's volume goes no higher. */
  readonly maxVolume: () => number;
  /** Called after each transition. */
  readonly onChange: (state: SessionState) => void;
  /** The pupil's network path is lost or may be soon: asks the device for an ICE restart. */
  readonly askRestart: (pupil: Visitor) => void;
  /** Names of the media devices that do not work; called at each change. */
  readonly onDevices: (broken: string[]) => void;
}

type Acts = {
  readonly [K in SessionEffect['do']]: (effect: Extract<SessionEffect, { do: K }>) => void;
};

/** Owner of the session machine: passes events to it and performs its effects. */
export class Session implements OfferReceiver {
  private state: SessionState = atRest;
  private timer: Timer | undefined;
  private scanning: Scanning | undefined;
  private signs: Signs = {};
  private readonly connections: Connections;
  private readonly offers: OfferQueue;
  private readonly choices: PupilChoices;
  private readonly picture: PictureSizeController;
  private readonly publisher: StatePublisher;

  constructor(private readonly parts: SessionParts) {
    const { clock, log, media, usage } = parts;
    this.connections = new Connections(parts, {
      onThere: (connection) => this.on({ type: 'connected', connection }),
      onGone: (connection, why) => {
        if (this.isCurrent(connection)) log.info({ why }, 'pupil gone');
        this.on({ type: 'lost', connection });
      },
      onCommand: (connection, command, atMs) => {
        if (this.isCurrent(connection)) this.onCommand(command, atMs);
      },
      facts: (connection) => this.factsFor(connection),
    });
    this.offers = new OfferQueue({
      ...{ log, connections: this.connections, state: () => this.state },
      letIn: (pupil, connection) => this.letIn(pupil, connection),
      recorded: () => usage.settled(),
      nextLesson: parts.nextLesson,
    });
    this.choices = new PupilChoices(clock, () => this.settle());
    this.publisher = new StatePublisher(clock, (message) => this.current?.send(message));
    this.picture = new PictureSizeController({
      ...{ clock, log },
      stats: () => (this.showing ? this.current?.media.stats() : undefined),
      onSize: (picture) => this.choices.change({ picture }),
    });
    media.listen({
      onHeard: (voiceDb, roomDb) => this.sendToPupil({ kind: 'heard', voiceDb, roomDb }),
      onCameraDelay: (ms) => this.sendToPupil({ kind: 'cameraDelay', ms }),
      onDevices: () => {
        parts.onDevices(media.broken());
        this.settle();
      },
    });
  }

  get phase(): SessionPhase {
    return this.state.name;
  }

  /** For whoever would read codes while nobody is in class. */
  get scanningFacts(): ReturnType<typeof scanningFacts> {
    return scanningFacts(this.state);
  }

  /** What body and media do while nobody is in class; a session comes before it. */
  setScanning(scanning: Scanning | undefined): void {
    this.scanning = scanning;
    this.settle();
  }

  /** What the body shows besides, whether somebody is in class or not. */
  setSigns(signs: Signs): void {
    this.signs = signs;
    this.settle();
  }

  offer(from: Visitor, sdp: string, options: OfferOptions = {}): Promise<OfferReply> {
    return this.offers.receive(from, sdp, options);
  }

  bye(from: Visitor): void {
    if (holds(this.state, from)) this.end('hangUp');
  }

  /** The robot's own addresses changed: the pupil's device is asked for an ICE restart. */
  networkChanged(): void {
    const { state } = this;
    if (state.name !== 'asleep' && state.name !== 'waking') this.parts.askRestart(state.pupil);
  }

  /** Ends the session, if there is one; resolves when its record is on disk. */
  async stop(): Promise<void> {
    this.on({ type: 'stop' });
    await this.parts.usage.settled();
  }

  end(why: EndReason): void {
    this.on({ type: 'end', why });
  }

  /** Ends the session of a revoked device. */
  revoke(device: string): void {
    if (this.state.name !== 'asleep' && this.state.pupil.device === device) this.end('revoked');
  }

  /** Resolves when every draining connection is closed. */
  drained(): Promise<void> {
    return this.connections.drained();
  }

  onBody(reported: Body): void {
    const { body, ...rest } = bodyFacts(reported);
    if (body !== 'away') this.on({ type: 'body', body, ...rest, paused: reported.paused });
  }

  /** The body is silent, so whether the teacher pauses is unknown. */
  onBodyLost(): void {
    this.on({ type: 'bodyAway' });
  }

  /** Whether the timetable grants a session has changed. */
  onLesson(lesson: Facts['lesson']): void {
    this.on({ type: 'lesson', lesson });
  }

  onBodyEvent({ event, ...rest }: BodyEvent): void {
    const { body, battery, heat } = this.state;
    // Also tells the body's state, earlier than the next body message.
    if ((event === 'paused' || event === 'resumed') && body !== 'away')
      this.on({ type: 'body', body, battery, heat, paused: event === 'paused' });
    if (event === 'handAcknowledged') this.onHandAcknowledged();
    if ('why' in rest) this.end(rest.why === 'battery' ? 'batteryEmpty' : 'tooHot');
  }

  private letIn(pupil: Visitor, connection: ConnectionId): void {
    this.on({ type: 'offer', pupil, connection });
    // It may have connected while its offer was still being answered.
    if (this.connections.get(connection)?.isThere) this.on({ type: 'connected', connection });
  }

  private get current(): Connection | undefined {
    return this.state.name === 'asleep' ? undefined : this.connections.get(this.state.connection);
  }

  private isCurrent(connection: ConnectionId): boolean {
    return this.state.name !== 'asleep' && this.state.connection === connection;
  }

  /** Whether camera frames are sent; the black frames of a pause are not measured. */
  private get showing(): boolean {
    return this.state.name === 'live' && this.parts.media.devices.camera.state === 'running';
  }

  /** Facts for a connection; for one that is not current, as if there were no session. */
  private factsFor(connection: ConnectionId): FactsFor<'pointing'> {
    return {
      ...lessonFacts(this.isCurrent(connection) ? this.state : atRest),
      head: headOf(this.parts.body.body),
      picture: this.parts.media.devices.camera.state === 'running',
    };
  }

  private onCommand(command: AnyCommand, receivedAtMs: number): void {
    const { body, media, presets, usage, clock } = this.parts;
    carryOut(command, {
      body,
      presets,
      choices: this.choices.current,
      lens: media.lens,
      pose: { pan: body.body?.pan.deg ?? 0, tilt: body.body?.tilt.deg ?? 0 },
      receivedAtMs,
      nowMs: () => clock.now(),
      choose: (change) => this.choices.change(within(change, this.parts.maxVolume())),
      answer: (message) => this.current?.send(message),
      handRaised: () => usage.note('handsRaised'),
      picture: (size) => this.picture.choose(size),
      measured: (videoLatencyMs, lossRatio) => {
        usage.measured(videoLatencyMs, lossRatio);
        this.picture.measured(videoLatencyMs);
      },
      hangUp: () => this.end('hangUp'),
    });
  }

  private onHandAcknowledged(): void {
    if (this.state.name === 'asleep' || !this.choices.acknowledge()) return;
    this.parts.usage.note('handsAcknowledged');
    this.current?.send({ kind: 'handAcknowledged' });
  }

  private sendToPupil(message: RobotMessage): void {
    if (inClass(this.state.name)) this.current?.send(message);
  }

  private on(event: SessionEvent): void {
    const from = this.state;
    const { state, effects } = step(from, event);
    if (state === from && effects.length === 0) {
      this.publish();
      return;
    }
    this.state = state;
    const transition = { machine: 'session', from: from.name, event: event.type, to: state.name };
    this.parts.log.info(transition, 'transition');
    for (const effect of effects) this.perform(effect);
    this.picture.follow(state.name !== 'asleep');
    if (state.name === 'asleep' && from.name !== 'asleep') this.choices.reset(this.picture.size);
    this.settle();
    this.parts.onChange(state);
  }

  private readonly acts: Acts = {
    close: ({ connection }) => this.connections.close(connection),
    drain: ({ connection, why }) => this.connections.drain(connection, why),
    greet: () => {
      this.publisher.forget();
      this.choices.back();
    },
    askRestart: ({ pupil }) => {
      this.choices.away();
      this.parts.askRestart(pupil);
    },
    openRecord: () => this.parts.usage.open(),
    note: ({ what }) => this.parts.usage.note(what),
    closeRecord: ({ why }) => this.parts.usage.close(why),
    arm: ({ ms }) => {
      this.timer?.cancel();
      this.timer = this.parts.clock.after(ms, () => this.on({ type: 'expired' }));
    },
    disarm: () => {
      this.timer?.cancel();
    },
  };

  private perform<K extends SessionEffect['do']>(effect: Extract<SessionEffect, { do: K }>): void {
    const act: Acts[K] = this.acts[effect.do as K];
    act(effect);
  }

  /** Updates body and media to what the policy allows and the pupil has chosen. */
  private settle(): void {
    const { body, media } = this.parts;
    const { listenOnly, picture, voice } = this.choices.current;
    const volume = Math.min(this.choices.current.volume, this.parts.maxVolume());
    const facts = { ...lessonFacts(this.state), listenOnly };
    const sensing = may('sensing', facts);
    const scanning = this.state.name === 'asleep' ? this.scanning : undefined;
    const desired = scanning
      ? desiredWhileScanning(scanning)
      : desiredStateOf(this.state, this.choices.current);
    body.setDesired({ ...desired, ...this.signs });
    const scan = scanning?.looking ?? false;
    media.setDesired({
      sink: this.current?.media,
      camera: sensing || scan,
      microphone: sensing,
      voice: may('voice', facts),
      ...{ size: scan ? '720p' : picture, mode: voice, volume, scan },
    });
    this.publish();
  }

  private publish(): void {
    const { body, media, presets } = this.parts;
    const { camera, microphone, speaker } = media.devices;
    this.publisher.publish({
      ...{ session: this.state, choices: this.choices.current, presets: presets.all },
      ...{ body: body.body, camera, microphone, speaker },
    });
  }
}

/** The pupil sees the volume that the class hears. */
function within(change: Partial<Choices>, maxVolume: number): Partial<Choices> {
  return change.volume === undefined
    ? change
    : { ...change, volume: Math.min(change.volume, maxVolume) };
}
