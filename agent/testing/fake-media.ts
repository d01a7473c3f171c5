import type {
  Camera,
  CameraIntrinsics,
  MediaDevice,
  MediaHardware,
  MediaState,
  Microphone,
  Speaker,
  VideoFrame,
  VideoSize,
} from '../../hal/ports/media.ts';

type StateListener = (state: MediaState, why: string) => void;

class FakeDevice implements MediaDevice {
  present = true;
  state: MediaState = 'idle';
  starts = 0;
  /** While true, `start` rejects. */
  broken = false;
  private readonly listeners = new Set<StateListener>();

  onState(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  become(state: MediaState, why = ''): void {
    this.state = state;
    for (const listener of this.listeners) listener(state, why);
  }

  async stop(): Promise<void> {
    this.become('idle');
  }

  protected begin(): void {
    if (this.broken) throw new Error('device busy');
    this.starts += 1;
    this.become('running');
  }
}

/** 60 degrees wide, no distortion. */
const plainLens: CameraIntrinsics = {
  fx: 0.866,
  fy: 0.866,
  cx: 0.5,
  cy: ({ width, height }) => height / width / 2,
  k1: 0,
  k2: 0,
};

export class FakeCamera extends FakeDevice implements Camera {
  readonly intrinsics = plainLens;
  size: VideoSize | undefined;
  private onFrame: ((frame: VideoFrame) => void) | undefined;

  async start(size: VideoSize, _fps: number, onFrame: (frame: VideoFrame) => void): Promise<void> {
    this.begin();
    this.size = size;
    this.onFrame = onFrame;
  }

  /** Delivers a grey frame, even after `stop`, as a late driver might. */
  shoot(capturedAtMs: number): void {
    const { width, height } = this.size ?? { width: 2, height: 2 };
    const data = new Uint8ClampedArray((width * height * 3) / 2).fill(128);
    this.onFrame?.({ width, height, data, capturedAtMs });
  }
}

class FakeMicrophone extends FakeDevice implements Microphone {
  private onChunk: ((samples: Int16Array, capturedAtMs: number) => void) | undefined;

  async start(onChunk: (samples: Int16Array, capturedAtMs: number) => void): Promise<void> {
    this.begin();
    this.onChunk = onChunk;
  }

  hear(samples: Int16Array): void {
    this.onChunk?.(samples, 0);
  }
}

class FakeSpeaker extends FakeDevice implements Speaker {
  readonly played: Int16Array[] = [];
  volume = 1;

  async start(): Promise<void> {
    this.begin();
  }

  write(samples: Int16Array): void {
    this.played.push(samples.slice());
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }
}

export class FakeMedia implements MediaHardware {
  readonly camera = new FakeCamera();
  readonly microphone = new FakeMicrophone();
  readonly speaker = new FakeSpeaker();
  async close(): Promise<void> {}
}
