/** What the teacher does when: a walk along the board, a mouth that speaks, an arm that explains. */
import { utteranceAt } from './lesson.ts';
import type { Vec3 } from './plan/pose.ts';

/** The teacher's line is half a metre before the board. */
const LINE_X = 2.45;
const LEFT_Y = 1.75;
const RIGHT_Y = -1.75;
/** The mouth over the soles. */
const MOUTH_M = 1.55;
const FLOOR_Z = -1.0;

const STAND_MS = 11_000;
const WALK_MS = 4_200;
const ROUND_MS = 2 * (STAND_MS + WALK_MS);

/** One walk step, left and right foot, in metres. */
const STRIDE_M = 1.1;

interface TeacherMoment {
  /** Between the shoes, on the floor. */
  readonly feet: Vec3;
  readonly mouth: Vec3;
  readonly speaking: boolean;
  /** 0 closed .. 1 open. */
  readonly mouthOpen: number;
  /** Degrees from hanging down, outwards and up. */
  readonly armDeg: number;
  /** -1 walks to the right as the robot sees it, 1 to the left, 0 stands. */
  readonly walking: -1 | 0 | 1;
  /** Turns of the walk cycle, 0..1. */
  readonly stride: number;
}

export function teacherAt(sceneMs: number): TeacherMoment {
  const walk = walkAt(sceneMs);
  const speaking = utteranceAt(sceneMs) !== undefined;
  const bob = walk.walking === 0 ? 0 : 0.015 * Math.abs(Math.sin(2 * Math.PI * walk.stride));
  const feet = { x: LINE_X, y: walk.y, z: FLOOR_Z + bob };
  return {
    feet,
    mouth: { x: LINE_X, y: walk.y, z: feet.z + MOUTH_M },
    speaking,
    mouthOpen: speaking ? mouthOpenAt(sceneMs) : 0,
    armDeg: speaking ? 38 + 22 * slowWave(sceneMs, 1_700) + 6 * slowWave(sceneMs, 610) : 6,
    walking: walk.walking,
    stride: walk.stride,
  };
}

interface Walk {
  readonly y: number;
  readonly walking: -1 | 0 | 1;
  readonly stride: number;
}

function walkAt(sceneMs: number): Walk {
  const at = ((sceneMs % ROUND_MS) + ROUND_MS) % ROUND_MS;
  const stroll = 0.06 * slowWave(sceneMs, 5_300);
  if (at < STAND_MS) return { y: LEFT_Y + stroll, walking: 0, stride: 0 };
  if (at < STAND_MS + WALK_MS) return crossing((at - STAND_MS) / WALK_MS, LEFT_Y, RIGHT_Y, stroll);
  if (at < 2 * STAND_MS + WALK_MS) return { y: RIGHT_Y + stroll, walking: 0, stride: 0 };
  return crossing((at - 2 * STAND_MS - WALK_MS) / WALK_MS, RIGHT_Y, LEFT_Y, stroll);
}

/** Starts and ends gently. */
function crossing(part: number, from: number, to: number, stroll: number): Walk {
  const eased = part * part * (3 - 2 * part);
  const y = from + (to - from) * eased;
  return {
    y: y + stroll,
    walking: to > from ? 1 : -1,
    stride: (Math.abs(y - from) / STRIDE_M) % 1,
  };
}

/** About five syllables a second, uneven, as lips are. */
function mouthOpenAt(sceneMs: number): number {
  const syllables = 0.5 + 0.5 * Math.sin((2 * Math.PI * sceneMs) / 205);
  const stress = 0.6 + 0.4 * Math.sin((2 * Math.PI * sceneMs) / 730 + 1);
  return syllables * stress;
}

function slowWave(ms: number, periodMs: number): number {
  return Math.sin((2 * Math.PI * ms) / periodMs);
}
