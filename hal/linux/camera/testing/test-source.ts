import type { Child, ProgramPlan, Programs } from '../../../bus/child.ts';
import type { VideoSize } from '../../../ports/media.ts';
import { type CameraSource, type FindSource, NotThere } from '../camera-source.ts';

export interface TestSourceOptions {
  readonly coding?: 'raw' | 'jpeg';
  /** Of the source; otherwise what is asked. */
  readonly size?: VideoSize;
  readonly fps?: number;
  readonly format?: string;
  readonly pattern?: string;
  /** Size and rate are told to the pipeline builder, as V4L2 does and libcamera does not. */
  readonly known?: boolean;
}

/** GStreamer's own test pictures in place of a camera, live: stamped and paced as a camera's are. */
export function testSource(
  size: VideoSize,
  fps: number,
  options: TestSourceOptions = {},
): CameraSource {
  const { coding = 'raw', format = 'YUY2', pattern = 'ball', known = true } = options;
  const given = options.size ?? size;
  const rate = options.fps ?? fps;
  const caps = (kind: string): string =>
    `${kind},width=${given.width},height=${given.height},framerate=${rate}/1`;
  const source = ['videotestsrc', 'is-live=true', `pattern=${pattern}`, '!'];
  const words =
    coding === 'raw'
      ? [...source, caps(`video/x-raw,format=${format}`)]
      : // JPEG is full range, as a camera's is.
        [
          ...source,
          caps('video/x-raw,format=BGRx'),
          '!',
          'videoconvert',
          '!',
          'video/x-raw,format=I420,colorimetry=1:4:0:0',
          '!',
          'jpegenc',
          'quality=100',
        ];
  return {
    name: 'camera (test)',
    words,
    coding,
    size: known ? given : undefined,
    fps: known ? rate : undefined,
  };
}

/** A test source that can be pulled out: its process dies as one does whose camera is gone. */
export class PluggableSource {
  private inserted = true;
  private child: Child | undefined;

  constructor(private readonly options: TestSourceOptions = {}) {}

  readonly find: FindSource = async (size, fps) => {
    if (!this.inserted)
      throw new NotThere('camera (test)', 'is not there; check its cable and its power');
    return testSource(size, fps, this.options);
  };

  /** Notes the process. */
  over(programs: Programs): Programs {
    return {
      start: async (plan: ProgramPlan) => {
        this.child = await programs.start(plan);
        return this.child;
      },
    };
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  plug(inserted: boolean): void {
    this.inserted = inserted;
    if (!inserted && this.child) process.kill(this.child.pid, 'SIGKILL');
  }
}
