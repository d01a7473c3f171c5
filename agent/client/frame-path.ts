/** Frames of about a second; the median of them is not moved by a single late one. */
const KEPT_FRAMES = 30;
/** Anything outside is a clock estimate gone wrong, as in the first second of a connection. */
const MAX_PATH_MS = 10_000;

/** The part of HTMLVideoElement that is needed here. */
export interface FrameSource {
  requestVideoFrameCallback?: (
    act: (now: number, frame: { captureTime?: number; expectedDisplayTime: number }) => void,
  ) => number;
  cancelVideoFrameCallback?: (handle: number) => void;
}

/**
 * How long frames are on their way from the robot's encoder to the pupil's screen, out of
 * requestVideoFrameCallback: browsers that know give a remote frame's capture time in the time base
 * of performance.now().
 */
export class FramePath {
  private paths: number[] = [];
  private source: FrameSource | undefined;
  private handle = 0;

  /** Watches this element's frames from now on instead of another's; undefined: none. */
  watch(source: FrameSource | undefined): void {
    this.source?.cancelVideoFrameCallback?.(this.handle);
    this.source = source;
    this.paths = [];
    this.next();
  }

  /** Median, milliseconds; the values so far are used up. */
  take(): number | undefined {
    const sorted = [...this.paths].sort((a, b) => a - b);
    this.paths = [];
    return sorted[Math.floor(sorted.length / 2)];
  }

  private next(): void {
    const { source } = this;
    if (!source?.requestVideoFrameCallback) return;
    this.handle = source.requestVideoFrameCallback((_now, { captureTime, expectedDisplayTime }) => {
      if (source !== this.source) return;
      if (captureTime !== undefined) this.add(expectedDisplayTime - captureTime);
      this.next();
    });
  }

  private add(ms: number): void {
    if (ms >= 0 && ms <= MAX_PATH_MS) this.paths = [...this.paths, ms].slice(-KEPT_FRAMES);
  }
}
