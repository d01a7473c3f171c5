import type { Pipe } from '../../firmware/link/pipe.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { MediaHardware, VideoFrame } from '../../hal/ports/media.ts';
import { sizes } from '../media-link/media-loop.ts';
import type { OnCandidate } from '../media-link/peer.ts';
import {
  type DesiredMediaState,
  type Ice,
  LEASE_MS,
  parseMessage,
  RENEW_MS,
  type ToAgent,
  ToMedia,
} from '../media-link/schema.ts';
import { MAX_CONTROL_BYTES } from '../wire/limits.ts';
import { asItIs, type FrameTransform } from './camera-feed.ts';
import { CodeScanner } from './code-scanner.ts';
import type { CodeDecoder } from './code-thread.ts';
import { LocalMedia } from './local-media.ts';
import type { MediaPeer, MediaPeerEvents } from './media-peer.ts';

interface MediaServiceParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly hardware: MediaHardware;
  /** Opens a connection; `ice` is asked whenever it needs servers. */
  readonly openPeer: (events: MediaPeerEvents, ice: () => Ice) => MediaPeer;
  /** Servers as the library is to be told of them; `relayCa` is PEM. */
  readonly reach: (servers: Ice['servers'], relayCa: string) => Promise<Ice['servers']>;
  /** What each picture goes through before it is encoded. */
  readonly transform?: FrameTransform;
  /** Reads codes in pictures. */
  readonly decoder: CodeDecoder;
  /** The agent wants a fresh process. */
  readonly onQuit: () => void;
}

interface Open {
  readonly peer: MediaPeer;
  readonly settings: { ice: Ice };
}

type Order<K extends ToMedia['kind']> = Extract<ToMedia, { kind: K }>;

const dark: Pick<DesiredMediaState, 'peers' | 'sink' | 'camera' | 'microphone' | 'voice'> = {
  ...{ peers: [], sink: null, camera: false, microphone: false, voice: false },
};

/**
 * Runs devices and connections as the agent desires, under a lease: when the lease expires or the
 * link closes, every connection is closed and every device stopped.
 */
export class MediaService {
  private readonly media: LocalMedia;
  private readonly scanner: CodeScanner;
  private readonly scan = (frame: VideoFrame): void => this.scanner.take(frame);
  private noCodes: string | undefined;
  private agent: Pipe | undefined;
  private relayCa = '';
  private readonly peers = new Map<number, Open>();
  private desired: DesiredMediaState;
  private lease: Timer | undefined;
  private readonly beat: Timer;

  constructor(private readonly parts: MediaServiceParts) {
    const { hardware, clock, log, decoder, transform = asItIs } = parts;
    this.desired = { kind: 'desired', ...dark, size: '720p', mode: 'normal', volume: 1 };
    this.media = new LocalMedia(hardware, clock, log, transform);
    this.media.listen({
      onHeard: (voiceDb, roomDb) => this.send({ kind: 'heard', voiceDb, roomDb }),
      onCameraDelay: (ms) => this.send({ kind: 'cameraDelay', ms }),
      onDevices: () => this.tellStatus(),
    });
    this.scanner = new CodeScanner({
      ...{ clock, log, decoder },
      onCode: (text) => this.send({ kind: 'code', text }),
      onFault: (why) => {
        this.noCodes = why?.slice(0, 300);
        this.tellStatus();
      },
    });
    this.beat = clock.every(RENEW_MS, () => this.tellStatus());
  }

  /** The sender of `hello` is the agent from then on: a new one replaces one that is exiting. */
  attach(pipe: Pipe): void {
    const late = this.parts.clock.after(LEASE_MS, () => pipe.close());
    pipe.onClose(() => {
      late.cancel();
      if (pipe === this.agent) this.leave('the agent is gone');
    });
    pipe.onLine((line) => {
      const order = line === undefined ? undefined : parseMessage(ToMedia, line);
      if (order?.kind === 'hello') {
        late.cancel();
        this.adopt(pipe, order);
      } else if (order && pipe === this.agent) this.obey(order);
      else {
        this.parts.log.warn({ read: line !== undefined }, 'not a word of the agent: cut off');
        pipe.close();
      }
    });
  }

  async close(): Promise<void> {
    this.beat.cancel();
    this.scanner.set(false);
    this.agent?.close();
    await this.media.close();
  }

  private adopt(pipe: Pipe, { relayCa }: Order<'hello'>): void {
    const before = this.agent;
    if (before && before !== pipe) {
      this.leave('another agent is here');
      before.close();
    }
    this.agent = pipe;
    this.relayCa = relayCa;
    this.parts.log.info({}, 'linked to the agent');
    this.renew();
    this.tellStatus();
  }

  private leave(why: string): void {
    this.agent = undefined;
    this.lease?.cancel();
    this.goDark(why);
  }

  private renew(): void {
    this.lease?.cancel();
    this.lease = this.parts.clock.after(LEASE_MS, () => this.goDark('no word from the agent'));
  }

