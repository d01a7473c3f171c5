import type { VideoFrame } from '../../hal/ports/media.ts';
import type { Candidate } from '../wire/trickle.ts';

/**
 * One media connection to one pupil as the session sees it. Drivers: wrtc-peer.ts (WebRTC), and a
 * fake one in sim/network for scenarios on simulated time.
 */
export interface Peer {
  /**
   * Takes the pupil's offer, returns the answer. With `onCandidate` it does so at once, and says the
   * candidates that are not in the answer as they are found; without, the answer holds those that
   * are found within a second or two. Rejects when the offer is unusable.
   */
  answer(offerSdp: string, onCandidate?: OnCandidate): Promise<string>;
  /** The pupil's further candidates. Never throws; what cannot be used is dropped. */
  addCandidates(candidates: readonly Candidate[]): void;
  /** Sends on the reliable control channel. Never throws: what cannot be sent is dropped. */
  send(text: string): Sent;
  /** Hands a frame to the encoder at once; the memory is free again on return. */
  sendVideo(frame: VideoFrame): void;
  /** 480 samples, 48 kHz mono. */
  sendAudio(samples: Int16Array): void;
  stats(): Promise<PeerStats>;
  close(): void;
}

/** `undefined`: there are no more. */
export type OnCandidate = (candidate: Candidate | undefined) => void;

/** `notOpen`: not connected yet, or not any more. `failed`: it closed under the library's hands. */
export type Sent = 'sent' | 'notOpen' | 'failed';

export type PeerState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface PeerEvents {
  onState(state: PeerState): void;
  /** `bytes` is the message's size; text is undefined for a binary message. */
  onMessage(channel: 'look' | 'control', text: string | undefined, bytes: number): void;
  /** The pupil's voice: 480 samples, 48 kHz mono, each 10 ms while there is a track. */
  onVoice(samples: Int16Array): void;
}

export interface PeerStats {
  readonly roundTripMs: number | undefined;
  readonly videoBitrateBps: number | undefined;
  readonly lossRatio: number | undefined;
  readonly encodeMs: number | undefined;
}

export type OpenPeer = (events: PeerEvents) => Peer;
