/**
 * Camera, microphone and speaker of the robot as the session sees them: remote-media.ts, which asks the
 * media process. What both ends mean alike (settings, devices) is here too.
 */
import type { CameraIntrinsics, MediaState, VideoSize } from '../../hal/ports/media.ts';
import type { RobotState, VoiceMode } from '../wire/control.ts';
import type { Peer } from './peer.ts';

/** Pixels of the picture sizes that a pupil may choose. */
export const sizes: Record<RobotState['picture'], VideoSize> = {
  '480p': { width: 640, height: 480 },
  '720p': { width: 1280, height: 720 },
};

/** What is asked of the devices, whoever sees and hears. */
export interface MediaSettings {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly voice: boolean;
  readonly size: RobotState['picture'];
  readonly mode: VoiceMode;
  /** 0..1 */
  readonly volume: number;
  /** Look for codes in the camera's pictures, which then go nowhere else. */
  readonly scan?: boolean;
}

/** What the session asks of the media, as a whole, at each change. */
export interface DesiredMedia extends MediaSettings {
  /** The pupil's connection; undefined when nobody is there. */
  readonly sink: Peer | undefined;
}

export interface MediaListener {
  /** dBFS */
  onHeard(voiceDb: number, roomDb: number): void;
  onCameraDelay(ms: number): void;
  /** A device changed its state; see `devices`. */
  onDevices(): void;
}

interface DeviceNow {
  readonly present: boolean;
  readonly state: MediaState;
  /** For people, in English, as the driver said it last. */
  readonly why: string;
}

export const deviceNames = ['camera', 'microphone', 'speaker'] as const;
export type Devices = Readonly<Record<(typeof deviceNames)[number], DeviceNow>>;

export function brokenOf(devices: Devices): string[] {
  return deviceNames.filter((name) => devices[name].state === 'fault');
}

export interface MediaLoop {
  readonly lens: CameraIntrinsics;
  readonly devices: Devices;
  /** Names of the devices that ought to work and do not. */
  broken(): string[];
  listen(listener: MediaListener): void;
  /** Told of each code that the camera sees, repeatedly, while `scan` is desired. */
  onCode(listener: (text: string) => void): void;
  setDesired(desired: DesiredMedia): void;
  /** The media process goes dark when it hears no more. */
  close(): void;
}
