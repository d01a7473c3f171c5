import type { Pipe } from '../../firmware/link/pipe.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { CameraIntrinsics } from '../../hal/ports/media.ts';
import {
  brokenOf,
  type DesiredMedia,
  type Devices,
  type MediaListener,
  type MediaLoop,
  sizes,
} from './media-loop.ts';
import type { OpenPeer } from './peer.ts';
import { RemotePeer } from './remote-peer.ts';
import {
  type DesiredMediaState,
  type Ice,
  LEASE_MS,
  MAX_PEERS,
  parseMessage,
  RENEW_MS,
  type Status,
  ToAgent,
  type ToMedia,
} from './schema.ts';

/**
 * Before the next try to reach the media process. After an invalid message it doubles, to
 * `longest`.
 */
const RETRY_MS = { usual: 250, longest: 30_000 } as const;
/** After this long without an invalid message the delay starts over. */
const REFORMED_MS = 60_000;
const LAST_WORD_MS = 50;
/**
 * Consecutive periods without a message: a process that was stalled itself first reads what is
 * queued.
 */
const SILENT_BEATS = LEASE_MS / RENEW_MS;

const away = { present: true, state: 'fault', why: 'the media process is not there' } as const;
const nobodyThere: Devices = { camera: away, microphone: away, speaker: away };
const nothing: DesiredMediaState = {
  ...{ kind: 'desired', peers: [], sink: null, camera: false, microphone: false, voice: false },
  ...{ size: '720p', mode: 'normal', volume: 1 },
};

type Refused = 'malformed' | 'tooLong' | 'flood';

interface RemoteMediaParts {
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Rejects while the media process is not there. `onFlood`: more comes than can be read in time.
   */
  readonly connect: (onFlood: () => void) => Promise<Pipe>;
  /** STUN and TURN servers, asked for at each offer. */
  readonly ice: () => Ice;
  /** PEM of further authorities for `turns:` servers. */
  readonly relayCa?: string | undefined;
  /** A message of the media process was refused. */
  readonly onRefused: (reason: Refused) => void;
}

/**
 * The agent's end of the link to the media process: repeats the desired state, passes on reports,
 * and reconnects indefinitely. Any invalid message ends the link and with it every pupil's
 * connection; a pupil in class reconnects as after any lost connection.
 */
export class RemoteMedia implements MediaLoop {
  private pipe: Pipe | undefined;
  /** The newest message of the media process; undefined while it is not connected. */
  private status: Status | undefined;
  private readonly peers = new Map<number, RemotePeer>();
  private opened = 0;
  private desired: DesiredMediaState = nothing;
  private sink: DesiredMedia['sink'];
  private listener: MediaListener | undefined;
  private codeListener: (text: string) => void = () => {};
  private silentBeats = 0;
  private strikes = 0;
  private struckMs = Number.NEGATIVE_INFINITY;
  private timers: Timer[] = [];
  private whenThere: (() => void)[] = [];
  private closed = false;

  constructor(private readonly parts: RemoteMediaParts) {}

  /** Throws while the media process is not there. */
  readonly openPeer: OpenPeer = (events) => {
    if (!this.status) throw new Error(`media: ${away.why}`);
    if (this.peers.size >= MAX_PEERS) throw new Error('media: too many connections');
    this.opened += 1;
    const id = this.opened;
    const { clock, ice } = this.parts;
    const peer: RemotePeer = new RemotePeer({
      ...{ id, clock, ice, events },
      send: (message) => this.send(message),
      onClosed: () => {
        if (this.peers.delete(id)) this.tell();
      },
    });
    this.peers.set(id, peer);
    this.tell();
    return peer;
  };

  start(): void {
    this.timers.push(this.parts.clock.every(RENEW_MS, () => this.beat()));
    void this.connect();
  }

  /** Resolves at the first message of the media process. */
  there(): Promise<void> {
    if (this.status) return Promise.resolve();
    return new Promise((resolve) => this.whenThere.push(resolve));
  }

  get lens(): CameraIntrinsics {
    const { lens } = this.status ?? {};
    if (!lens) return { fx: 1, fy: 1, cx: 0.5, cy: () => 0.5, k1: 0, k2: 0 };
    const { cy } = lens;
    return {
      ...lens,
      cy: ({ height }) => (height === sizes['480p'].height ? cy['480p'] : cy['720p']),
    };
  }

  get devices(): Devices {
    return this.status?.devices ?? nobodyThere;
  }

  broken(): string[] {
    if (!this.status) return ['mediaLost'];
    const { devices, noCodes } = this.status;
    return [...brokenOf(devices), ...(noCodes === undefined ? [] : ['codeReader'])];
  }

