/**
 * What stands in the way of taking part, as long as it does: shown as banners and said once when it
 * begins, and when it is over. Each tells what it means and what can be done, and only what is true
 * beside the others: who has lost the microphone too does not "still hear the class".
 */
import type { RobotState } from '../../../wire/control.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { type ClassModel, isClosed } from './model.ts';

export type NoticeName =
  | RobotState['problems'][number]
  | 'ownMicrophone'
  | 'soundBlocked'
  | 'delay'
  | 'choppy';

/** Ways out that a banner offers. */
export type WayOut = 'smaller' | 'reconnect' | 'comeBackTalking' | 'startSound';

export interface Notice {
  readonly name: NoticeName;
  readonly title: string;
  readonly text: string;
  /** Cuts the pupil off, so that screen readers say it at once. */
  readonly urgent: boolean;
  readonly ways: readonly WayOut[];
  /** Said when it is over. */
  readonly over: PlainKey | undefined;
  /** True of a connection that comes and goes: the pupil may put the banner away. */
  readonly canHide: boolean;
}

type Made = Pick<Notice, 'title' | 'text'> & Partial<Notice>;

/** Worst first. */
const ORDER: readonly NoticeName[] = [
  ...([
    'body',
    'teacherButton',
    'microphone',
    'speaker',
    'camera',
    'ownMicrophone',
    'soundBlocked',
  ] as const),
  ...(['delay', 'choppy', 'noMotion', 'batteryLow', 'hot'] as const),
];

export function noticesOf(model: ClassModel, say: Say): Notice[] {
  const inClass = model.connection.name === 'inClass' && model.robot !== undefined;
  const robots = inClass ? (model.robot?.problems ?? []) : [];
  const names = new Set<NoticeName>(robots);
  // The veil over the picture tells these, and what they close.
  if (isClosed(model.robot))
    for (const told of ['body', 'teacherButton'] as const) names.delete(told);
  if (model.microphoneLost) names.add('ownMicrophone');
  if (model.soundBlocked) names.add('soundBlocked');
  if (inClass && model.trouble) names.add(model.trouble.why);
  return ORDER.filter((name) => names.has(name)).map((name) => noticeOf(name, model, say));
}

function noticeOf(name: NoticeName, model: ClassModel, say: Say): Notice {
  const made = WORDS[name](model, say);
  return { name, urgent: false, ways: [], over: undefined, canHide: false, ...made };
}

const WORDS: Readonly<Record<NoticeName, (model: ClassModel, say: Say) => Made>> = {
  body: (model, say) => ({
    title: say('faultBody'),
    text: sentences(say('faultBodyText'), whatToDo(model, say)),
    over: 'overBody',
  }),
  teacherButton: (_, say) => ({
    title: say('faultTeacherButton'),
    text: say('faultTeacherButtonText'),
    over: 'overTeacherButton',
  }),
  microphone: (model, say) => ({
    title: say('faultMicrophone'),
    text: sentences(say('faultMicrophoneText'), whatToDo(model, say)),
    urgent: true,
    over: 'overMicrophone',
  }),
  speaker: (model, say) => ({
    title: say('faultSpeaker'),
    text: sentences(say('faultSpeakerText'), whatToDo(model, say)),
    urgent: true,
    over: 'overSpeaker',
  }),
  camera: (model, say) => ({
    title: say('noPictureTitle'),
    text: noPictureText(model, say),
    urgent: true,
    over: 'overCamera',
  }),
  noMotion: (_, say) => ({
    title: say('faultMotion'),
    text: say('faultMotionText'),
    over: 'overMotion',
  }),
  batteryLow: ({ robot }, say) => ({
    title: say('faultBattery', { percent: Math.round(robot?.batteryPercent ?? 0) }),
    text: say(robot?.charging ? 'faultCharging' : 'faultBatteryText'),
    over: 'overBattery',
  }),
  hot: (_, say) => ({ title: say('faultHot'), text: say('faultHotText'), over: 'overHot' }),
  ownMicrophone: (_, say) => ({
    title: say('faultOwnMicrophone'),
    text: say('faultOwnMicrophoneText'),
    urgent: true,
    ways: ['comeBackTalking'],
  }),
  soundBlocked: (_, say) => ({
    title: say('faultSound'),
    text: say('faultSoundText'),
    urgent: true,
    ways: ['startSound'],
    over: 'overSound',
  }),
  delay: (model, say) => ({
    title: say('troubleLate'),
    text: say('troubleLateText', { seconds: secondsOf(model.trouble?.delayMs ?? 0) }),
    ...connectionTrouble(model),
  }),
  choppy: (model, say) => ({
    title: say('troubleChoppy'),
    text: say('troubleChoppyText'),
    ...connectionTrouble(model),
  }),
};

function connectionTrouble({ robot }: ClassModel): Partial<Notice> {
  const smaller = robot?.picture === '720p' && robot.phase === 'live' && robot.camera === 'on';
  return {
    ways: smaller ? ['smaller', 'reconnect'] : ['reconnect'],
    over: 'overQuality',
    canHide: true,
  };
}

/** What a camera out of order means, and what to do. */
export function noPictureText(model: ClassModel, say: Say): string {
  return sentences(say('noPictureText'), hears(model) && say('stillHear'), whatToDo(model, say));
}

/** Halves are as exact as people count; never nought. */
function secondsOf(ms: number): number {
  return ms < 2_000 ? Math.max(0.5, Math.round(ms / 500) / 2) : Math.round(ms / 1_000);
}

function hears({ robot, soundBlocked }: ClassModel): boolean {
  const deaf = robot?.microphone === 'fault' || robot?.problems.includes('microphone');
  return robot?.phase === 'live' && !deaf && !soundBlocked;
}

/** Does the pupil's voice leave the robot? */
export function isHeard({ robot, hasMicrophone, connection }: ClassModel): boolean {
  return (
    robot?.phase === 'live' &&
    connection.name === 'inClass' &&
    hasMicrophone &&
    !robot.listenOnly &&
    robot.volume > 0 &&
    robot.speaker !== 'fault' &&
    !robot.problems.includes('speaker')
  );
}

/** The way to let somebody in class know that still works. */
function whatToDo(model: ClassModel, say: Say): string {
  if (isHeard(model)) return say('doSay');
  return say(model.robot?.problems.includes('body') ? 'doSchool' : 'doHand');
}

const sentences = (...all: (string | false)[]): string => all.filter(Boolean).join(' ');
