import { HardwareFault } from '../ports/fault.ts';
import type {
  Camera,
  CameraIntrinsics,
  MediaDevice,
  MediaHardware,
  MediaState,
  Microphone,
  Speaker,
  VideoSize,
} from '../ports/media.ts';

/** Started and stopped like a real one, but nothing ever flows: it waits, and is never at fault. */
class AbsentMedia implements MediaDevice {
  readonly present = false;
  private current: MediaState = 'idle';
  private readonly listeners = new Set<(state: MediaState, why: string) => void>();

  get state(): MediaState {
    return this.current;
  }

  onState(listener: (state: MediaState, why: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.become('idle', 'stopped');
  }

  protected become(state: MediaState, why: string): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.listeners) listener(state, why);
  }
}

/** A lens of nothing: 53 degrees wide, no distortion. */
const intrinsics: CameraIntrinsics = {
  fx: 1,
  fy: 1,
  cx: 0.5,
  cy: (size: VideoSize) => size.height / size.width / 2,
  k1: 0,
  k2: 0,
};

class AbsentCamera extends AbsentMedia implements Camera {
  readonly intrinsics = intrinsics;

  async start(size: VideoSize, fps: number): Promise<void> {
    const possible = [size.width, size.height].every((side) => side > 0 && side % 2 === 0);
    if (!possible || !(fps > 0))
      throw new HardwareFault(
        'badData',
        'camera (absent)',
        `${size.width}x${size.height} at ${fps}/s, expected even sides and more than 0 frames/s`,
      );
    this.become('waiting', 'this board has no camera');
  }
}

class AbsentMicrophone extends AbsentMedia implements Microphone {
  async start(): Promise<void> {
    this.become('waiting', 'this board has no microphone');
  }
}

class AbsentSpeaker extends AbsentMedia implements Speaker {
  async start(): Promise<void> {
    this.become('waiting', 'this board has no speaker');
  }
  write(): void {}
  setVolume(): void {}
}

/** A board that neither sees, hears nor speaks. */
export function openAbsentMedia(): MediaHardware {
  const camera = new AbsentCamera();
  const microphone = new AbsentMicrophone();
  const speaker = new AbsentSpeaker();
  return {
    camera,
    microphone,
    speaker,
    close: async () => {
      await Promise.all([camera.stop(), microphone.stop(), speaker.stop()]);
    },
  };
}
