import type { Clock } from '../../../hal/ports/clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import type { PeerState } from '../../media-link/peer.ts';
import { native } from '../wrtc.ts';
import { wrtcPeers } from '../wrtc-peer.ts';

/** The robot's peer and a pupil's connection to it, both on the real library. */
export class TestCall {
  /** Of the robot's peer, in order. */
  readonly states: PeerState[] = [];
  /** Texts that the robot's peer received. */
  readonly heard: string[] = [];
  /** Pictures that the pupil received. */
  pictures = 0;
  readonly pc = new native.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  readonly control: RTCDataChannel;
  readonly peer;
  private readonly sinks: { stop(): void }[] = [];

  constructor(clock: Clock) {
    this.peer = wrtcPeers({ servers: () => [], policy: 'all', clock, log: silentLog })({
      onState: (state) => this.states.push(state),
      onMessage: (_channel, text) => this.heard.push(text ?? ''),
      onVoice: () => {},
    });
    this.pc.createDataChannel('look', { ordered: false, maxRetransmits: 0 });
    this.control = this.pc.createDataChannel('control');
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.ontrack = ({ track }) => {
      if (track.kind !== 'video') return;
      const sink = new native.nonstandard.RTCVideoSink(track);
      sink.onframe = () => {
        this.pictures += 1;
      };
      this.sinks.push(sink);
    };
  }

  /** Offers and takes the answer, which it returns; candidates follow. */
  async exchange(options: RTCOfferOptions = {}): Promise<string> {
    const { pc } = this;
    await pc.setLocalDescription(await pc.createOffer(options));
    const answer = await this.peer.answer(pc.localDescription?.sdp ?? '', (candidate) => {
      if (candidate)
        void pc
          .addIceCandidate({ candidate: candidate.candidate, sdpMid: candidate.mid ?? '0' })
          .catch(() => {});
    });
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    return answer;
  }

  close(): void {
    this.peer.close();
    this.pc.close();
    for (const sink of this.sinks) sink.stop();
  }
}
