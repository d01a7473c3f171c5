import type { FrameSource, Quality } from './api.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';
import type { CommandBody } from './remote.ts';
import { type MediaTotals, measureQuality, readTotals } from './video-statistics.ts';

const MEASURE_PERIOD_MS = 1_000;
/** Every second measurement is sent to the robot. */
const REPORT_EVERY = 2;

interface MeasuresParts {
  readonly clock: ClientClock;
  readonly framePath: FramePath;
  readonly stats: () => Promise<RTCStatsReport>;
  readonly roundTripMs: () => number | undefined;
  /** The robot reports its camera on, and there is no pause. */
  readonly cameraOn: () => boolean;
  readonly onQuality: (quality: Quality) => void;
  readonly report: (measured: CommandBody) => void;
}

/** Measures the picture once a second while in class, and tells the page and the robot (N9). */
export class Measures {
  private timer: ClientTimer | undefined;
  private last: MediaTotals | undefined;
  private count = 0;
  private cameraWasOn = false;
  private cameraDelayMs = 0;

  constructor(private readonly parts: MeasuresParts) {}

  start(): void {
    this.stop();
    this.timer = this.parts.clock.every(MEASURE_PERIOD_MS, () => void this.measure());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.last = undefined;
    this.count = 0;
    this.cameraWasOn = false;
  }

  /** From capture to the encoder, as the robot says. */
  cameraDelay(ms: number): void {
    this.cameraDelayMs = Math.max(0, ms);
  }

  private async measure(): Promise<void> {
    const { clock, framePath, stats, roundTripMs, cameraOn, onQuality } = this.parts;
    const report = await stats().catch(() => undefined);
    if (!this.timer || !report) return;
    const now = readTotals(report, clock.now());
    const before = this.last;
    this.last = now;
    // A second in which the camera went off or came on measures neither.
    const cameraStayedOn = cameraOn() && this.cameraWasOn;
    this.cameraWasOn = cameraOn();
    if (!now || !before) return;
    const quality = measureQuality(before, now, {
      cameraDelayMs: this.cameraDelayMs,
      framePathMs: framePath.take(),
      roundTripMs: roundTripMs(),
      cameraOn: cameraStayedOn,
    });
    onQuality(quality);
    this.count += 1;
    if (this.count % REPORT_EVERY === 0) this.parts.report(measured(quality));
  }
}

function measured({ videoLatencyMs, lossRatio, roundTripMs }: Quality): CommandBody {
  return {
    kind: 'measured',
    videoLatencyMs: bounded(videoLatencyMs),
    lossRatio: Math.min(1, Math.max(0, lossRatio ?? 0)),
    roundTripMs: bounded(roundTripMs),
  };
}

const MAX_REPORTED_MS = 60_000;

function bounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.min(MAX_REPORTED_MS, Math.max(0, ms));
}

/** Frames of about a second; the median of them is not moved by a single late one. */
const KEPT_FRAMES = 30;
/** Anything outside is a clock estimate gone wrong, as in the first second of a connection. */
const MAX_PATH_MS = 10_000;

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
