import type { VideoFrame } from '../../hal/ports/media.ts';
import type { MediaPeer, MediaPeerEvents, OpenMediaPeer } from '../media/media-peer.ts';
import {
  type OnCandidate,
  type PeerState,
  type PeerStats,
  type Sent,
  unknownStats,
} from '../media-link/peer.ts';
import { RobotMessage } from '../wire/control.ts';
import type { Candidate } from '../wire/trickle.ts';

/** The other end of a connection, controlled by a test. */
export class FakePeer implements MediaPeer {
  readonly sent: RobotMessage[] = [];
  readonly frames: { width: number; height: number; black: boolean; atMs: number }[] = [];
  audioChunks = 0;
  /** The pupil's candidates that came after the offer. */
  readonly candidates: Candidate[] = [];
  /** Reports a candidate of the robot. */
  found: OnCandidate = () => {};
  closed = false;
  private seq = 0;

  constructor(private readonly events: MediaPeerEvents) {}

  async answer(offerSdp: string, onCandidate?: OnCandidate): Promise<string> {
    this.found = onCandidate ?? (() => {});
    if (offerSdp.startsWith('bad')) throw new Error('SDP: expected v=0');
    return `answer to ${offerSdp}`;
  }

  addCandidates(candidates: readonly Candidate[]): void {
    this.candidates.push(...candidates);
  }

  send(text: string): Sent {
    if (this.closed) return 'notOpen';
    this.sent.push(RobotMessage.parse(JSON.parse(text)));
    return 'sent';
  }

  sendVideo({ width, height, data, capturedAtMs }: VideoFrame): void {
    if (this.closed) return;
    this.frames.push({ width, height, black: data[0] === 16, atMs: capturedAtMs });
  }

  sendAudio(): void {
    if (!this.closed) this.audioChunks += 1;
  }

  async stats(): Promise<PeerStats> {
    return unknownStats;
  }

  close(): void {
    this.closed = true;
  }

  become(state: PeerState): void {
    this.events.onState(state);
  }

  /** The pupil's page sends a command; `seq` increments unless given. */
  say(command: { kind: string; seq?: number; [field: string]: unknown }): void {
    const channel = command.kind === 'look' || command.kind === 'lookRate' ? 'look' : 'control';
    this.raw(channel, JSON.stringify({ seq: this.seq++, ...command }));
  }

  raw(channel: 'look' | 'control', text: string | undefined): void {
    this.events.onMessage(channel, text, Buffer.byteLength(text ?? '', 'utf8'));
  }

  speak(samples: Int16Array): void {
    this.events.onVoice(samples);
  }

  last<K extends RobotMessage['kind']>(kind: K): Extract<RobotMessage, { kind: K }> | undefined {
    const found = this.sent.findLast((message) => message.kind === kind);
    return found as Extract<RobotMessage, { kind: K }> | undefined;
  }
}

/** Opens fake peers and keeps them, oldest first. */
export function fakePeers(): { open: OpenMediaPeer; peers: FakePeer[] } {
  const peers: FakePeer[] = [];
  const open: OpenMediaPeer = (events) => {
    const peer = new FakePeer(events);
    peers.push(peer);
    return peer;
  };
  return { open, peers };
}
