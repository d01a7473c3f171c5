import type { EndReason } from '../wire/control.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { Signer } from '../wire/token.ts';
import { AccessError, type AccessProblem, type ConnectionState } from './api.ts';
import { Call, type CallEvents, type IceSettings, type RtcParts } from './call.ts';
import type { ClientTimer } from './client-clock.ts';
import { IceRestarter } from './ice-restarter.ts';
import {
  firstStep,
  type LessonEffect,
  type LessonEvent,
  type LessonState,
  type LessonStep,
  stepLesson,
} from './lesson-machine.ts';
import { LessonSignalling, type LessonSignallingParts } from './lesson-signalling.ts';
import { NetworkChange } from './network-change.ts';
import type { SignallingConnection } from './signalling-connection.ts';

interface LessonParts extends LessonSignallingParts {
  readonly rtc: RtcParts;
  readonly ice: IceSettings;
  /** Looked up while the broker is being reached. */
  readonly signer: Promise<Signer>;
  readonly microphone: MediaStreamTrack | undefined;
  readonly onConnection: (state: ConnectionState) => void;
  readonly onCallUp: () => void;
  readonly onCallDown: () => void;
  /** Asks the robot for a sign of life now. */
  readonly askAlive: () => void;
  readonly call: Omit<CallEvents, 'onLost' | 'onShaken'>;
}

/** Spreads the retries of many pupils after one outage, 75 to 125 %. */
const jitter = (ms: number): number => ms * (0.75 + Math.random() / 2);

/**
 * One stay in class over one or more calls: performs what lesson-machine.ts decides. Everything
 * that can run at the same time does: the offer and its candidates are made while the broker is
 * reached and the robot says its challenge.
 */
export class Lesson {
  private state: LessonState = firstStep.state;
  private readonly signalling: LessonSignalling;
  private call: Call | undefined;
  /** The robot of the call can restart ICE. */
  private mendable = false;
  private readonly iceRestarter: IceRestarter;
  private retry: ClientTimer | undefined;
  private delayed: ClientTimer | undefined;
  private readonly network: NetworkChange;
  private settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  private lastProblem: Error | undefined;

  constructor(private readonly parts: LessonParts) {
    this.signalling = new LessonSignalling(
      parts,
      () => this.mendable && this.on({ name: 'shaken', fresh: false }),
    );
    this.iceRestarter = new IceRestarter({
      ...{ clock: parts.clock, signer: parts.signer },
      reach: (fresh) => {
        if (fresh) this.signalling.drop();
        return this.signalling.reach();
      },
      exchange: (call, handshake, signer, offer) =>
        this.signalling.exchange(call, handshake, signer, offer),
    });
    this.network = new NetworkChange({
      ...{ clock: parts.clock, askAlive: parts.askAlive, stats: () => this.stats() },
      onKept: () => this.mendable && this.on({ name: 'shaken', fresh: true }),
      onCut: () => this.on({ name: 'cut' }),
    });
  }

  /** Resolves when in class, rejects with AccessError when it is over before. */
  start(preconnected?: Promise<SignallingConnection>): Promise<void> {
    this.signalling.preconnected = preconnected;
    this.parts.signer.catch(() => undefined);
    const inClass = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.show(this.state);
    for (const effect of firstStep.effects) this.act(effect);
    return inClass;
  }

  /** During an ICE restart only heartbeats are sent: a command is never queued. */
  sendControl(text: string, kind: string): boolean {
    const { name } = this.state;
    const may = name === 'inClass' || (name === 'mending' && kind === 'alive');
    return may && (this.call?.sendControl(text) ?? false);
  }

  sendLook(text: string): boolean {
    return this.state.name === 'inClass' && (this.call?.sendLook(text) ?? false);
  }

  stats(): Promise<RTCStatsReport> {
    return this.call?.stats() ?? Promise.reject(new AccessError('failed', 'no call'));
  }

  get inClass(): boolean {
    return this.state.name === 'inClass';
  }

  /** The robot went silent. */
  lost(): void {
    this.on({ name: 'lost', mendable: this.mendable });
  }

  /** The device's network changed: connections over the old one are dead or soon will be. */
  networkChanged(): void {
    if (isCall(this.state)) this.network.noticed();
  }

  ended(why: EndReason, nextLesson?: NextLesson): void {
    this.on({ name: 'ended', why, ...(nextLesson && { nextLesson }) });
  }

  async leave(): Promise<void> {
    if (!this.inClass) await this.signalling.bye(this.parts.signer);
    this.on({ name: 'left' });
  }

  private on(event: LessonEvent): void {
    this.perform(stepLesson(this.state, event, this.parts.clock.now()));
  }

  private perform({ state, effects }: LessonStep): void {
    const was = this.state;
    this.state = state;
    // Heartbeats continue during an ICE restart: an answer shows that the call has recovered.
    const [wasUp, isUp] = [isCall(was), isCall(state)];
    if (wasUp && !isUp) this.parts.onCallDown();
    if (!wasUp && isUp) this.parts.onCallUp();
    for (const effect of effects) this.act(effect);
    if (was !== state) this.show(state);
  }

