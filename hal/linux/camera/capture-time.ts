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

  /** The pipeline said it (base-time.ts). */
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
