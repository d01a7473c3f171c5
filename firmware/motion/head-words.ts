import type { Motion, Refusal } from '../link/schema.ts';
import type { HeadStateName } from '../safety/posture.ts';
import type { Head } from './head.ts';
import type { Block } from './head-condition.ts';

const REFUSALS: Record<Exclude<HeadStateName, 'off'>, Refusal | undefined> = {
  limp: 'resting',
  rest: 'resting',
  lowered: 'paused',
  handTurned: 'fault',
  stalled: 'fault',
  awake: undefined,
};

/** What the head does, in the word that the agent is told. */
export function motionOf(name: HeadStateName, head: Head, nowMs: number): Motion {
  const moving = head.moving(nowMs);
  if (name === 'off' || name === 'stalled') return 'off';
  if (name === 'handTurned') return name;
  if (name === 'limp' || (name === 'rest' && !moving)) return 'rest';
  if (head.gesturing) return 'gesture';
  return moving ? 'moving' : 'holding';
}

/** Why a look would not be carried out in that state, in the word that the agent is told. */
export function refusalOf(name: HeadStateName, block: Block | undefined): Refusal | undefined {
  return name === 'off' ? (block ?? 'fault') : REFUSALS[name];
}