  listen(listener: MediaListener): void {
    this.listener = listener;
  }

  onCode(listener: (text: string) => void): void {
    this.codeListener = listener;
  }

  setDesired({ sink, scan = false, ...rest }: DesiredMedia): void {
    this.sink = sink;
    const before = JSON.stringify(this.desired);
    const { scan: _, ...desired } = this.desired;
    this.desired = { ...desired, ...rest, ...(scan && { scan }) };
    if (JSON.stringify(this.present()) !== before) this.tell();
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    const { pipe } = this;
    this.pipe = undefined;
    pipe?.close();
  }

  /** The desired state, with the connections that exist. */
  private present(): DesiredMediaState {
    const peers = [...this.peers.keys()];
    const sink = [...this.peers.values()].find((peer) => peer === this.sink)?.id ?? null;
    return { ...this.desired, peers, sink };
  }

  private tell(): void {
    this.desired = this.present();
    this.send(this.desired);
  }

  private send(message: ToMedia): void {
    this.pipe?.send(JSON.stringify(message));
  }

  private beat(): void {
    if (!this.pipe) return;
    this.send(this.desired);
    this.silentBeats += 1;
    if (this.silentBeats > SILENT_BEATS) this.lose('silent');
  }

  private async connect(): Promise<void> {
    try {
      const pipe = await this.parts.connect(() => this.drop('flood'));
      if (this.closed) pipe.close();
      else this.adopt(pipe);
    } catch (error) {
      this.parts.log.debug({ error: String(error) }, 'media is out of reach; trying again');
      this.retry(RETRY_MS.usual);
    }
  }

  private adopt(pipe: Pipe): void {
    this.pipe = pipe;
    this.silentBeats = 0;
    pipe.onLine((line) => {
      if (pipe === this.pipe) this.receive(line);
    });
    pipe.onClose(() => {
      if (pipe === this.pipe) this.lose('closed');
    });
    this.send({ kind: 'hello', relayCa: this.parts.relayCa ?? '' });
    this.tell();
  }

  private retry(ms: number): void {
    if (!this.closed) this.parts.clock.after(ms, () => void this.connect());
  }

  private receive(line: string | undefined): void {
    const message = line === undefined ? undefined : parseMessage(ToAgent, line);
    if (!message) this.drop(line === undefined ? 'tooLong' : 'malformed');
    else {
      this.silentBeats = 0;
      this.take(message);
    }
  }

  private take(message: ToAgent): void {
    const { kind } = message;
    if (kind === 'status') this.update(message);
    else if (kind === 'heard') this.listener?.onHeard(message.voiceDb, message.roomDb);
    else if (kind === 'cameraDelay') this.listener?.onCameraDelay(message.ms);
    else if (kind === 'code') this.hearCode(message.text);
    // Connections that were closed meanwhile are ignored.
    else this.peers.get(message.peer)?.take(message);
  }

  /** One that was on its way when nobody wanted codes any more is dropped. */
  private hearCode(text: string): void {
    if (this.desired.scan) this.codeListener(text);
  }

  private update(status: Status): void {
    const before = this.status;
    this.status = status;
    if (!before) {
      this.parts.log.info({}, 'linked to the media process');
      for (const resolve of this.whenThere.splice(0)) resolve();
    }
    if (JSON.stringify(told(before)) !== JSON.stringify(told(status))) this.listener?.onDevices();
  }

  /** Asks it to exit, and ignores it from now on. */
  private drop(reason: Refused): void {
    const { clock } = this.parts;
    const now = clock.now();
    this.strikes = now - this.struckMs > REFORMED_MS ? 1 : this.strikes + 1;
    this.struckMs = now;
    this.parts.onRefused(reason);
    this.send({ kind: 'quit' });
    const { pipe } = this;
    this.pipe = undefined;
    // Time for the message to be sent; nothing is read any more.
    clock.after(LAST_WORD_MS, () => pipe?.close());
    this.lose(reason, Math.min(RETRY_MS.longest, RETRY_MS.usual * 2 ** this.strikes));
  }

  private lose(why: string, retryMs: number = RETRY_MS.usual): void {
    const { pipe } = this;
    this.pipe = undefined;
    pipe?.close();
    const wasThere = this.status !== undefined;
    this.status = undefined;
    for (const peer of [...this.peers.values()]) peer.close();
    if (wasThere) {
      this.parts.log.warn({ why }, 'media process lost');
      this.listener?.onDevices();
    }
    this.retry(retryMs);
  }
}

/** What the listener is told the change of. */
function told(status: Status | undefined) {
  return [status?.devices, status?.noCodes];
}
