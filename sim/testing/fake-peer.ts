import type { MediaPeer, MediaPeerEvents, OpenMediaPeer } from '../../agent/media/media-peer.ts';
import {
  type PeerState,
  type PeerStats,
  type Sent,
  unknownStats,
} from '../../agent/media-link/peer.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { VideoFrame } from '../../hal/ports/media.ts';
import type { LinkSetting } from '../network/bad-link.ts';
import { Random } from '../time/random.ts';
import { FakePath } from './fake-path.ts';
import { FakePupil, lumaOf, rmsOf } from './fake-pupil.ts';

/** From the answer's arrival until words can be exchanged, in round trips (ICE, DTLS, SCTP). */
const SETUP_ROUND_TRIPS = 4;
/** As WebRTC has it: silence is a disconnection after 5 s and a failure after 30 s. */
const SILENCE_MS = { disconnected: 5_000, failed: 30_000 };
/** Compressed, for links of limited speed. */
const BYTES = { frame: 6_000, sound: 120 };

interface FakeNetworkOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly link?: LinkSetting;
}

/**
 * Media connections without WebRTC: hands the agent its peers and a scenario the pupils' ends.
 *
 *   const net = new FakeNetwork({ clock, seed });
 *   const call = net.call();                      // a pupil's browser
 *   ... session.offer(visitor, call.pupil.offerSdp) ... call.pupil.accept(answer)
 */
export class FakeNetwork {
  readonly calls: FakeCall[] = [];
  private readonly random: Random;

  constructor(private readonly options: FakeNetworkOptions) {
    this.random = new Random(options.seed);
  }

  /** A pupil's browser that is about to offer. */
  call(
    link: LinkSetting = this.options.link ?? { delayMs: 20, lossRatio: 0, kbps: null },
  ): FakeCall {
    const call = new FakeCall(this.options.clock, this.random, link, this.calls.length);
    this.calls.push(call);
    return call;
  }

  /** What the agent opens its peers with. */
  readonly openPeer: OpenMediaPeer = (events) => new FakePeer(events, this.calls);
}

/** One pupil's connection, both directions of it, from offer to end. */
export class FakeCall {
  readonly pupil: FakePupil;
  readonly answerSdp: string;
  private readonly up: FakePath;
  private readonly down: FakePath;
  private events: MediaPeerEvents | undefined;
  private told: PeerState = 'connecting';
  private channelsOpen = false;
  private over = false;
  private setup: Timer | undefined;
  private silence: Timer[] = [];

  constructor(
    private readonly clock: Clock,
    random: Random,
    private readonly link: LinkSetting,
    id: number,
  ) {
    this.up = new FakePath(clock, () => random.next(), link);
    this.down = new FakePath(clock, () => random.next(), link);
    this.answerSdp = `v=0\r\ns=fake answer ${id}\r\n`;
    this.pupil = new FakePupil(
      clock,
      this.up,
      {
        message: (channel, text, bytes) => {
          if (this.channelsOpen) this.events?.onMessage(channel, text, bytes);
        },
        voice: (samples) => {
          if (this.channelsOpen) this.events?.onVoice(samples);
        },
      },
      `v=0\r\ns=fake offer ${id}\r\n`,
      (answer) => this.accepted(answer),
    );
  }

  /** The network between the two is gone; WebRTC notices after a while. */
  cut(): void {
    this.up.cut();
    this.down.cut();
    this.endSilence();
    this.silence = [
      this.clock.after(SILENCE_MS.disconnected, () => this.disconnected()),
      this.clock.after(SILENCE_MS.failed, () => this.tell('failed')),
    ];
  }

  /** The network is back. A connection that has failed stays failed. */
  restore(): void {
    this.up.restore();
    this.down.restore();
    this.endSilence();
    if (this.told === 'disconnected')
      this.silence = [this.clock.after(2 * this.link.delayMs, () => this.tell('connected'))];
  }

  /** True once the robot has closed its end. */
  get ended(): boolean {
    return this.over;
  }

  /** The robot's end of this call. Everything below is what the agent's peer does. */
  attach(events: MediaPeerEvents): void {
    this.events = events;
  }

  sendText(text: string): Sent {
    if (!this.channelsOpen) return 'notOpen';
    this.down.reliable(() => this.pupil.receive(text));
    return 'sent';
  }

  sendVideo(frame: VideoFrame): void {
    if (!this.channelsOpen) return;
    // The frame's memory is the camera's again on return: only notes travel.
    const { width, height, capturedAtMs } = frame;
    const note = { width, height, capturedAtMs, arrivedAtMs: 0, luma: lumaOf(frame) };
    this.down.lossy(BYTES.frame, () => this.pupil.see(note));
  }

  sendAudio(samples: Int16Array): void {
    if (!this.channelsOpen) return;
    const rms = rmsOf(samples);
    this.down.lossy(BYTES.sound, () => this.pupil.hear(rms));
  }

  stats(): PeerStats {
    if (!this.channelsOpen) return unknownStats;
    const { delayMs, lossRatio } = this.link;
    return { roundTripMs: 2 * delayMs, lossRatio, encodeMs: 5 };
  }

  close(): void {
    if (this.over) return;
    this.tell('closed');
    this.over = true;
    this.channelsOpen = false;
    this.setup?.cancel();
    this.endSilence();
    this.pupil.hush();
  }

  private accepted(answer: string): void {
    if (answer !== this.answerSdp || this.over) return;
    // Setting up needs words both ways: a cut on the way delays it until the network is back.
    this.setup = this.clock.after(2 * this.link.delayMs * SETUP_ROUND_TRIPS, () =>
      this.up.reliable(() => this.connected()),
    );
  }

  private connected(): void {
    if (this.over || this.told === 'failed') return;
    this.channelsOpen = true;
    this.tell('connected');
  }

  private disconnected(): void {
    if (this.told === 'connected') this.tell('disconnected');
  }

  private tell(state: PeerState): void {
    if (this.over || state === this.told) return;
    this.told = state;
    if (state === 'failed') this.channelsOpen = false;
    this.events?.onState(state);
  }

  private endSilence(): void {
    for (const timer of this.silence) timer.cancel();
    this.silence = [];
  }
}

/** The agent's end: finds the call its offer belongs to. */
class FakePeer implements MediaPeer {
  private call: FakeCall | undefined;
  private closed = false;

  constructor(
    private readonly events: MediaPeerEvents,
    private readonly calls: readonly FakeCall[],
  ) {}

  async answer(offerSdp: string): Promise<string> {
    const call = this.calls.find(({ pupil }) => pupil.offerSdp === offerSdp);
    if (!call || this.closed) throw new Error('offer: expected one of a fake pupil');
    this.call = call;
    call.attach(this.events);
    return call.answerSdp;
  }

  /** This network has no addresses. */
  addCandidates(): void {}

  send(text: string): Sent {
    return this.call?.sendText(text) ?? 'notOpen';
  }

  sendVideo(frame: VideoFrame): void {
    this.call?.sendVideo(frame);
  }

  sendAudio(samples: Int16Array): void {
    this.call?.sendAudio(samples);
  }

  async stats(): Promise<PeerStats> {
    return this.call?.stats() ?? unknownStats;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.call) this.call.close();
    else this.events.onState('closed');
  }
}
