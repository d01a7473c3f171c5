import type { ConnectionState, Heard, PupilClientApi, Quality } from '../../../client/api.ts';
import type { RobotState } from '../../../wire/control.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import type { Direction } from './keys.ts';

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
  /** As the pupil chose it; `robot.picture` is what is sent now. */
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

/** A part of the class screen: an element that renders the newest model. */
export interface Part {
  readonly element: HTMLElement;
  update(model: ClassModel): void;
}

/** Nothing is seen, heard or spoken, though the pupil is in class and nobody has paused. */
export function isClosed(robot: RobotState | undefined): boolean {
  if (robot?.phase !== 'waking') return false;
  return robot.problems.includes('body') || robot.problems.includes('teacherButton');
}

/** Why the head cannot be turned now, in words; undefined when it can. */
export function headBlock({ connection, robot }: ClassModel): PlainKey | undefined {
  if (connection.name !== 'inClass') return 'refusedLost';
  if (!robot || robot.phase === 'waking') return 'refusedNotLive';
  if (robot.phase === 'paused') return 'refusedPaused';
  if (robot.motion === 'absent') return 'refusedNoHead';
  const still = robot.motion === 'off' || robot.problems.includes('noMotion');
  return still || robot.problems.includes('body') ? 'refusedMotion' : undefined;
}

/** Why nothing in the picture can be pointed at: as for the head, and without a picture. */
export function tapBlock(model: ClassModel): PlainKey | undefined {
  const blocked = headBlock(model);
  if (blocked) return blocked;
  return model.robot?.camera === 'on' ? undefined : 'refusedCamera';
}

/** Nearer than this to its limit the head stands at it, degrees. */
const AT_LIMIT_DEG = 0.6;

/** True when the head stands at its limit in every one of the directions asked for, and they are some. */
export function atLimit({ robot }: ClassModel, asked: ReadonlySet<Direction>): boolean {
  if (!robot || asked.size === 0) return false;
  const { pan, tilt } = robot;
  const full: Readonly<Record<Direction, boolean>> = {
    left: pan.deg >= pan.maxDeg - AT_LIMIT_DEG,
    right: pan.deg <= pan.minDeg + AT_LIMIT_DEG,
    up: tilt.deg >= tilt.maxDeg - AT_LIMIT_DEG,
    down: tilt.deg <= tilt.minDeg + AT_LIMIT_DEG,
  };
  return [...asked].every((direction) => full[direction]);
}

/** A connection over which it is hard to take part, for so long that a pupil should be told. */
interface Trouble {
  readonly why: NonNullable<Quality['trouble']>;
  /** Between the pupil and the class, there or back: the longest that was measured last, milliseconds. */
  readonly delayMs: number;
}

export interface TroubleWatch {
  readonly trouble: Trouble | undefined;
  /** Measurements in a row that speak for a change; one comes each second. */
  readonly against: number;
}

export const noTrouble: TroubleWatch = { trouble: undefined, against: 0 };

/** A single bad second is no news... */
const BAD_IN_A_ROW = 3;
/** ...and a banner that comes and goes is worse than one that stays a little. */
const WELL_IN_A_ROW = 6;

/** One measurement further. A value: no time and no page in here. */
export function watchTrouble(watch: TroubleWatch, quality: Quality): TroubleWatch {
  const bad = quality.verdict === 'poor' ? quality.trouble : undefined;
  if (!watch.trouble) {
    if (!bad) return noTrouble;
    const against = watch.against + 1;
    if (against < BAD_IN_A_ROW) return { trouble: undefined, against };
    return { trouble: { why: bad, delayMs: delayOf(quality) }, against: 0 };
  }
  // What it is due to may change from second to second: the first reason stands until all is well.
  if (bad) return { trouble: { ...watch.trouble, delayMs: delayOf(quality) }, against: 0 };
  const against = watch.against + 1;
  return against < WELL_IN_A_ROW ? { trouble: watch.trouble, against } : noTrouble;
}

function delayOf({ videoLatencyMs = 0, roundTripMs = 0 }: Quality): number {
  return Math.max(videoLatencyMs, roundTripMs);
}

/** Keeps the newest value of every client event, as one model. */
export class Follower {
  private now: ClassModel;
  private watch: TroubleWatch = noTrouble;

  constructor(
    client: PupilClientApi,
    private readonly changed: (model: ClassModel) => void,
  ) {
    this.now = {
      connection: client.connection,
      robot: client.state,
      quality: UNMEASURED,
      heard: 'silent',
      hasMicrophone: false,
      microphoneLost: false,
      trouble: undefined,
      pictureChoice: 'auto',
      soundBlocked: false,
      pictureCame: false,
    };
    client.on('connection', (connection) => {
      // Another connection may be a better one. In one step: by itself the trouble would seem to be over.
      const forgotten = connection.name === 'reconnecting' ? this.judged(undefined) : {};
      this.set({ ...forgotten, connection });
    });
    client.on('state', (robot) => this.set({ robot }));
    client.on('quality', (quality) => this.set(this.judged(quality)));
    client.on('heard', ({ verdict }) => this.set({ heard: verdict }));
  }

  get model(): ClassModel {
    return this.now;
  }

  set(news: Partial<ClassModel>): void {
    this.now = { ...this.now, ...news };
    this.changed(this.now);
  }

  /** Undefined: earlier measurements are no longer valid. */
  private judged(quality: Quality | undefined): Pick<ClassModel, 'quality' | 'trouble'> {
    this.watch = quality ? watchTrouble(this.watch, quality) : noTrouble;
    return { quality: quality ?? UNMEASURED, trouble: this.watch.trouble };
  }

  /** A new lesson begins with nothing known of the last one. */
  forget(): void {
    const { quality, trouble } = this.judged(undefined);
    this.set({
      ...{ quality, trouble },
      ...{ robot: undefined, heard: 'silent', pictureChoice: 'auto', pictureCame: false },
    });
  }
}
