import type { Body, BodyEvent } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { BodyLink } from '../body/body-link.ts';
import type { MediaLoop } from '../media/media-loop.ts';
import type { OpenPeer } from '../media/peer.ts';
import type { Admission, OfferManner, SessionDoor, Visitor } from '../model/offer.ts';
import type { RefusalBook } from '../model/refusals.ts';
import type { EndReason, SessionPhase } from '../model/session-phase.ts';
import type { UsageLog } from '../usage/usage-log.ts';
import { type Choices, firstChoices, voiceAllowed, wantedOf } from './choices.ts';
import { carryOut } from './commands.ts';
import type { Connection } from './connection.ts';
import { CurrentConnection } from './current-connection.ts';
import type { AnyCommand, Authority } from './gate.ts';
import {
  admits,
  atRest,
  cameraAllowed,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  step,
} from './machine.ts';
import { Mirror } from './mirror.ts';
import { PictureKeeper } from './picture-keeper.ts';
import type { Presets } from './presets.ts';
import { SeenHand } from './raised-hand.ts';
import { Reception } from './reception.ts';
import { canPause } from './robot-state.ts';

export interface SessionParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalBook;
  readonly openPeer: OpenPeer;
  readonly body: BodyLink;
  readonly media: MediaLoop;
  readonly usage: UsageLog;
  readonly presets: Presets;
  /** After each transition. */
  readonly onChange: (state: SessionState) => void;
  /** The way to this pupil is gone or about to be: the pupil's device is asked for another offer. */
  readonly askRestart: (pupil: Visitor) => void;
  /** Names of the media devices that do not work, at each change. */
  readonly onDevices: (broken: string[]) => void;
}

/** Owner of the session machine: takes events from all sides and performs the effects. */
export class Session implements SessionDoor {
  private state: SessionState = atRest;
  private choices: Choices = firstChoices;
  private timer: Timer | undefined;
  private readonly current: CurrentConnection;
  private readonly reception: Reception;
  private readonly mirror: Mirror;
  private readonly seenHand: SeenHand;
  private readonly picture: PictureKeeper;

  constructor(private readonly parts: SessionParts) {
    this.current = new CurrentConnection(parts, {
      onThere: () => this.onThere(),
      onGone: (why) => {
        parts.log.info({ why }, 'pupil gone');
        this.seenHand.away();
        this.on({ type: 'lost' });
        this.askRestart();
      },
      onCommand: (command, atMs) => this.onCommand(command, atMs),
      onVoice: (samples) => parts.media.voice(samples),
      authority: (current) => this.authority(current),
    });
    this.reception = new Reception(parts, {
      admits: (device) => admits(this.state, device),
      connect: () => this.current.open(),
      connectionOf: (visitor) => (this.isIn(visitor) ? this.current.connection : undefined),
      welcome: (pupil, connection) => this.on({ type: 'offer', pupil }, connection),
    });
    this.mirror = new Mirror(parts);
    this.seenHand = new SeenHand(parts.clock, () => this.choose({ hand: 'down' }));
    this.picture = new PictureKeeper({
      ...parts,
      stats: () => (this.showing ? this.current.connection?.media.stats() : undefined),
      onSize: (picture) => this.choose({ picture }),
    });
    parts.media.listen({
      onHeard: (voiceDb, roomDb) =>
        this.mirror.tell(this.state, { kind: 'heard', voiceDb, roomDb }),
      onCameraDelay: (ms) => this.mirror.tell(this.state, { kind: 'cameraDelay', ms }),
      onDevices: () => {
        parts.onDevices(parts.media.broken());
        this.settle();
      },
    });
  }

  get phase(): SessionPhase {
    return this.state.name;
  }

  offer(from: Visitor, sdp: string, manner: OfferManner = {}): Promise<Admission> {
    return this.reception.receive(from, sdp, manner);
  }

  bye(from: Visitor): void {
    if (this.isIn(from)) this.end('hangUp');
  }

  /** The robot's own addresses changed: the pupil is asked to look for ways anew. */
  networkChanged(): void {
    if (this.state.name !== 'waking') this.askRestart();
  }

  /** Ends the session, if there is one; resolves when its record is on disk. */
  async stop(): Promise<void> {
    this.reception.close();
    this.end('robotStopped');
    await this.parts.usage.settled();
  }

  end(why: EndReason): void {
    this.on({ type: 'end', why });
  }

  /** The device may not come in any more. */
  revoke(device: string): void {
    if (this.state.name !== 'asleep' && this.state.pupil.device === device) this.end('revoked');
  }

  /** Resolves when every connection that was told to go is closed. */
  farewell(): Promise<void> {
    return this.current.farewell();
  }

  onBody({ paused, faults }: Body): void {
    const body = canPause(faults) ? 'well' : 'noButton';
    if (paused !== this.state.paused || body !== this.state.body)
      this.on({ type: 'body', body, paused });
    else this.mirror.show(this.state, this.choices);
  }

  /** No word of the body any more: whether the teacher pauses now nobody would know. */
  onBodyLost(): void {
    this.on({ type: 'bodyAway' });
  }

