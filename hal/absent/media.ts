import { MediaStateTeller } from '../bus/media-state.ts';
import { HardwareFault } from '../ports/fault.ts';
import type {
  Camera,
  CameraIntrinsics,
  MediaHardware,
  Microphone,
  Speaker,
  VideoSize,
} from '../ports/media.ts';

/** Started and stopped like a real one, but nothing ever flows: it waits, and is never at fault. */
class AbsentMedia extends MediaStateTeller {
  readonly present = false;

  async stop(): Promise<void> {
    this.become('idle', 'stopped');
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
  const devices = {
    camera: new AbsentCamera(),
    microphone: new AbsentMicrophone(),
    speaker: new AbsentSpeaker(),
  };
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(devices).map((device) => device.stop()));
  };
  return { ...devices, close };
}
