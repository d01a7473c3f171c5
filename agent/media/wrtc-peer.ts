import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ, type VideoFrame } from '../../hal/ports/media.ts';
import { agreedOffer, beyondAgreement, type Part } from '../media-link/agreed-media.ts';
import type { OnCandidate, PeerStats, Sent } from '../media-link/peer.ts';
import type { Candidate } from '../wire/trickle.ts';
import { AudioIn } from './audio-in.ts';
import { LocalCandidates } from './local-candidates.ts';
import type { MediaPeer, MediaPeerEvents, OpenMediaPeer } from './media-peer.ts';
import { NativeCalls } from './native-calls.ts';
import { OutgoingVideo } from './outgoing-video.ts';
import { StatsReader } from './peer-stats.ts';
import { type Native, type NativeAudioSink, native } from './wrtc.ts';
import { WrtcChannels } from './wrtc-channels.ts';

interface WrtcParts {
  /** STUN and TURN servers, asked for at each connection: credentials expire. */
  readonly servers: () => readonly RTCIceServer[];
  /** `relay` uses nothing but the servers. */
  readonly policy: RTCIceTransportPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/** `answered`: media is agreed on; not connected yet, or not at the moment. */
type Phase = 'new' | 'answered' | 'connected' | 'closed';

/** Opens connections with the native library, or with what a test passes in its place. */
export function wrtcPeers(parts: WrtcParts, library: Native = native): OpenMediaPeer {
  return (events) => new WrtcPeer(events, parts, library);
}

/**
 * One pupil over WebRTC. The pupil offers: video to be received, one voice, two data channels. The
 * library keeps the process alive until every track, sink and connection is stopped: `close` does.
 */
class WrtcPeer implements MediaPeer {
  private readonly calls: NativeCalls;
  private readonly pc: RTCPeerConnection;
  private readonly channels: WrtcChannels;
  private readonly audioSource: InstanceType<Native['nonstandard']['RTCAudioSource']>;
  private readonly audioTrack: MediaStreamTrack;
  private video: OutgoingVideo | undefined;
  private readonly negotiations = new SerialQueue();
  private readonly statsReader = new StatsReader();
  private audioSink: NativeAudioSink | undefined;
  private phase: Phase = 'new';

  /** Throws when the library takes none of the settings. */
  constructor(
    private readonly events: MediaPeerEvents,
    private readonly parts: WrtcParts,
    private readonly library: Native,
  ) {
    this.calls = new NativeCalls(parts.log, () => this.fail('bug'));
    this.pc = new library.RTCPeerConnection(this.configuration());
    this.audioSource = new library.nonstandard.RTCAudioSource();
    this.audioTrack = this.audioSource.createTrack();
    this.channels = new WrtcChannels(this.calls, parts.clock, {
      onMessage: (channel, text, bytes) => this.events.onMessage(channel, text, bytes),
      onOpen: () => this.reportState(),
      onClosed: () => this.onHangUp(),
      onFlood: () => this.fail('flood'),
    });
    this.attachHandlers();
  }

  private get closed(): boolean {
    return this.phase === 'closed';
  }

  answer(offerSdp: string, onCandidate?: OnCandidate): Promise<string> {
    return this.negotiations.run(() => this.negotiate(offerSdp, onCandidate));
  }

  private async negotiate(offerSdp: string, onCandidate?: OnCandidate): Promise<string> {
    const { pc } = this;
    if (this.closed) throw new Error('WebRTC: closed');
    const agreed = agreedOffer(offerSdp);
    if (!agreed.ok) throw new Error(`offer: ${agreed.why}`);
    const first = this.phase === 'new';
    const prepare = first ? OutgoingVideo.prepare : OutgoingVideo.prepareFurther;
    await pc.setRemoteDescription({ type: 'offer', sdp: prepare(agreed.sdp) });
    if (this.closed) throw new Error('WebRTC: closed while answering');
    if (first) this.addMedia(agreed.has);
    else this.renewServers();
    if (this.phase === 'new') this.phase = 'answered';
    const found = new LocalCandidates(pc, this.parts.clock, this.parts.log, this.calls);
    const answer = await pc.createAnswer();
    const beyond = beyondAgreement(answer.sdp ?? '');
    if (beyond !== undefined) throw new Error(`answer: ${beyond}`);
    await pc.setLocalDescription(answer);
    return onCandidate ? found.early(onCandidate) : found.whole();
  }