  onBodyEvent({ event, ...rest }: BodyEvent): void {
    const { body } = this.state;
    // A word of the body too, and the first after a press.
    if ((event === 'paused' || event === 'resumed') && body !== 'away')
      this.on({ type: 'body', body, paused: event === 'paused' });
    if (event === 'handAcknowledged') this.onHandAcknowledged();
    if ('why' in rest) this.end(rest.why === 'battery' ? 'batteryEmpty' : 'tooHot');
  }

  private isIn({ peer, device }: Visitor): boolean {
    if (this.state.name === 'asleep') return false;
    const { pupil } = this.state;
    return pupil.device === device && pupil.peer === peer;
  }

  private askRestart(): void {
    if (this.state.name !== 'asleep') this.parts.askRestart(this.state.pupil);
  }

  private onThere(): void {
    this.mirror.face(this.current.connection);
    this.seenHand.back();
    this.on({ type: 'connected' });
  }

  /** The camera's picture goes out; black frames of a pause cost nothing and measure nothing. */
  private get showing(): boolean {
    return this.state.name === 'live' && this.parts.media.devices.camera.state === 'running';
  }

  private authority(current: boolean): Authority {
    const { body } = this.parts.body;
    return {
      phase: current ? this.state.name : 'asleep',
      motion: body !== undefined && body.motion !== 'off' && body.motion !== 'absent',
      picture: this.parts.media.devices.camera.state === 'running',
    };
  }

  private onCommand(command: AnyCommand, receivedAtMs: number): void {
    const { body, media, presets, usage, clock } = this.parts;
    carryOut(command, {
      body,
      presets,
      choices: this.choices,
      lens: media.lens,
      pose: { pan: body.body?.pan.deg ?? 0, tilt: body.body?.tilt.deg ?? 0 },
      receivedAtMs,
      nowMs: () => clock.now(),
      choose: (change) => this.choose(change),
      answer: (message) => this.current.connection?.send(message),
      handRaised: () => usage.note('handsRaised'),
      picture: (size) => this.picture.choose(size),
      measured: (videoLatencyMs, lossRatio) => {
        usage.measured(videoLatencyMs, lossRatio);
        this.picture.measured(videoLatencyMs);
      },
      hangUp: () => this.end('hangUp'),
    });
  }

  private choose(change: Partial<Choices>): void {
    if (change.hand) this.seenHand.forget();
    this.choices = { ...this.choices, ...change };
    this.settle();
  }

  private onHandAcknowledged(): void {
    if (this.state.name === 'asleep' || this.choices.hand !== 'up') return;
    this.parts.usage.note('handsAcknowledged');
    this.choose({ hand: 'acknowledged' });
    this.seenHand.see();
    this.current.connection?.send({ kind: 'handAcknowledged' });
  }

  private on(event: SessionEvent, offered?: Connection): void {
    const from = this.state;
    const { state, effects } = step(from, event);
    this.state = state;
    if (from !== state || effects.length > 0)
      this.parts.log.info(
        { machine: 'session', from: from.name, event: event.type, to: state.name },
        'transition',
      );
    for (const effect of effects) this.perform(effect, offered);
    this.picture.follow(state.name !== 'asleep');
    if (state.name === 'asleep' && from.name !== 'asleep') this.forgetPupil();
    this.settle();
    if (from !== state) this.parts.onChange(state);
    if (offered?.isThere && this.current.connection === offered) this.onThere();
  }

  private forgetPupil(): void {
    this.choices = { ...firstChoices, picture: this.picture.size };
    this.seenHand.forget();
  }

  private perform(effect: SessionEffect, offered: Connection | undefined): void {
    const { usage, clock } = this.parts;
    switch (effect.do) {
      case 'admit':
        this.current.take(offered);
        break;
      case 'refuse':
        offered?.close();
        break;
      case 'replaceConnection':
        this.current.dismiss('takenOver');
        break;
      case 'dismiss':
        this.current.dismiss(effect.why);
        break;
      case 'openRecord':
        usage.open();
        break;
      case 'note':
        usage.note(effect.what === 'pause' ? 'pauses' : 'interruptions');
        break;
      case 'closeRecord':
        usage.close(effect.why);
        break;
      case 'arm':
        this.timer?.cancel();
        this.timer = clock.after(effect.ms, () => this.on({ type: 'expired' }));
        break;
      case 'disarm':
        this.timer?.cancel();
        this.timer = undefined;
    }
  }

  /** Brings body and media to what the state and the choices ask for. */
  private settle(): void {
    const { body, media } = this.parts;
    const sensing = cameraAllowed(this.state);
    body.want(wantedOf(this.state, this.choices));
    media.want({
      sink: this.state.name === 'asleep' ? undefined : this.current.connection?.media,
      camera: sensing,
      microphone: sensing,
      voice: voiceAllowed(this.state, this.choices),
      size: this.choices.picture,
      mode: this.choices.voice,
      volume: this.choices.volume,
    });
    this.mirror.show(this.state, this.choices);
  }
}
