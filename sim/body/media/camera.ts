/** The simulated camera: power, plug and states; the pictures come from a FrameSource. */
import type { Camera, VideoFrame, VideoSize } from '../../../hal/ports/media.ts';
import { expectPossible } from '../../../hal/ports/video-limits.ts';
import { simulatedLens } from '../../classroom/lens.ts';
import type { WorldPort } from '../../world/schema.ts';
import type { FrameSource } from './camera-frames.ts';
import { DeviceState, headMotionAt } from './device-state.ts';

export class SimulatedCamera implements Camera {
  readonly present = true;
  readonly intrinsics = simulatedLens;
  private readonly device: DeviceState;
  private started = false;
  /** The source of pictures failed since the last one. */
  private broken = false;
  private readonly stopListening: () => void;

  constructor(
    private readonly world: WorldPort,
    private readonly frames: FrameSource,
  ) {
    this.device = new DeviceState(world, {
      line: 'cameraRail',
      unplugged: 'cameraUnplugged',
      why: 'the camera is unplugged: check its cable',
    });
    this.stopListening = world.onState(() => {
      if (this.started) this.powered();
    });
  }

  get state() {
    return this.device.current;
  }

  onState(listener: Parameters<Camera['onState']>[0]): () => void {
    return this.device.onState(listener);
  }

  async start(size: VideoSize, fps: number, onFrame: (frame: VideoFrame) => void): Promise<void> {
    expectPossible('simulated camera', size, fps);
    this.started = true;
    this.broken = false;
    this.device.become('waiting');
    this.powered();
    this.frames.start({
      size: { width: size.width, height: size.height },
      fps,
      powered: () => this.powered(),
      head: (atMs) => headMotionAt(this.world.latest, atMs),
      code: () => this.world.latest?.code ?? null,
      onFailure: (why) => {
        this.broken = true;
        this.device.become('fault', why);
      },
      onFrame: (frame) => {
        this.broken = false;
        this.device.become('running');
        onFrame(frame);
      },
    });
  }

  async stop(): Promise<void> {
    this.started = false;
    this.frames.stop();
    this.device.become('idle');
  }

  async close(): Promise<void> {
    await this.stop();
    this.stopListening();
    await this.frames.close();
  }

  /** Also brings the state in line with the world. */
  private powered(): boolean {
    return this.device.works(this.broken);
  }
}
