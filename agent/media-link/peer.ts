import type { Candidate } from '../wire/trickle.ts';

/**
 * One media connection to one pupil as the agent has it: words, no frames and no sound
 * (remote-peer.ts). What the media process needs more is in agent/media/media-peer.ts.
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
}

export interface PeerStats {
  readonly roundTripMs: number | undefined;
  readonly lossRatio: number | undefined;
  readonly encodeMs: number | undefined;
}

/** Of a connection that has measured nothing yet. */
export const unknownStats: PeerStats = {
  roundTripMs: undefined,
  lossRatio: undefined,
  encodeMs: undefined,
};

export type OpenPeer = (events: PeerEvents) => Peer;
