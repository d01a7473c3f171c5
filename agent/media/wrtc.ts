/**
 * The native WebRTC library, in the few types that are used of it. It is loaded here and nowhere
 * else; its own type file leaves the events of sinks untyped.
 */
import wrtc from '@roamhq/wrtc';
import type { VideoParts } from './outgoing-video.ts';

/** I420. */
interface NativeFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** 10 ms of sound; stereo is interleaved. */
export interface NativeSound {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channelCount: number;
  readonly numberOfFrames: number;
  readonly bitsPerSample: number;
}

interface NativeAudioSource {
  createTrack(): MediaStreamTrack;
  /** Copies the sound before it returns. */
  onData(sound: NativeSound): void;
}

export interface NativeAudioSink {
  ondata: ((sound: NativeSound) => void) | null;
  stop(): void;
}

export interface NativeVideoSink {
  onframe: ((event: { frame: NativeFrame }) => void) | null;
  stop(): void;
}

export interface Native {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly MediaStream: typeof MediaStream;
  readonly nonstandard: {
    readonly RTCVideoSource: VideoParts['RTCVideoSource'];
    readonly RTCAudioSource: new () => NativeAudioSource;
    readonly RTCAudioSink: new (track: MediaStreamTrack) => NativeAudioSink;
    readonly RTCVideoSink: new (track: MediaStreamTrack) => NativeVideoSink;
  };
}

export const native: Native = wrtc as unknown as Native;
