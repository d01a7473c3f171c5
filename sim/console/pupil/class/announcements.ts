import type { PlainKey } from '../words/dictionaries.ts';
import type { ClassModel } from './model.ts';
import { isClosed } from './state-words.ts';

type Told = Pick<ClassModel, 'connection' | 'robot'>;

/** What a screen reader says when the state changes; politely, and only what matters to the pupil. */
export function announcements(before: Told, after: Told): PlainKey[] {
  return [
    ...aboutConnection(before, after),
    ...aboutPhase(before, after),
    ...aboutPupil(before, after),
  ];
}

function aboutConnection(before: Told, after: Told): PlainKey[] {
  if (before.connection.name === after.connection.name) return [];
  if (after.connection.name === 'reconnecting') return ['saidLost'];
  if (before.connection.name === 'reconnecting' && after.connection.name === 'inClass') {
    return ['saidBack'];
  }
  return [];
}

function aboutPhase(before: Told, after: Told): PlainKey[] {
  const was = before.robot?.phase;
  const is = after.robot?.phase;
  if (is === was) return [];
  if (is === 'paused') return ['saidRobotPaused'];
  if (isClosed(after.robot)) return ['saidClosed'];
  if (isClosed(before.robot)) return is === 'live' ? ['saidResumed'] : [];
  return was === 'paused' && is === 'live' ? ['saidResumed'] : [];
}

/** The first state of a session is no change: nothing is said about it. */
function aboutPupil(before: Told, after: Told): PlainKey[] {
  const was = before.robot;
  const is = after.robot;
  if (!was || !is) return [];
  const said: PlainKey[] = [];
  if (was.hand !== is.hand) said.push(HAND[is.hand]);
  if (was.listenOnly !== is.listenOnly) said.push(is.listenOnly ? 'saidListening' : 'saidTalking');
  if (!was.problems.includes('noMotion') && is.problems.includes('noMotion')) {
    said.push('problemNoMotion');
  }
  return said;
}

const HAND = { up: 'saidHandUp', down: 'saidHandDown', acknowledged: 'saidHandSeen' } as const;