  private goDark(why: string): void {
    if (this.peers.size > 0) this.parts.log.warn({ why }, 'media goes dark');
    const { scan: _, ...desired } = this.desired;
    this.apply({ ...desired, ...dark });
  }

  private obey(order: ToMedia): void {
    switch (order.kind) {
      case 'desired':
        this.renew();
        this.apply(order);
        break;
      case 'offer':
        void this.answer(order);
        break;
      case 'candidates':
        this.peers.get(order.peer)?.peer.addCandidates(order.candidates);
        break;
      case 'say':
        this.peers.get(order.peer)?.peer.send(order.text);
        break;
      case 'measure':
        void this.measure(order);
        break;
      case 'quit':
        this.parts.onQuit();
        break;
      case 'hello':
        break;
    }
  }

  private apply(desired: DesiredMediaState): void {
    this.desired = desired;
    const { sink, microphone, voice, size, mode, volume } = desired;
    const peer = sink === null ? undefined : this.peers.get(sink)?.peer;
    const scan = mayScan(desired);
    const camera = desired.camera && (scan || !desired.scan);
    const settings = { sink: peer, camera, microphone, voice, size, mode, volume };
    this.scanner.set(scan && camera);
    // Devices first: a connection that is closed below sends nothing any more.
    this.media.want({ ...settings, scan: scan ? this.scan : undefined });
    for (const [id, open] of [...this.peers]) if (!desired.peers.includes(id)) this.end(id, open);
  }

  private end(id: number, { peer }: Open): void {
    this.peers.delete(id);
    peer.close();
    this.send({ kind: 'state', peer: id, state: 'closed' });
  }

  private async answer({ peer, call, sdp, trickle, ice }: Order<'offer'>): Promise<void> {
    const { agent } = this;
    try {
      const servers = await this.parts.reach(ice.servers, this.relayCa);
      // The lease may have expired meanwhile.
      if (agent !== this.agent || !this.desired.peers.includes(peer))
        throw new Error('media: not desired any more');
      const open = this.open(peer, { ...ice, servers });
      const onCandidate: OnCandidate = (candidate) =>
        this.send({ kind: 'candidate', peer, call, candidate: candidate ?? null });
      const answer = await open.answer(sdp, trickle ? onCandidate : undefined);
      if (agent === this.agent) this.send({ kind: 'answer', peer, call, sdp: answer });
    } catch (error) {
      const why = String(error instanceof Error ? error.message : error).slice(0, 300);
      if (agent === this.agent) this.send({ kind: 'failed', peer, call, why });
    }
  }

  private open(id: number, ice: Ice): MediaPeer {
    const there = this.peers.get(id);
    if (there) {
      there.settings.ice = ice;
      return there.peer;
    }
    const settings = { ice };
    const peer = this.parts.openPeer(this.eventsOf(id), () => settings.ice);
    this.peers.set(id, { peer, settings });
    return peer;
  }

  private eventsOf(id: number): MediaPeerEvents {
    return {
      onState: (state) => {
        if (this.peers.has(id)) this.send({ kind: 'state', peer: id, state });
      },
      onMessage: (channel, said, bytes) => {
        const text = bytes > MAX_CONTROL_BYTES ? null : (said ?? null);
        if (this.peers.has(id)) this.send({ kind: 'message', peer: id, channel, text, bytes });
      },
      onVoice: (samples) => {
        if (this.desired.sink === id) this.media.voice(samples);
      },
    };
  }

  private async measure({ peer, call }: Order<'measure'>): Promise<void> {
    const { agent } = this;
    const stats = await this.peers.get(peer)?.peer.stats();
    if (agent !== this.agent) return;
    this.send({
      ...{ kind: 'measured', peer, call },
      roundTripMs: stats?.roundTripMs ?? null,
      lossRatio: stats?.lossRatio ?? null,
      encodeMs: stats?.encodeMs ?? null,
    });
  }

  private tellStatus(): void {
    const { devices, lens } = this.media;
    const { fx, fy, cx, k1, k2 } = lens;
    const cy = { '480p': lens.cy(sizes['480p']), '720p': lens.cy(sizes['720p']) };
    const short = (name: keyof typeof devices) => {
      const { present, state, why } = devices[name];
      return { present, state, why: why.slice(0, 300) };
    };
    this.send({
      kind: 'status',
      devices: {
        camera: short('camera'),
        microphone: short('microphone'),
        speaker: short('speaker'),
      },
      lens: { fx, fy, cx, cy, k1, k2 },
      ...(this.noCodes !== undefined && { noCodes: this.noCodes }),
    });
  }

  private send(message: ToAgent): void {
    this.agent?.send(JSON.stringify(message));
  }
}

/** Codes are looked for where nobody could be shown the pictures, and nothing is heard or said. */
function mayScan({ scan = false, sink, peers, microphone, voice }: DesiredMediaState): boolean {
  return scan && sink === null && peers.length === 0 && !microphone && !voice;
}
