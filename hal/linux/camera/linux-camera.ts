import { access } from 'node:fs/promises';
import type { Lens } from '../../boards/board.ts';
import type {
  Camera,
  CameraIntrinsics,
  MediaState,
  VideoFrame,
  VideoSize,
} from '../../ports/media.ts';
import { expectPossible } from '../../ports/video-limits.ts';
import { explainPipeline, gstPlan, isGone } from '../gst/gst-launch.ts';
import {
  NotYet,
  type PipelineParts,
  type PipelinePlan,
  SupervisedPipeline,
} from '../gst/supervised.ts';
import { type CameraSource, type FindSource, NotThere } from './camera-source.ts';

import { type FrameLayout, FrameReader, frameLayout } from './frame-reader.ts';
import { CaptureTime, Freshness, parseBaseTimeMs } from './frame-time.ts';
import { pipelineWords } from './pipeline-words.ts';

/**
 * A camera behind a switched rail is away while the rail is off, and takes a moment to appear when
 * it goes on: for so long after the start, or after the last picture, that is no fault.
 */
const RAIL_GRACE_MS = 5_000;

interface LinuxCameraOptions extends PipelineParts {
  readonly lens: Lens;
  readonly find: FindSource;
  /** Its power is switched by firmware, which this process does not see. */
  readonly hasRail: boolean;
}

/** A camera behind a GStreamer pipeline in a process of its own. */
export class LinuxCamera implements Camera {
  readonly present = true;
  readonly intrinsics: CameraIntrinsics;
  private readonly pipeline: SupervisedPipeline;
  private readonly listeners = new Set<(state: MediaState, why: string) => void>();
  private wanted: CameraRequest | undefined;

  constructor(private readonly options: LinuxCameraOptions) {
    this.intrinsics = intrinsicsOf(options.lens);
    const { hasRail } = options;
    this.pipeline = new SupervisedPipeline({
      ...options,
      name: 'camera',
      onState: (state, why) => {
        for (const listener of [...this.listeners]) listener(state, why);
      },
      explainSilence: () =>
        hasRail
          ? undefined
          : `${this.wanted?.name ?? 'camera'}: is there but gives no pictures; unplug it and plug it in again`,
    });
  }

  get state(): MediaState {
    return this.pipeline.state;
  }

  onState(listener: (state: MediaState, why: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async start(size: VideoSize, fps: number, onFrame: (frame: VideoFrame) => void): Promise<void> {
    expectPossible('camera', size, fps);
    const wanted: CameraRequest = {
      size: { width: size.width, height: size.height },
      fps,
      onFrame,
      layout: frameLayout(size),
      name: undefined,
      seenMs: this.options.clock.now(),
    };
    this.wanted = wanted;
    this.pipeline.start(() => this.plan(wanted));
  }

  async stop(): Promise<void> {
    this.wanted = undefined;
    await this.pipeline.stop();
  }

  /** Something about the machine's cameras has changed. */
  changed(): void {
    this.pipeline.changed();
  }

  private async plan(wanted: CameraRequest): Promise<PipelinePlan> {
    const { size, fps } = wanted;
    try {
      const source = await this.options.find(size, fps);
      wanted.name = source.name;
      return this.planOf(source, wanted);
    } catch (error) {
      if (error instanceof NotThere && this.mayBeOff(wanted)) throw new NotYet(error.message);
      throw error;
    }
  }

  private planOf(source: CameraSource, wanted: CameraRequest): PipelinePlan {
    const time = new CaptureTime();
    const fresh = new Freshness(1_000 / wanted.fps);
    const reader = new FrameReader(wanted.layout, {
      onFrame: (data, ptsMs) => this.take(wanted, data, ptsMs, time, fresh),
      onGarbage: (why) => this.pipeline.broken(`${source.name}: gave ${why}; it is started again`),
    });
    const device = { name: source.name, file: source.file, group: 'video' as const };
    return {
      ...gstPlan(
        pipelineWords(source, wanted.size, wanted.fps),
        [{ kind: 'fromChild', reader }],
        device,
      ),
      onLine: (line) => {
        const baseMs = parseBaseTimeMs(line);
        if (baseMs !== undefined) time.setBase(baseMs);
      },
      explain: async (lines, end) => {
        const away = source.file !== undefined && !(await exists(source.file));
        if ((away || isGone(lines)) && this.mayBeOff(wanted)) throw new NotYet('it is off');
        // What the pipeline says of a camera that was pulled out depends on what it just did.
        if (away) return `${source.name}: was unplugged or lost its power; check its cable`;
        return explainPipeline(lines, end, device);
      },
    };
  }

  private take(
    wanted: CameraRequest,
    data: Uint8ClampedArray,
    ptsMs: number,
    time: CaptureTime,
    fresh: Freshness,
  ): void {
    // The one before is still coming to its end.
    if (wanted !== this.wanted) return;
    const arrivedMs = this.options.clock.now();
    const capturedAtMs = time.of(ptsMs, arrivedMs);
    wanted.seenMs = arrivedMs;
    this.pipeline.alive();
    if (fresh.passes(arrivedMs - capturedAtMs, arrivedMs))
      wanted.onFrame({ ...wanted.size, data, capturedAtMs });
  }

  private mayBeOff(wanted: CameraRequest): boolean {
    return this.options.hasRail && this.options.clock.now() - wanted.seenMs < RAIL_GRACE_MS;
  }
}

/** One `start`. */
interface CameraRequest {
  readonly size: VideoSize;
  readonly fps: number;
  readonly onFrame: (frame: VideoFrame) => void;
  readonly layout: FrameLayout;
  /** The camera that was found last. */
  name: string | undefined;
  /** Started, or a picture came. */
  seenMs: number;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Square pixels, the axis in the middle; the angle is of the picture's whole width. */
function intrinsicsOf({ horizontalFovDeg, k1, k2 }: Lens): CameraIntrinsics {
  const f = 0.5 / Math.tan((horizontalFovDeg * Math.PI) / 360);
  return { fx: f, fy: f, cx: 0.5, cy: (size) => size.height / size.width / 2, k1, k2 };
}
