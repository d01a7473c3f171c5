/**
 * Latest wins, at this end of the pipe: while this process was busy, a frame grew old in the pipe
 * and newer ones were dropped at the camera. The old one is dropped too, as the next is fresh.
 */
export class Freshness {
  private readonly ages: number[] = [];
  private next = 0;
  private droppedLast = false;

  constructor(private readonly intervalMs: number) {}

  /** Whether a frame of this age goes to the listener. Never drops two in a row. */
  passes(ageMs: number): boolean {
    const usualMs = Math.min(...this.ages);
    this.ages[this.next] = ageMs;
    this.next = (this.next + 1) % REMEMBERED;
    const late = ageMs > usualMs + LATE_INTERVALS * this.intervalMs;
    this.droppedLast = late && !this.droppedLast;
    return !this.droppedLast;
  }
}

/** The quickest of so many frames is what the way takes; a slower machine is soon the usual. */
const REMEMBERED = 32;
const LATE_INTERVALS = 1.5;
