import type { Command, Mood, PresetName, RobotState, VoiceMode } from '../wire/control.ts';
import type { Invitation } from '../wire/invitation.ts';
import {
  AccessError,
  type Binding,
  type ConnectionState,
  type FrameSource,
  type PupilClientApi,
  type PupilEvents,
} from './api.ts';
import { Binder, DeviceKeys } from './bindings.ts';
import type { IceSettings, RtcParts } from './call.ts';
import { type ClientClock, platformClock } from './client-clock.ts';
import { Emitter } from './emitter.ts';
import { Heartbeat } from './heartbeat.ts';
import { Inbox } from './inbox.ts';
import { indexedDbStore, type KeyValueStore } from './key-value-store.ts';
import { Lesson } from './lesson.ts';
import { FramePath, Measures } from './measures.ts';
import { openMqttTransport } from './mqtt-transport.ts';
import { type WatchNetwork, watchBrowserNetwork } from './network-change.ts';
import { PinLock } from './pin.ts';
import { Remote } from './remote.ts';
import { type OpenTransport, Preconnect } from './signalling-connection.ts';

/** Parts that a browser has by itself and a test or tool brings along. */
export interface PupilClientParts {
  readonly transport?: OpenTransport;
  readonly rtc?: RtcParts;
  readonly ice?: IceSettings;
  /** Where keys and bindings are kept. */
  readonly keys?: KeyValueStore;
  readonly clock?: ClientClock;
  /** Calls back when the device's network is another. */
  readonly watchNetwork?: WatchNetwork;
}

/** A hang-up gets this long to be answered before the connection is cut. */
const HANG_UP_MS = 400;

/** The pupil's end of the wire: binds, joins, stays in class, commands and measures. See README.md. */
export class PupilClient implements PupilClientApi {
  /** The PIN that locks this page's robots on a shared tablet. */
  readonly pin: PinLock;
  private readonly events = new Emitter<PupilEvents>();
  private readonly clock: ClientClock;
  private readonly openTransport: OpenTransport;
  private readonly binder: Binder;
  private readonly remote: Remote;
  private readonly heartbeat: Heartbeat;
  private readonly measures: Measures;
  private readonly inbox: Inbox;
  private readonly preconnected: Preconnect;
  private readonly framePath = new FramePath();
  private lesson: Lesson | undefined;
  private now: ConnectionState = { name: 'idle' };

  constructor(private readonly parts: PupilClientParts = {}) {
    const store = parts.keys ?? indexedDbStore();
    this.clock = parts.clock ?? platformClock;
    this.openTransport = parts.transport ?? openMqttTransport;
    this.pin = new PinLock(store, this.clock);
    this.binder = new Binder({
      store,
      keys: new DeviceKeys(store),
      vault: this.pin,
      clock: this.clock,
      openTransport: this.openTransport,
    });
    this.remote = new Remote({
      clock: this.clock,
      sendLook: (text) => this.lesson?.sendLook(text) ?? false,
      sendControl: (text, kind) => this.lesson?.sendControl(text, kind) ?? false,
    });
    this.heartbeat = new Heartbeat({
      clock: this.clock,
      beat: (sentAtMs) => void this.remote.command({ kind: 'alive', sentAtMs }),
      onSilent: () => this.lesson?.lost(),
    });
    this.measures = new Measures({
      clock: this.clock,
      framePath: this.framePath,
      stats: () => this.lesson?.stats() ?? Promise.reject(new Error('not in class')),
      roundTripMs: () => this.heartbeat.roundTripMs,
      cameraOn: () => this.state?.phase === 'live' && this.state.camera === 'on',
      onQuality: (quality) => this.events.emit('quality', quality),
      report: (measured) => void this.remote.command(measured),
    });
    this.inbox = new Inbox({
      events: this.events,
      heartbeat: this.heartbeat,
      measures: this.measures,
      onEnded: (why, nextLesson) => this.lesson?.ended(why, nextLesson),
    });
    this.preconnected = new Preconnect(this.openTransport, this.clock);
    const watch = parts.watchNetwork ?? watchBrowserNetwork;
    watch(() => this.lesson?.networkChanged());
  }

  get connection(): ConnectionState {
    return this.now;
  }

  get state(): RobotState | undefined {
    return this.inbox.state;
  }

