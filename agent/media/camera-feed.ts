import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Camera, VideoFrame, VideoSize } from '../../hal/ports/media.ts';
import { DeviceReconciler } from './device-reconciler.ts';
import type { VideoSink } from './media-peer.ts';

const FRAMES_PER_S = 30;
/** Black is sent when the camera has given no frame for this long: never a stale picture. */
const STALLED_MS = 1_000;
/** Black frames right after the camera went: several, as one may be lost on the way. */
const BLACK_AT_ONCE = 4;
const BLACK_PERIOD_MS = 40;
/** Then one a second, for a pupil who comes back meanwhile. */
const BLACK_IDLE_MS = 1_000;
const DELAY_PERIOD_MS = 1_000;

interface DesiredPicture {
  readonly sink: VideoSink | undefined;
  readonly camera: boolean;
  readonly size: VideoSize;
  /** Gets the pictures instead of `sink`. Its memory is the camera's once it returns. */
  readonly scan?: ((frame: VideoFrame) => void) | undefined;
}

/**
 * Applied to each frame between camera and encoder, within the camera's callback: blurring faces,
 * for instance. May change the frame's memory or return other memory of its own, which it may use
 * again at the next call. Undefined, or an exception: the frame is dropped.
 */
export type FrameTransform = (frame: VideoFrame) => VideoFrame | undefined;

export const asItIs: FrameTransform = (frame) => frame;

/**
 * Camera to pupil. A frame goes to the encoder within the camera's callback or is dropped: nothing
 * is queued or copied. When the camera is off or fails, the pupil sees black.
 */
export class CameraFeed {
  private desired: DesiredPicture | undefined;
  private readonly reconciler: DeviceReconciler<VideoSize>;
  private lastFrameMs = Number.NEGATIVE_INFINITY;
  private lastBlackMs = Number.NEGATIVE_INFINITY;
  private blackLeft = 0;
  private black: VideoFrame | undefined;
  private delaySumMs = 0;
  private delayCount = 0;
  private timers: Timer[] = [];
  private failed = false;

  constructor(
    camera: Camera,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly onDelay: (ms: number) => void,
    private readonly transform: FrameTransform = asItIs,
  ) {
    this.reconciler = new DeviceReconciler(
      'camera',
      {
        start: (size) => camera.start(size, FRAMES_PER_S, (frame) => this.onFrame(frame)),
        stop: () => camera.stop(),
      },
      clock,
      log,
    );
  }

  setDesired(desired: DesiredPicture): void {
    const before = this.desired;
    this.desired = desired;
    this.reconciler.setDesired(desired.camera ? desired.size : undefined);
    this.runTimers(desired.sink !== undefined);
    if (desired.sink && desired.sink !== before?.sink) this.lastFrameMs = this.clock.now();
    if (desired.sink && !desired.camera && (before?.camera ?? true)) this.goBlack();
  }

  async close(): Promise<void> {
    this.runTimers(false);
    await this.reconciler.close();
  }

  private onFrame(frame: VideoFrame): void {
    const desired = this.desired;
    // A driver may deliver one more frame after stop; it is dropped.
    if (!desired?.camera) return;
    if (desired.scan) {
      desired.scan(frame);
      return;
    }
    if (!desired.sink) return;
    const shown = this.transformed(frame);
    if (!shown) return;
    desired.sink.sendVideo(shown);
    this.lastFrameMs = this.clock.now();
    this.blackLeft = 0;
    this.delaySumMs += Math.max(0, this.lastFrameMs - frame.capturedAtMs);
    this.delayCount += 1;
  }

  /** Fails closed: a frame whose transform failed is not sent. */
  private transformed(frame: VideoFrame): VideoFrame | undefined {
    try {
      return this.transform(frame);
    } catch (error) {
      if (!this.failed) this.log.error({ error: String(error) }, 'pictures cannot be shown');
      this.failed = true;
      return undefined;
    }
  }

  private goBlack(): void {
    this.blackLeft = BLACK_AT_ONCE;
    this.sendBlack();
  }

  private sendBlack(): void {
    const desired = this.desired;
    if (!desired?.sink) return;
    this.blackLeft -= 1;
    this.lastBlackMs = this.clock.now();
    desired.sink.sendVideo({ ...this.blackOf(desired.size), capturedAtMs: this.lastBlackMs });
  }

  /** Runs while a pupil is there. */
  private runTimers(on: boolean): void {
    if (on === this.timers.length > 0) return;
    for (const timer of this.timers) timer.cancel();
    this.timers = on
      ? [
          this.clock.every(BLACK_PERIOD_MS, () => this.watch()),
          this.clock.every(DELAY_PERIOD_MS, () => this.tellDelay()),
        ]
      : [];
  }

  private watch(): void {
    const now = this.clock.now();
    const blind = !this.desired?.camera || now - this.lastFrameMs > STALLED_MS;
    if (!blind) return;
    if (this.blackLeft > 0) this.sendBlack();
    else if (now - this.lastBlackMs >= BLACK_IDLE_MS) this.sendBlack();
  }

  private tellDelay(): void {
    if (this.delayCount > 0) this.onDelay(Math.round(this.delaySumMs / this.delayCount));
    this.delaySumMs = 0;
    this.delayCount = 0;
  }

  private blackOf({ width, height }: VideoSize): VideoFrame {
    if (this.black?.width !== width || this.black.height !== height) {
      const luma = width * height;
      const data = new Uint8ClampedArray((luma * 3) / 2).fill(128);
      this.black = { width, height, data: data.fill(16, 0, luma), capturedAtMs: 0 };
    }
    return this.black;
  }
}
