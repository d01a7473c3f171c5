import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ, type VideoFrame } from '../../hal/ports/media.ts';
import { CONTROL_CHANNEL, LOOK_CHANNEL } from '../wire/control.ts';
import { AudioIn } from './audio-in.ts';
import { OutgoingVideo } from './outgoing-video.ts';
import type { OpenPeer, Peer, PeerEvents, PeerStats } from './peer.ts';
import { StatsReader } from './peer-stats.ts';
import { type NativeAudioSink, native } from './wrtc.ts';

/** Relays for networks that let nothing else through; none are needed on an open one. */
export interface IceSettings {
  readonly servers: readonly RTCIceServer[];
  /** `relay` uses nothing but the servers. */
  readonly policy: RTCIceTransportPolicy;
}

const videoParts = {
  RTCVideoSource: native.nonstandard.RTCVideoSource,
  MediaStream: native.MediaStream,
};

export interface WrtcParts {
  readonly ice: IceSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens connections with the native library. */
export function wrtcPeers(parts: WrtcParts): OpenPeer {
  return (events) => new WrtcPeer(events, parts);
}

/**
 * One pupil over WebRTC. The pupil offers: video to be received, one voice, two data channels. The
 * library keeps the process alive until every track, sink and connection is stopped: `close` does.
 */
class WrtcPeer implements Peer {
  private readonly pc: RTCPeerConnection;
  private readonly audio = new native.nonstandard.RTCAudioSource();
  private readonly audioTrack = this.audio.createTrack();
  private video: OutgoingVideo | undefined;
  private readonly statsReader = new StatsReader();
  private control: RTCDataChannel | undefined;
  private look: RTCDataChannel | undefined;
  private ears: NativeAudioSink | undefined;
  private connected = false;
  private closed = false;

  constructor(
    private readonly events: PeerEvents,
    private readonly parts: WrtcParts,
  ) {
    const { servers, policy } = parts.ice;
    this.pc = new native.RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers: [...servers],
      iceTransportPolicy: policy,
    });
    this.pc.ontrack = ({ track }) => this.listenTo(track);
    this.pc.ondatachannel = ({ channel }) => this.adopt(channel);
    this.pc.onconnectionstatechange = () => this.tellState();
  }

  async answer(offerSdp: string): Promise<string> {
    const { pc } = this;
    await pc.setRemoteDescription({ type: 'offer', sdp: OutgoingVideo.prepare(offerSdp) });
    if (this.closed) throw new Error('WebRTC: closed while answering');
    this.video = new OutgoingVideo(pc, videoParts, this.parts.clock, this.parts.log);
    // A stream of its own: browsers hold pictures back to keep step with sound of the same stream.
    pc.addTrack(this.audioTrack, new native.MediaStream([this.audioTrack]));
    await pc.setLocalDescription(await pc.createAnswer());
    await this.gathered();
    const sdp = pc.localDescription?.sdp;
    if (!sdp) throw new Error('WebRTC: expected a local description after answering');
    return sdp;
  }

  send(text: string): void {
    if (this.control?.readyState === 'open') this.control.send(text);
  }

  sendVideo(frame: VideoFrame): void {
    this.video?.send(frame);
  }

  sendAudio(samples: Int16Array): void {
    if (this.closed) return;
    // The library looks at the whole buffer behind the samples, and throws when there is more in it.
    const alone = samples.byteLength === samples.buffer.byteLength;
    this.audio.onData({
      samples: alone ? samples : samples.slice(),
      sampleRate: SAMPLE_RATE_HZ,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: CHUNK_SAMPLES,
    });
  }

  async stats(): Promise<PeerStats> {
    const report = await this.pc.getStats();
    return this.statsReader.read(report.values());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.ears?.stop();
    this.video?.close();
    this.audioTrack.stop();
    this.control?.close();
    this.look?.close();
    this.pc.close();
    this.events.onState('closed');
  }

  private listenTo(track: MediaStreamTrack): void {
    // One voice; a second track is no second pupil.
    if (track.kind !== 'audio' || this.ears || this.closed) return;
    const input = new AudioIn();
    this.ears = new native.nonstandard.RTCAudioSink(track);
    this.ears.ondata = (sound) => {
      const samples = this.closed ? undefined : input.take(sound);
      if (samples) this.events.onVoice(samples);
    };
  }

  private adopt(channel: RTCDataChannel): void {
    const { label } = channel;
    const known = label === LOOK_CHANNEL || label === CONTROL_CHANNEL;
    if (this.closed || !known || this[label]) {
      channel.close();
      return;
    }
    this[label] = channel;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.tellState();
    channel.onclose = () => this.hangUp(label);
    channel.onmessage = ({ data }) => this.receive(label, data);
    this.tellState();
  }

  /** A page that is closed takes its channels with it, long before the transport is missed. */
  private hangUp(label: 'look' | 'control'): void {
    if (this.closed || label !== CONTROL_CHANNEL || !this.connected) return;
    this.connected = false;
    this.events.onState('disconnected');
  }

  private receive(channel: 'look' | 'control', data: unknown): void {
    if (this.closed) return;
    if (typeof data === 'string')
      this.events.onMessage(channel, data, Buffer.byteLength(data, 'utf8'));
    else if (data instanceof ArrayBuffer)
      this.events.onMessage(channel, undefined, data.byteLength);
  }

  /** `connected` is said when words can be exchanged too: the state sent then must not be lost. */
  private tellState(): void {
    if (this.closed) return;
    const state = this.pc.connectionState;
    if (state === 'new' || state === 'connecting') return;
    if (state === 'connected' && (this.connected || this.control?.readyState !== 'open')) return;
    this.connected = state === 'connected';
    this.events.onState(state);
  }

  private gathered(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.pc.iceGatheringState === 'complete') resolve();
      };
      this.pc.onicegatheringstatechange = look;
      look();
    });
  }
}
