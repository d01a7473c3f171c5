import type { Mood } from '../../firmware/link/schema.ts';

/** What the robot shows and does while codes may be held before it. */
export interface Scanning {
  /** The eyes' answer to the last code. */
  readonly mood: Mood;
  /** The camera is on and its pictures are searched. */
  readonly looking: boolean;
}
