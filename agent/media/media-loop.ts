import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { CameraIntrinsics, MediaHardware, MediaState } from '../../hal/ports/media.ts';
import type { Health } from '../model/health.ts';
import type { RobotState, VoiceMode } from '../wire/control.ts';
import type { Peer } from './peer.ts';
import { Picture } from './picture.ts';
import { sizes } from './sizes.ts';
import { Sound } from './sound.ts';

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

interface DeviceNow {
  readonly present: boolean;
  readonly state: MediaState;
}

const deviceNames = ['camera', 'microphone', 'speaker'] as const;

/** Camera, microphone and speaker between hardware and pupil. */
export class MediaLoop {
  private listener: MediaListener | undefined;
  /** What each device said of its last change. */
  private readonly why = { camera: '', microphone: '', speaker: '' };
  private readonly picture: Picture;
  private readonly sound: Sound;

  constructor(
    private readonly hardware: MediaHardware,
    clock: Clock,
    log: Log,
  ) {
    const { camera, microphone, speaker } = hardware;
    this.picture = new Picture(camera, clock, log, (ms) => this.listener?.onCameraDelay(ms));
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

  get devices(): { camera: DeviceNow; microphone: DeviceNow; speaker: DeviceNow } {
    return this.hardware;
  }

  /** For staff tools. */
  get health(): Pick<Health, (typeof deviceNames)[number]> {
    const { camera, microphone, speaker } = this.hardware;
    const healthOf = ({ present, state }: DeviceNow, why: string) => ({ present, state, why });
    return {
      camera: healthOf(camera, this.why.camera),
      microphone: healthOf(microphone, this.why.microphone),
      speaker: healthOf(speaker, this.why.speaker),
    };
  }

  /** Names of the devices that ought to work and do not. */
  broken(): string[] {
    return deviceNames.filter((name) => this.hardware[name].state === 'fault');
  }

  listen(listener: MediaListener): void {
    this.listener = listener;
  }

  want({ sink, camera, microphone, voice, size, mode, volume }: MediaWanted): void {
    this.picture.want({ sink, camera, size: sizes[size] });
    this.sound.want({ sink, microphone, voice, mode, volume });
  }

  /** 480 samples of the pupil's voice. */
  voice(samples: Int16Array): void {
    this.sound.voice(samples);
  }

  async close(): Promise<void> {
    await Promise.all([this.picture.close(), this.sound.close()]);
    await this.hardware.close();
  }
}
