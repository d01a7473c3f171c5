import type { PlainKey, Say } from '../words/dictionaries.ts';
import { factsOf } from './facts.ts';
import { type ClassModel, isClosed } from './model.ts';

export interface Announcement {
  readonly text: string;
  /** Interrupts what a screen reader is saying. */
  readonly urgent: boolean;
}

/** What a screen reader says when the state changes: each piece of news once, and only what matters. */
export function announcements(before: ClassModel, after: ClassModel, say: Say): Announcement[] {
  const changes = [
    ...aboutConnection(before, after),
    ...aboutPhase(before, after),
    ...aboutPupil(before, after),
  ];
  const polite = changes.map((key) => ({ text: say(key), urgent: false }));
  return [...aboutFacts(before, after, say), ...polite];
}

/** Whatever stands as a banner is said when it begins and when it is over: none can be forgotten. */
function aboutFacts(before: ClassModel, after: ClassModel, say: Say): Announcement[] {
  const were = factsOf(before, say);
  const are = factsOf(after, say);
  const begun = are
    .filter(({ name }) => !were.some((fact) => fact.name === name))
    .map(({ title, text, urgent }) => ({ text: `${title}. ${text}`, urgent }));
  // While the connection is away nothing is known to be over.
  if (after.connection.name !== 'inClass' || before.connection.name !== 'inClass') return begun;
  const over = were
    .filter(({ name }) => !are.some((fact) => fact.name === name))
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

function aboutPhase(before: ClassModel, after: ClassModel): PlainKey[] {
  const was = before.robot?.phase;
  const is = after.robot?.phase;
  if (is === was) return [];
  if (is === 'paused') return ['saidRobotPaused'];
  if (isClosed(after.robot)) return ['saidClosed'];
  if (isClosed(before.robot)) return is === 'live' ? ['saidResumed'] : [];
  return was === 'paused' && is === 'live' ? ['saidResumed'] : [];
}

/** The first state of a session is no change: nothing is said about it. */
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
