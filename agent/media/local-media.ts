import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { CameraIntrinsics, MediaHardware, VideoFrame } from '../../hal/ports/media.ts';
import {
  type Devices,
  deviceNames,
  type MediaListener,
  type MediaSettings,
  sizes,
} from '../media-link/media-loop.ts';
import { asItIs, CameraFeed, type FrameTransform } from './camera-feed.ts';
import type { AudioSink, VideoSink } from './media-peer.ts';
import { Sound } from './sound.ts';

interface LocalWanted extends Omit<MediaSettings, 'scan'> {
  /** Gets the camera's pictures, which then go nowhere else. */
  readonly scan?: ((frame: VideoFrame) => void) | undefined;
  /** The pupil's connection; undefined when nobody is there. */
  readonly sink: (VideoSink & AudioSink) | undefined;
}

/** Camera, microphone and speaker between hardware and pupil. */
export class LocalMedia {
  private listener: MediaListener | undefined;
  /** What each device said of its last change. */
  private readonly why = { camera: '', microphone: '', speaker: '' };
  private readonly picture: CameraFeed;
  private readonly sound: Sound;

  constructor(
    private readonly hardware: MediaHardware,
    clock: Clock,
    log: Log,
    /** What each picture goes through before it is encoded. */
    transform: FrameTransform = asItIs,
  ) {
    const { camera, microphone, speaker } = hardware;
    this.picture = new CameraFeed(
      ...([camera, clock, log] as const),
      (ms) => this.listener?.onCameraDelay(ms),
      transform,
    );
    this.sound = new Sound(microphone, speaker, clock, log, (voiceDb, roomDb) =>
      this.listener?.onHeard(voiceDb, roomDb),
    );
    for (const name of deviceNames)
      hardware[name].onState((state, why) => {
        this.why[name] = why;
        const fields = { device: name, state };
        if (state === 'fault') log.warn({ ...fields, why }, 'media device');
        else log.debug(fields, 'media device');
        this.listener?.onDevices();
      });
  }

  get lens(): CameraIntrinsics {
    return this.hardware.camera.intrinsics;
  }

  get devices(): Devices {
    const now = (name: (typeof deviceNames)[number]) => {
      const { present, state } = this.hardware[name];
      return { present, state, why: this.why[name] };
    };
    return { camera: now('camera'), microphone: now('microphone'), speaker: now('speaker') };
  }

  listen(listener: MediaListener): void {
    this.listener = listener;
  }

  want({ sink, camera, microphone, voice, size, mode, volume, scan }: LocalWanted): void {
    this.picture.setDesired({ sink, camera, size: sizes[size], scan });
    this.sound.setDesired({ sink, microphone, voice, mode, volume });
  }

  /** 480 samples of the pupil's voice. */
  voice(samples: Int16Array): void {
    this.sound.voice(samples);
  }

  /** Resolves when all devices are stopped. */
  async close(): Promise<void> {
    await Promise.all([this.picture.close(), this.sound.close()]);
    await this.hardware.close();
  }
}
