/** Who sits where, and how they fidget. */
import { LESSON, lessonMs } from './lesson.ts';
import type { HeadView } from './paint/head-sheets.ts';
import type { Vec3 } from './plan/pose.ts';
import { ROOM } from './plan/room.ts';

export interface Classmate {
  readonly x: number;
  readonly y: number;
  /** What the robot sees of them: they all look at the board. */
  readonly view: HeadView;
  /** Which of the looks. */
  readonly look: number;
}

/** The robot has the desk in the middle of the second row. */
export const CLASSMATES: readonly Classmate[] = [
  { x: 1.3, y: 1.08, view: 'back', look: 0 },
  { x: 1.3, y: -1.08, view: 'back', look: 1 },
  { x: -0.1, y: 1.4, view: 'side', look: 2 },
  { x: -0.1, y: -1.4, view: 'side', look: 3 },
  { x: -1.75, y: 0.7, view: 'front', look: 4 },
  { x: -1.75, y: -0.8, view: 'front', look: 5 },
  { x: -3.1, y: 1.9, view: 'front', look: 1 },
  { x: -3.1, y: 0.25, view: 'front', look: 3 },
  { x: -3.1, y: -1.4, view: 'front', look: 2 },
];

/** Desks stand before their owners. */
export const DESK_AHEAD_M = 0.5;

const NECK_Z = ROOM.floor + 0.94;

export function neckOf({ x, y }: Classmate): Vec3 {
  return { x, y, z: NECK_Z };
}

interface Fidget {
  /** Sideways, metres to the right as the robot sees it. */
  readonly swayM: number;
  /** The head's lean, clockwise. */
  readonly headDeg: number;
  /** 0 down .. 1 a hand is up. */
  readonly handUp: number;
}

export function fidgetOf(index: number, sceneMs: number): Fidget {
  const slow = wave(sceneMs, 4_300 + 370 * index, index * 1.7);
  const slower = wave(sceneMs, 9_100 + 530 * index, index * 2.9);
  // Now and then somebody looks about: a smooth bump in an otherwise quiet head.
  const glance = Math.max(0, wave(sceneMs, 13_700 + 910 * index, index)) ** 8;
  return {
    swayM: 0.012 * slow + 0.01 * slower,
    headDeg: 3 * slower + 1.5 * wave(sceneMs, 2_900 + 210 * index, index) + 7 * glance,
    handUp: HANDS_UP.includes(index) ? handUpAt(sceneMs, index) : 0,
  };
}

/** Who knows why it rains more in the mountains: those who are not seen from the side. */
export const HANDS_UP: readonly number[] = [0, 5, 7];
const QUESTION = LESSON.find((utterance) => utterance.text.includes('Steek je hand'));
const RAISE_MS = 600;

function handUpAt(sceneMs: number, index: number): number {
  if (!QUESTION) return 0;
  const since = lessonMs(sceneMs) - QUESTION.startMs - 2_400 - 350 * index;
  const until = QUESTION.endMs + 1_400 - lessonMs(sceneMs);
  return smooth(Math.min(since, until) / RAISE_MS);
}

function smooth(part: number): number {
  const t = Math.max(0, Math.min(1, part));
  return t * t * (3 - 2 * t);
}

function wave(ms: number, periodMs: number, phase: number): number {
  return Math.sin((2 * Math.PI * ms) / periodMs + phase);
}