  addCandidates(candidates: readonly Candidate[]): void {
    for (const { candidate, mid, line } of candidates) {
      if (this.closed) return;
      const init = { candidate, sdpMid: mid ?? null, sdpMLineIndex: line ?? null };
      void this.calls.wait('candidate', () => this.pc.addIceCandidate(init));
    }
  }

  send(text: string): Sent {
    return this.channels.send(text);
  }

  sendVideo(frame: VideoFrame): void {
    this.video?.send(frame);
  }

  sendAudio(samples: Int16Array): void {
    if (this.closed) return;
    // The library looks at the whole buffer behind the samples, and throws when there is more in it.
    const alone = samples.byteLength === samples.buffer.byteLength;
    this.calls.call('sound', () =>
      this.audioSource.onData({
        samples: alone ? samples : samples.slice(),
        sampleRate: SAMPLE_RATE_HZ,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: CHUNK_SAMPLES,
      }),
    );
  }

  async stats(): Promise<PeerStats> {
    const report = this.closed
      ? undefined
      : await this.calls.wait('statistics', () => this.pc.getStats());
    return this.statsReader.read(report?.ok ? report.value.values() : []);
  }

  close(): void {
    if (this.closed) return;
    this.release();
    this.events.onState('closed');
  }

  /** This connection is in an unknown state and is closed; the others go on. */
  private fail(why: 'bug' | 'flood'): void {
    if (this.closed) return;
    this.parts.log.warn({ why }, 'media connection closed');
    this.release();
    this.events.onState('failed');
  }

  private release(): void {
    const { calls, audioSink } = this;
    this.phase = 'closed';
    if (audioSink) calls.call('stop listening', () => audioSink.stop());
    this.video?.close();
    calls.call('stop the sound', () => this.audioTrack.stop());
    this.channels.close();
    calls.call('close', () => this.pc.close());
  }

  private configuration(): RTCConfiguration {
    const { servers, policy } = this.parts;
    return {
      bundlePolicy: 'max-bundle',
      iceServers: [...servers()],
      iceTransportPolicy: policy,
    };
  }

  /** Credentials of a while ago may have expired. */
  private renewServers(): void {
    this.calls.call('servers', () => this.pc.setConfiguration(this.configuration()));
  }

  private addMedia(has: ReadonlySet<Part>): void {
    const { pc, library, parts } = this;
    const { MediaStream } = library;
    const { RTCVideoSource } = library.nonstandard;
    if (has.has('video'))
      this.video = new OutgoingVideo(
        pc,
        { RTCVideoSource, MediaStream, inTurn: (act) => this.negotiations.run(act) },
        ...([parts.clock, parts.log] as const),
      );
    // A stream of its own: browsers hold pictures back to keep step with sound of the same stream.
    if (has.has('audio')) pc.addTrack(this.audioTrack, new MediaStream([this.audioTrack]));
  }

  private attachHandlers(): void {
    const { calls, pc } = this;
    pc.ontrack = calls.callback('track', ({ track }: RTCTrackEvent) => this.receiveAudio(track));
    pc.ondatachannel = calls.callback('channel', ({ channel }: RTCDataChannelEvent) =>
      this.channels.adopt(channel),
    );
    pc.onconnectionstatechange = calls.callback('connection state', () => this.reportState());
  }

  private receiveAudio(track: MediaStreamTrack): void {
    // One voice track; further ones are ignored.
    if (track.kind !== 'audio' || this.audioSink || this.closed) return;
    const input = new AudioIn();
    const { RTCAudioSink } = this.library.nonstandard;
    const sink = this.calls.call('listen', () => new RTCAudioSink(track));
    if (!sink.ok) return;
    this.audioSink = sink.value;
    this.audioSink.ondata = this.calls.callback('voice', (sound) => {
      const samples = this.closed ? undefined : input.take(sound);
      if (samples) this.events.onVoice(samples);
    });
  }

  /** A page that is closed takes its channels with it, long before the transport is missed. */
  private onHangUp(): void {
    if (this.phase !== 'connected') return;
    this.phase = 'answered';
    this.events.onState('disconnected');
  }

  /** `connected` is reported once the channel is open too: the state sent then must not be lost. */
  private reportState(): void {
    if (this.closed) return;
    const found = this.calls.call('connection state', () => this.pc.connectionState);
    const state: RTCPeerConnectionState = found.ok ? found.value : 'failed';
    if (state === 'new' || state === 'connecting') return;
    if (state === 'connected') {
      if (this.phase === 'connected' || !this.channels.isOpen) return;
      this.phase = 'connected';
    } else if (this.phase === 'connected') this.phase = 'answered';
    this.events.onState(state);
  }
}
