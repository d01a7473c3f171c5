/** The state of the class in plain words: which phrase, and how it should look. No page in here. */
import type { CommandRefusal, RobotState } from '../../../wire/control.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { type ClassModel, isClosed } from './model.ts';
import { isHeard, noPictureText } from './notices.ts';

type Tone = 'good' | 'busy' | 'calm' | 'bad';

interface StatusWords {
  readonly key: PlainKey;
  readonly tone: Tone;
}

export function statusWords(model: Pick<ClassModel, 'connection' | 'robot'>): StatusWords {
  switch (model.connection.name) {
    case 'inClass':
      if (model.robot?.phase === 'paused') return { key: 'paused', tone: 'calm' };
      if (isClosed(model.robot)) return { key: 'closedTitle', tone: 'bad' };
      if (model.robot?.phase === 'waking') return { key: 'waking', tone: 'busy' };
      return { key: 'inClass', tone: 'good' };
    case 'reconnecting':
      return { key: 'reconnecting', tone: 'busy' };
    case 'reaching':
    case 'handshaking':
    case 'joining':
      return { key: 'reaching', tone: 'busy' };
    case 'idle':
    case 'refused':
    case 'ended':
      return { key: 'notConnected', tone: 'bad' };
  }
}

/** What stands in place of the picture, if anything. A paused picture is black, whatever arrives. */
export interface VeilWords {
  readonly why: 'paused' | 'lost' | 'waking' | 'coming' | 'noPicture';
  readonly title: PlainKey;
  readonly text: string;
}

export function veilWords(model: ClassModel, say: Say): VeilWords | undefined {
  const { connection, robot } = model;
  if (connection.name === 'reconnecting') {
    const text = say('lostText', { attempt: connection.attempt });
    return { why: 'lost', title: 'lostTitle', text };
  }
  if (robot?.phase === 'paused') {
    return { why: 'paused', title: 'pausedTitle', text: say('pausedText') };
  }
  if (isClosed(robot)) {
    return { why: 'noPicture', title: 'closedTitle', text: closedText(robot, say) };
  }
  if (robot === undefined || robot.phase === 'waking') {
    return { why: 'waking', title: 'waking', text: say('wakingText') };
  }
  if (robot.camera === 'fault') {
    return { why: 'noPicture', title: 'noPictureTitle', text: noPictureText(model, say) };
  }
  if (!model.pictureCame) {
    return { why: 'coming', title: 'stepJoining', text: say('wakingText') };
  }
  return undefined;
}

/** Why camera and microphone are off though nobody has paused. */
export function closedText(robot: RobotState | undefined, say: Say): string {
  if (robot?.problems.includes('body')) return say('closedText');
  return `${say('faultTeacherButton')}. ${say('faultTeacherButtonText')}`;
}

export interface HeardWords {
  readonly key: PlainKey;
  /** How many of three waves stand beside the mouth. */
  readonly waves: 0 | 1 | 2 | 3;
  readonly sign: 'none' | 'check' | 'attention' | 'off';
}

export function heardWords(model: ClassModel): HeardWords {
  const { robot } = model;
  const off = { waves: 0, sign: 'off' } as const;
  if (robot?.listenOnly || !model.hasMicrophone) return { key: 'heardListening', ...off };
  if (!isHeard(model)) return { key: 'heardMuted', ...off };
  const late =
    model.trouble?.why === 'delay' && model.heard !== 'silent' && model.heard !== 'muted';
  if (late) return { key: 'heardLate', waves: 2, sign: 'attention' };
  switch (model.heard) {
    case 'muted':
      return { key: 'heardMuted', ...off };
    case 'silent':
      return { key: 'heardSilent', waves: 0, sign: 'none' };
    case 'quiet':
      return { key: 'heardQuiet', waves: 1, sign: 'attention' };
    case 'clear':
      return { key: 'heardClear', waves: 2, sign: 'check' };
    case 'loud':
      return { key: 'heardLoud', waves: 3, sign: 'attention' };
  }
}

const REFUSED: Readonly<Record<CommandRefusal, PlainKey>> = {
  paused: 'refusedPaused',
  notLive: 'refusedNotLive',
  motionOff: 'refusedMotion',
  noCamera: 'refusedCamera',
  tooMany: 'refusedTooMany',
  malformed: 'refusedOther',
  tooLong: 'refusedOther',
  stale: 'refusedOther',
};

export function refusedCommandKey(reason: string): PlainKey {
  return Object.hasOwn(REFUSED, reason) ? REFUSED[reason as CommandRefusal] : 'refusedOther';
}

/** Where the head looks, for those who do not see the map. */
export function poseWords(robot: RobotState, say: Say): string {
  const pan = Math.round(robot.pan.deg);
  const tilt = Math.round(robot.tilt.deg);
  const across =
    pan === 0
      ? say('straight')
      : say(pan > 0 ? 'degreesLeft' : 'degreesRight', { degrees: Math.abs(pan) });
  const up =
    tilt === 0
      ? say('level')
      : say(tilt > 0 ? 'degreesUp' : 'degreesDown', { degrees: Math.abs(tilt) });
  return say('headAt', { pan: across, tilt: up });
}
