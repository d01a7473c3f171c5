/** A scripted client and robot for the page's own tests and screenshots; never part of the product. */
import {
  AccessError,
  type AccessProblem,
  type Binding,
  type ConnectionState,
  type PupilClientApi,
  type PupilEvents,
} from '../../../client/api.ts';
import type { Mood, PresetName, RobotState, VoiceMode } from '../../../wire/control.ts';
import type { Invitation } from '../../../wire/invitation.ts';
import { good, live } from './class-model.ts';
import { type FakeHead, fakePicture } from './fake-picture.ts';

const STEP_MS = 40;
const TURN_DEG_PER_S = 120;

type Listener = (value: never) => void;

export class FakeClient implements PupilClientApi {
  connection: ConnectionState = { name: 'idle' };
  state: RobotState | undefined;
  /** Every call in order, for tests. */
  readonly calls: string[] = [];
  bound: Binding[] = [];
  /** What the page brought along. */
  microphone: MediaStream | undefined;
  refuseBind: AccessProblem | undefined;
  /** Ends the way to class at this point instead of arriving. */
  stopAt: ConnectionState | undefined;
  /** The lesson begins without a picture, until `showPicture`. */
  pictureWaits = false;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly head: FakeHead = { pan: 0, tilt: 0 };
  private target: FakeHead = { pan: 0, tilt: 0 };
  private moving: ReturnType<typeof setInterval> | undefined;

