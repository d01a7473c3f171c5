import type { PictureSize } from './picture.ts';

/** The receiving end of one round, in the pupil's browser. */
export interface Pupil {
  offer(): Promise<string>;
  accept(answer: string): Promise<void>;
  /** For a sender that has to make the offer. */
  answer(offer: string): Promise<string>;
}

/** One way to send the picture. Each round is a connection of its own. */
export interface Sender {
  readonly name: string;
  /** Connects and starts the camera with a frame each `periodMs`. */
  start(pupil: Pupil, size: PictureSize, periodMs: number): Promise<Running>;
  close(): Promise<void>;
}

export interface Running {
  /** The process whose CPU time counts, with all below it. */
  readonly pid: number;
  stop(): Promise<void>;
}
