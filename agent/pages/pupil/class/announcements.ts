import type { PlainKey, Say } from '../words/dictionaries.ts';
import { type ClassModel, isClosed } from './model.ts';
import { type NoticeName, noticesOf } from './notices.ts';
import { closedText } from './state-words.ts';

interface Announcement {
  readonly text: string;
  /** Interrupts what a screen reader is saying. */
  readonly urgent: boolean;
}

/** What a screen reader says when the state changes: each piece of news once, and only what matters. */
export function announcements(before: ClassModel, after: ClassModel, say: Say): Announcement[] {
  const told = (key: PlainKey): string => say(key);
  const changes = [
    ...aboutConnection(before, after).map(told),
    ...aboutPhase(before, after, say),
    ...aboutPicture(before, after).map(told),
    ...aboutPupil(before, after).map(told),
  ];
  const polite = changes.map((text) => ({ text, urgent: false }));
  return [...aboutFacts(before, after, say), ...polite];
}

/** Every banner is announced when it appears and when it ends. */
function aboutFacts(before: ClassModel, after: ClassModel, say: Say): Announcement[] {
  const were = noticesOf(before, say);
  const are = noticesOf(after, say);
  const begun = are
    .filter(({ name }) => !were.some((fact) => fact.name === name))
    .map(({ title, text, urgent }) => ({ text: `${title}. ${text}`, urgent }));
  // While the connection is away nothing is known to be over.
  if (after.connection.name !== 'inClass' || before.connection.name !== 'inClass') return begun;
  // A banner also goes where the veil tells the same, and worse: that is not over.
  const stands = (name: NoticeName): boolean =>
    are.some((fact) => fact.name === name) ||
    (after.robot?.problems ?? []).some((one) => one === name);
  const over = were
    .filter(({ name }) => !stands(name))
    .flatMap((fact) => (fact.over ? [{ text: say(fact.over), urgent: false }] : []));
  return [...begun, ...over];
}

function aboutConnection(before: ClassModel, after: ClassModel): PlainKey[] {
  if (before.connection.name === after.connection.name) return [];
  if (after.connection.name === 'reconnecting') return ['saidLost'];
  if (before.connection.name === 'reconnecting' && after.connection.name === 'inClass') {
    return ['saidBack'];
  }
  return [];
}

function aboutPhase(before: ClassModel, after: ClassModel, say: Say): string[] {
  const was = before.robot?.phase;
  const is = after.robot?.phase;
  if (is === was && isClosed(before.robot) === isClosed(after.robot)) return [];
  if (is === 'paused') return [say('saidRobotPaused')];
  if (isClosed(after.robot)) return [`${say('closedTitle')}. ${closedText(after.robot, say)}`];
  if (is === 'waking') return [`${say('waking')}. ${say('wakingText')}`];
  const again = was === 'paused' || isClosed(before.robot);
  return again && is === 'live' ? [say('saidResumed')] : [];
}

/** Where no eye sees it: a lesson's first picture is there, or the robot is awake again. */
function aboutPicture(before: ClassModel, after: ClassModel): PlainKey[] {
  if (isSeen(before) || !isSeen(after)) return [];
  const was = before.robot?.phase;
  const awaited = was === undefined || (was === 'waking' && !isClosed(before.robot));
  return awaited || !before.pictureCame ? ['saidPicture'] : [];
}

const isSeen = ({ pictureCame, robot }: ClassModel): boolean =>
  pictureCame && robot?.phase === 'live' && robot.camera === 'on';

/** The first state of a session is no change and is not announced. */
function aboutPupil(before: ClassModel, after: ClassModel): PlainKey[] {
  const was = before.robot;
  const is = after.robot;
  if (!was || !is) return [];
  const said: PlainKey[] = [];
  if (was.hand !== is.hand) said.push(handSaid(was.hand, is.hand));
  if (was.listenOnly !== is.listenOnly) said.push(is.listenOnly ? 'saidListening' : 'saidTalking');
  if (was.voice !== is.voice) said.push(VOICE[is.voice]);
  return said;
}

/** A hand that was seen is not taken down by anybody: it is over. */
function handSaid(was: keyof typeof HAND, is: keyof typeof HAND): PlainKey {
  return was === 'acknowledged' && is === 'down' ? 'saidHandReady' : HAND[is];
}

const HAND = { up: 'saidHandUp', down: 'saidHandDown', acknowledged: 'saidHandSeen' } as const;
const VOICE = { whisper: 'saidWhisper', normal: 'saidNormal', loud: 'saidLoud' } as const;