  on<K extends keyof PupilEvents>(event: K, listener: (value: PupilEvents[K]) => void): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all);
    all.add(listener as Listener);
    return () => all.delete(listener as Listener);
  }

  emit<K extends keyof PupilEvents>(event: K, value: PupilEvents[K]): void {
    for (const listener of this.listeners.get(event) ?? []) {
      (listener as (value: PupilEvents[K]) => void)(value);
    }
  }

  async bind({ robot, robotKey, broker }: Invitation): Promise<Binding> {
    this.calls.push('bind');
    await pause(120);
    if (this.refuseBind) throw new AccessError(this.refuseBind, 'as the script says');
    const binding = { robot, robotKey, broker };
    this.bound = [...this.bound, binding];
    return binding;
  }

  bindings = async (): Promise<Binding[]> => this.bound;
  preconnect = async (): Promise<void> => undefined;
  watchFrames(): void {}

  async forget(robot: string): Promise<void> {
    this.bound = this.bound.filter((one) => one.robot !== robot);
  }

  async join(_binding: Binding, microphone: MediaStream | undefined): Promise<void> {
    this.microphone = microphone;
    this.calls.push(`join ${microphone ? 'talking' : 'listening'}`);
    for (const name of ['reaching', 'handshaking', 'joining'] as const) {
      this.connect({ name });
      await pause(150);
      if (this.stopAt?.name === name) return;
    }
    if (this.stopAt) return this.connect(this.stopAt);
    this.change(awake());
    this.connect({ name: 'inClass' });
    if (!this.pictureWaits) this.showPicture();
    this.emit('audio', silence());
    this.emit('heard', { verdict: 'clear', voiceDb: -24, roomDb: -48 });
    this.emit('quality', good);
  }

  showPicture(): void {
    this.emit('video', fakePicture(this.head));
  }

  reconnect(): void {
    this.calls.push('reconnect');
    this.connect({ name: 'reconnecting', attempt: 1 });
  }

  async leave(): Promise<void> {
    this.calls.push('leave');
    clearInterval(this.moving);
    if (this.connection.name !== 'ended') this.connect({ name: 'ended', why: 'hangUp' });
  }

  look(pan: number, tilt: number): void {
    this.calls.push(`look ${pan.toFixed(1)} ${tilt.toFixed(1)}`);
    this.turnTo(pan, tilt);
  }

  lookRate(pan: number, tilt: number): void {
    this.calls.push(`lookRate ${pan.toFixed(0)} ${tilt.toFixed(0)}`);
    this.turnTo(this.head.pan + pan * 0.1, this.head.tilt + tilt * 0.1);
  }

  tap(x: number, y: number): void {
    this.calls.push(`tap ${x.toFixed(2)} ${y.toFixed(2)}`);
    this.turnTo(this.head.pan + (0.5 - x) * 90, this.head.tilt + (0.5 - y) * 50);
  }

  stopHead(): void {
    this.calls.push('stop');
    this.target = { ...this.head };
  }

  goPreset(preset: PresetName): void {
    this.calls.push(`goPreset ${preset}`);
    const at = this.state?.presets[preset];
    if (at) this.turnTo(at.pan, at.tilt);
  }

  storePreset(preset: PresetName): void {
    this.calls.push(`storePreset ${preset}`);
    const presets = { ...awake().presets, ...this.state?.presets, [preset]: { ...this.head } };
    this.change({ presets });
  }

  gesture(gesture: 'nod' | 'shake'): void {
    this.calls.push(`gesture ${gesture}`);
  }

  raiseHand(up: boolean): void {
    this.calls.push(`hand ${up}`);
    this.change({ hand: up ? 'up' : 'down' });
  }

  mood(mood: Mood): void {
    this.calls.push(`mood ${mood}`);
    this.change({ mood });
  }

  listenOnly(on: boolean): void {
    this.calls.push(`listenOnly ${on}`);
    this.change({ listenOnly: on });
  }

  voice(mode: VoiceMode): void {
    this.calls.push(`voice ${mode}`);
    this.change({ voice: mode });
  }

  volume(volume: number): void {
    this.calls.push(`volume ${volume}`);
    this.change({ volume });
  }

  picture(size: '480p' | '720p' | 'auto'): void {
    this.calls.push(`picture ${size}`);
    this.change({ picture: size === 'auto' ? '720p' : size });
  }

  /** What tests and screenshots play: the robot, the network and the teacher. */
  connect(connection: ConnectionState): void {
    this.connection = connection;
    this.emit('connection', connection);
  }

  change(news: Partial<RobotState>): void {
    this.state = { ...(this.state ?? awake()), ...news };
    this.emit('state', this.state);
  }

  private turnTo(pan: number, tilt: number): void {
    const state = this.state ?? awake();
    this.target = { pan: within(pan, state.pan), tilt: within(tilt, state.tilt) };
    this.moving ??= setInterval(() => this.step(), STEP_MS);
  }

  private step(): void {
    const most = (TURN_DEG_PER_S * STEP_MS) / 1000;
    for (const axis of ['pan', 'tilt'] as const) {
      const way = this.target[axis] - this.head[axis];
      this.head[axis] += Math.sign(way) * Math.min(most, Math.abs(way));
    }
    const arrived = this.head.pan === this.target.pan && this.head.tilt === this.target.tilt;
    const { pan, tilt } = this.state ?? awake();
    this.change({
      motion: arrived ? 'holding' : 'moving',
      pan: { ...pan, deg: this.head.pan, targetDeg: this.target.pan },
      tilt: { ...tilt, deg: this.head.tilt, targetDeg: this.target.tilt },
    });
    if (!arrived) return;
    clearInterval(this.moving);
    this.moving = undefined;
  }
}

function awake(): RobotState {
  return {
    ...live,
    pan: { ...live.pan, deg: 0, targetDeg: 0 },
    volume: 0.6,
    presets: {
      board: { pan: 2, tilt: 4 },
      teacher: { pan: -22, tilt: 0 },
      class: { pan: 60, tilt: -8 },
    },
    batteryPercent: 82,
  };
}

const within = (value: number, axis: { minDeg: number; maxDeg: number }): number =>
  Math.min(axis.maxDeg, Math.max(axis.minDeg, value));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function silence(): MediaStream {
  return new AudioContext().createMediaStreamDestination().stream;
}