  private act(effect: LessonEffect): void {
    switch (effect.do) {
      case 'enter':
        void this.enter();
        return;
      case 'wait':
        this.retry = this.parts.clock.after(jitter(effect.ms), () => this.on({ name: 'again' }));
        return;
      case 'mend':
        void this.mend(effect.fresh);
        return;
      case 'giveUpMending': {
        const { state } = this;
        this.parts.clock.after(effect.ms, () => {
          if (this.state === state) this.on({ name: 'unmended', gone: false });
        });
        return;
      }
      case 'dropLine':
        this.signalling.drop();
        return;
      case 'hangUp':
        this.dropCall();
        return;
      case 'close':
        this.retry?.cancel();
        this.dropCall();
        this.signalling.close();
        return;
    }
  }

  private async enter(): Promise<void> {
    const { clock, rtc, ice, microphone, onConnection } = this.parts;
    const events: CallEvents = {
      ...this.parts.call,
      onMessage: (data) => {
        this.network.heard();
        this.parts.call.onMessage(data);
        this.on({ name: 'mended' });
      },
      onLost: () => this.on({ name: 'lost', mendable: false }),
      onShaken: (state) => {
        if (state === 'failed') this.lost();
        else if (this.mendable) this.on({ name: 'shaken', fresh: false });
      },
    };
    const call = new Call(clock, rtc, ice, microphone, events);
    this.call = call;
    const first = this.state.name === 'entering' && this.state.lostAtMs === undefined;
    const progress = (name: 'handshaking' | 'joining'): void => {
      if (this.call !== call) throw new AccessError('left', 'superseded');
      if (first) onConnection({ name });
    };
    try {
      await this.connect(call, progress);
      if (this.call === call) this.on({ name: 'entered' });
    } catch (error) {
      if (this.call === call) this.failed(error);
    }
  }

  private async connect(
    call: Call,
    progress: (name: 'handshaking' | 'joining') => void,
  ): Promise<void> {
    const { handshake } = await this.signalling.reach();
    progress('handshaking');
    const signer = await this.parts.signer;
    const { challenge, features, iceServers } = await handshake.challenge(signer);
    this.mendable = features.has('iceRestart');
    const trickle = features.has('trickle');
    const sdp = await call.offer({ trickle, iceServers });
    const offer = { challenge, sdp, ...(trickle ? { trickle } : {}) };
    const answer = await this.signalling.exchange(call, handshake, signer, offer);
    progress('joining');
    await call.accept(answer);
  }

  private async mend(fresh: boolean): Promise<void> {
    const { call } = this;
    if (!call) return;
    const youngMs = fresh ? 0 : this.iceRestarter.youngForMs(call);
    if (youngMs > 0) return this.mendWhenOlder(call, youngMs);
    const outcome = await this.iceRestarter.restartIce(call, fresh);
    if (outcome === 'answered' || outcome === 'busy' || this.call !== call) return;
    this.on({ name: 'unmended', gone: outcome === 'gone' });
  }

  private mendWhenOlder(call: Call, ms: number): void {
    this.delayed?.cancel();
    this.delayed = this.parts.clock.after(ms, () => {
      if (this.call === call && this.state.name === 'mending') void this.mend(false);
    });
  }

  private failed(error: unknown): void {
    const problem = error instanceof AccessError ? error : new AccessError('failed', String(error));
    this.lastProblem = problem;
    if (isSignallingTrouble(problem.reason)) this.signalling.drop();
    const { reason, nextLesson } = problem;
    this.on({ name: 'failed', reason, ...(nextLesson && { nextLesson }) });
  }

  private dropCall(): void {
    this.mendable = false;
    this.delayed?.cancel();
    this.network.forget();
    this.signalling.endTrickle();
    this.call?.close();
    this.call = undefined;
  }

  private show(state: LessonState): void {
    switch (state.name) {
      case 'inClass':
        this.parts.onConnection({ name: 'inClass' });
        this.settle?.resolve();
        return;
      case 'over':
        this.parts.onConnection(state.outcome);
        this.settle?.reject(this.lastProblem ?? new AccessError('left', 'left before in class'));
        return;
      case 'mending':
        this.parts.onConnection({ name: 'reconnecting', attempt: 1 });
        return;
      case 'waiting':
        if (state.lostAtMs !== undefined)
          this.parts.onConnection({ name: 'reconnecting', attempt: state.attempt });
        return;
      case 'entering':
        if (state.lostAtMs === undefined) this.parts.onConnection({ name: 'reaching' });
        return;
    }
  }
}

/** A new connection to the broker may help. */
function isSignallingTrouble(reason: AccessProblem): boolean {
  return reason === 'brokerUnreachable' || reason === 'noAnswer';
}

function isCall({ name }: LessonState): boolean {
  return name === 'inClass' || name === 'mending';
}
