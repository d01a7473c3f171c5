/**
 * GStreamer stamps buffers in running time: what its clock showed at capture, minus the pipeline's
 * base time. The clock of our pipelines is GstSystemClock, which is CLOCK_MONOTONIC, as is
 * Clock.now. The base time is written to the debug log when the pipeline starts to play, exactly:
 * `... start_time=0:00:00.000000000, now=3:24:40.004481156, base_time 3:24:40.004481156`
 * (gst_pipeline_change_state of gstpipeline.c). A GStreamer built without its debug log says
 * nothing; see CaptureTime for what happens then.
 */
const BASE_TIME = /gst_pipeline_change_state:.*\bbase_time (\d+):(\d\d):(\d\d)\.(\d{9})\b/;

/** Milliseconds on the monotonic clock, or undefined of any other line. */
export function parseBaseTimeMs(line: string): number | undefined {
  const [, hours, minutes, seconds, nanoseconds] = BASE_TIME.exec(line) ?? [];
  if (nanoseconds === undefined) return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000 + Number(nanoseconds) / 1e6;
}

/**
 * When a frame was captured, on the monotonic clock, from its running time in the pipeline.
 *
 * v4l2src and libcamerasrc carry the driver's own monotonic timestamp into the running time, so
 * with the pipeline's base time known the result is the driver's, exactly. UVC cameras stamp the
 * start of exposure, others its end: the middle is up to half an exposure away (at most 17 ms at
 * 30/s), and no driver tells the exposure, so that is not corrected.
 *
 * Without a base time the smallest distance seen between running time and arrival stands in for
 * it: capture then seems later than it was by the delay of the quickest frame so far.
 */
export class CaptureTime {
  private baseMs: number | undefined;
  private smallestMs = Number.POSITIVE_INFINITY;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** The pipeline said it. */
  setBase(ms: number): void {
    this.baseMs = ms;
  }

  /** Later than the time before, and not later than `arrivedMs`. */
  of(ptsMs: number, arrivedMs: number): number {
    this.smallestMs = Math.min(this.smallestMs, arrivedMs - ptsMs);
    const told = this.baseMs === undefined ? Number.NaN : this.baseMs + ptsMs;
    const known = told <= arrivedMs + CLOCK_GRAIN_MS && told > arrivedMs - OLDEST_MS;
    const captured = Math.min(arrivedMs, known ? told : this.smallestMs + ptsMs);
    this.lastMs = captured > this.lastMs ? captured : Math.min(arrivedMs, this.lastMs + STEP_MS);
    return this.lastMs;
  }
}

const CLOCK_GRAIN_MS = 1;
/** A time further back than this is of some other clock. */
const OLDEST_MS = 10_000;
const STEP_MS = 0.001;

/**
 * Latest wins, at this end of the pipe: while this process was busy, frames grew old in the pipe
 * (of small ones it holds several) and newer ones were dropped at the camera. The old ones are
 * dropped too: a fresh one is an interval away.
 */
export class Freshness {
  private ages: number[] = [];
  private droppingSinceMs: number | undefined;

  constructor(private readonly intervalMs: number) {}

  /** Whether a frame of this age goes to the listener. */
  passes(ageMs: number, nowMs: number): boolean {
    // The first pictures of a pipeline that is still warming up are older than they need to be.
    const usualMs = this.ages.length > 0 ? Math.min(...this.ages) : 0;
    const late = ageMs > usualMs + LATE_INTERVALS * this.intervalMs;
    if (!late) {
      this.droppingSinceMs = undefined;
      this.ages.push(ageMs);
      if (this.ages.length > REMEMBERED) this.ages.shift();
      return true;
    }
    this.droppingSinceMs ??= nowMs;
    if (nowMs - this.droppingSinceMs < PATIENCE_INTERVALS * this.intervalMs) return false;
    // Nothing fresher comes: the way takes longer than before, and this is the usual age now.
    this.droppingSinceMs = undefined;
    this.ages = [ageMs];
    return true;
  }
}

/** The quickest of so many frames is what the way takes. */
const REMEMBERED = 32;
const LATE_INTERVALS = 1.5;
const PATIENCE_INTERVALS = 3;
