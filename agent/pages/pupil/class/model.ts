import type { ConnectionState, Heard, PupilClientApi, Quality } from '../../../client/api.ts';
import type { RobotState } from '../../../wire/control.ts';
import type { Trouble } from './trouble-watch.ts';

export type PictureChoice = Parameters<PupilClientApi['picture']>[0];

/** All that the class screen shows, in one value. */
export interface ClassModel {
  readonly connection: ConnectionState;
  readonly robot: RobotState | undefined;
  readonly quality: Quality;
  readonly heard: Heard;
  /** False when the pupil came in to listen only. */
  readonly hasMicrophone: boolean;
  /** The pupil came to talk, and the microphone went away meanwhile. */
  readonly microphoneLost: boolean;
  /** A connection that makes it hard to take part, for some seconds already. */
  readonly trouble: Trouble | undefined;
  /** As the pupil chose it; what is sent now says `robot.picture`. */
  readonly pictureChoice: PictureChoice;
  /** The browser holds the sound back until it is asked once more. */
  readonly soundBlocked: boolean;
  /** A frame of this lesson's picture was there to be shown. */
  readonly pictureCame: boolean;
}

export const UNMEASURED: Quality = {
  videoLatencyMs: undefined,
  roundTripMs: undefined,
  lossRatio: undefined,
  framesPerSecond: undefined,
  width: undefined,
  height: undefined,
  verdict: 'unknown',
  trouble: undefined,
};

/** A part of the class screen: an element that is told the newest model. */
export interface Part {
  readonly element: HTMLElement;
  update(model: ClassModel): void;
}

/** Nothing is seen, heard or spoken, though the pupil is in class and nobody has paused. */
export function isClosed(robot: RobotState | undefined): boolean {
  if (robot?.phase !== 'waking') return false;
  return robot.problems.includes('body') || robot.problems.includes('teacherButton');
}
