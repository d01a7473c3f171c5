/**
 * Camera, microphone and speaker of the robot as the session sees them. Drivers: remote-media.ts,
 * which asks the media process, and agent/media/local-media.ts, which is what runs in it.
 */
import type { CameraIntrinsics, MediaState, VideoSize } from '../../hal/ports/media.ts';
import type { RobotState, VoiceMode } from '../wire/control.ts';
import type { Peer } from './peer.ts';

/** Pixels of the picture sizes that a pupil may choose. */
export const sizes: Record<RobotState['picture'], VideoSize> = {
  '480p': { width: 640, height: 480 },
  '720p': { width: 1280, height: 720 },
};

/** What the session asks of the media, as a whole, at each change. */
export interface MediaWanted {
  /** The pupil's connection; undefined when nobody is there. */
  readonly sink: Pick<Peer, 'sendVideo' | 'sendAudio'> | undefined;
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly voice: boolean;
  readonly size: RobotState['picture'];
  readonly mode: VoiceMode;
  /** 0..1 */
  readonly volume: number;
}

export interface MediaListener {
  /** dBFS */
  onHeard(voiceDb: number, roomDb: number): void;
  onCameraDelay(ms: number): void;
  /** A device changed its state; see `devices`. */
  onDevices(): void;
}

export interface DeviceNow {
  readonly present: boolean;
  readonly state: MediaState;
  /** For people, in English, as the driver said it last. */
  readonly why: string;
}

export const deviceNames = ['camera', 'microphone', 'speaker'] as const;
export type Devices = Readonly<Record<(typeof deviceNames)[number], DeviceNow>>;

export interface MediaLoop {
  readonly lens: CameraIntrinsics;
  readonly devices: Devices;
  /** Names of the devices that ought to work and do not. */
  broken(): string[];
  listen(listener: MediaListener): void;
  want(wanted: MediaWanted): void;
  /** 480 samples of the pupil's voice. */
  voice(samples: Int16Array): void;
  /** Resolves when all devices are stopped. */
  close(): Promise<void>;
}
