/** What a call needs of WebRTC beyond its plain use: candidates in time, low delay, channels. */
import type { Candidate } from '../wire/trickle.ts';
import { AccessError } from './api.ts';

/** `undefined`: there are no more. */
export type OnCandidate = (candidate: Candidate | undefined) => void;

/**
 * What this browser finds of its own addresses, for one offer: kept until somebody listens. An offer
 * takes a while to be signed, and on a busy device the relay may be found sooner than that.
 */
export class FoundCandidates {
  private waiting: (Candidate | undefined)[] = [];
  private onCandidate: OnCandidate | undefined;

  /** Before another offer is set: those of the one before are none of its. */
  renew(): void {
    this.waiting = [];
    this.onCandidate = undefined;
  }

  take(candidate: Candidate | undefined): void {
    if (this.onCandidate) this.onCandidate(candidate);
    else this.waiting.push(candidate);
  }

  /** Drops the candidates that the offer already contains. */
  leaveOut(offerSdp: string): void {
    this.waiting = this.waiting.filter((one) => !one || !offerSdp.includes(one.candidate));
  }

  /** Passes on the candidates so far, and later ones as they are found. */
  tell(onCandidate: OnCandidate): void {
    this.onCandidate = onCandidate;
    for (const candidate of this.waiting.splice(0)) onCandidate(candidate);
  }
}

/** Chromium's name before `jitterBufferTarget` was standardised, in seconds. */
interface OldReceiver {
  playoutDelayHint?: number | null;
}

/**
 * Shows the robot's picture as soon as can be: asks for no buffer beyond what the measured jitter
 * calls for (the robot's part is agent/media/outgoing-video.ts). Only for pictures: a sound receiver
 * is left alone, as its buffer is what covers loss. False when the browser has no such setting.
 */
export function receiveWithLowDelay(receiver: RTCRtpReceiver): boolean {
  if (receiver.track.kind !== 'video') return false;
  if ('jitterBufferTarget' in receiver) {
    receiver.jitterBufferTarget = 0;
    return true;
  }
  const old: OldReceiver = receiver;
  if (!('playoutDelayHint' in old)) return false;
  old.playoutDelayHint = 0;
  return true;
}

/** The channel may close between the check and `send`: only that message is lost. */
export function sent(channel: RTCDataChannel, text: string): boolean {
  if (channel.readyState !== 'open') return false;
  try {
    channel.send(text);
    return true;
  } catch {
    return false;
  }
}

export function isOpen(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    if (channel.readyState === 'open') return resolve();
    channel.onopen = () => resolve();
    channel.onerror = () => reject(new AccessError('failed', `channel ${channel.label} failed`));
  });
}