  on<K extends keyof PupilEvents>(event: K, listener: (value: PupilEvents[K]) => void): () => void {
    return this.events.on(event, listener);
  }

  bind(invitation: Invitation): Promise<Binding> {
    return this.binder.bind(invitation);
  }

  bindings(): Promise<Binding[]> {
    return this.binder.list();
  }

  forget(robot: string): Promise<void> {
    return this.binder.forget(robot);
  }

  preconnect(binding: Binding): Promise<void> {
    return this.preconnected.open(binding);
  }

  async join(binding: Binding, microphone: MediaStream | undefined): Promise<void> {
    await this.leave();
    const track = microphone?.getAudioTracks().find((one) => one.readyState === 'live');
    if (microphone && !track) {
      this.show({ name: 'refused', reason: 'noMicrophone' });
      throw new AccessError('noMicrophone', 'the microphone stream has no live audio track');
    }
    this.inbox.reset(track);
    const { peer, signalling } = this.preconnected.take(binding);
    const lesson = this.makeLesson(binding, peer, track);
    this.lesson = lesson;
    await lesson.start(signalling);
  }

  async leave(): Promise<void> {
    const { lesson } = this;
    if (!lesson) return;
    if (lesson.inClass && this.remote.command({ kind: 'hangUp' })) await this.hangUpAnswered();
    await lesson.leave();
    if (this.lesson === lesson) this.lesson = undefined;
  }

  reconnect(): void {
    this.lesson?.lost();
  }

  look(pan: number, tilt: number): void {
    if (this.lesson?.inClass) this.remote.look(pan, tilt);
  }

  lookRate(pan: number, tilt: number): void {
    if (this.lesson?.inClass) this.remote.lookRate(pan, tilt);
  }

  tap(x: number, y: number): void {
    if (Number.isFinite(x + y)) this.remote.command({ kind: 'tap', x: unit(x), y: unit(y) });
  }

  stopHead(): void {
    this.remote.reset();
    this.remote.command({ kind: 'stop' });
  }

  goPreset(preset: PresetName): void {
    this.remote.command({ kind: 'goPreset', preset });
  }

  storePreset(preset: PresetName): void {
    this.remote.command({ kind: 'storePreset', preset });
  }

  gesture(gesture: 'nod' | 'shake'): void {
    this.remote.command({ kind: 'gesture', gesture });
  }

  raiseHand(up: boolean): void {
    this.remote.command({ kind: 'hand', up });
  }

  mood(mood: Mood): void {
    this.remote.command({ kind: 'mood', mood });
  }

  listenOnly(on: boolean): void {
    this.remote.command({ kind: 'listenOnly', on });
  }

  voice(mode: VoiceMode): void {
    this.remote.command({ kind: 'voice', mode });
  }

  volume(volume: number): void {
    if (Number.isFinite(volume)) this.remote.command({ kind: 'volume', volume: unit(volume) });
  }

  picture(size: Extract<Command, { kind: 'picture' }>['size']): void {
    this.remote.command({ kind: 'picture', size });
  }

  watchFrames(video: FrameSource | undefined): void {
    this.framePath.watch(video);
  }

  private makeLesson(
    binding: Binding,
    peer: string,
    microphone: MediaStreamTrack | undefined,
  ): Lesson {
    return new Lesson({
      clock: this.clock,
      rtc: this.parts.rtc ?? globalThis,
      ice: this.parts.ice ?? {},
      openTransport: this.openTransport,
      binding,
      peer,
      signer: this.binder.signerFor(binding),
      microphone,
      onConnection: (state) => this.show(state),
      onCallUp: () => {
        this.heartbeat.start();
        this.measures.start();
      },
      onCallDown: () => {
        this.heartbeat.stop();
        this.measures.stop();
        this.remote.reset();
      },
      askAlive: () => this.heartbeat.ask(),
      call: {
        onMessage: (data) => this.inbox.receive(data),
        onMedia: (kind, stream) => this.events.emit(kind, stream),
      },
    });
  }

  private show(state: ConnectionState): void {
    this.now = state;
    this.events.emit('connection', state);
  }

  private hangUpAnswered(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        off();
        resolve();
      };
      const timer = this.clock.after(HANG_UP_MS, done);
      const off = this.on('connection', ({ name }) => {
        if (name === 'ended') done();
      });
    });
  }
}

const unit = (value: number): number => Math.min(1, Math.max(0, value));
