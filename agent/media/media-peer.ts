import type { VideoFrame } from '../../hal/ports/media.ts';
import type { Peer, PeerEvents } from '../media-link/peer.ts';

/** Where pictures go. */
export interface VideoSink {
  /** Hands a frame to the encoder at once; the memory is free again on return. */
  sendVideo(frame: VideoFrame): void;
}

/** Where the room's sound goes. */
export interface AudioSink {
  /** 480 samples, 48 kHz mono. */
  sendAudio(samples: Int16Array): void;
}

/**
 * One media connection to one pupil in the media process, where frames and sound are. Drivers:
 * wrtc-peer.ts (WebRTC), and a fake one of the simulator for scenarios on simulated time.
 */
export interface MediaPeer extends Peer, VideoSink, AudioSink {}

export interface MediaPeerEvents extends PeerEvents {
  /** The pupil's voice: 480 samples, 48 kHz mono, each 10 ms while there is a track. */
  onVoice(samples: Int16Array): void;
}

export type OpenMediaPeer = (events: MediaPeerEvents) => MediaPeer;
