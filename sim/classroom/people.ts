/** People as groups of flat parts that face the robot. */
import { CLASSMATES, type Classmate, fidgetOf, HANDS_UP, neckOf } from './classmates.ts';
import {
  FOREARM,
  forearmSheet,
  LEGS,
  legsSheet,
  RAISED_ARM,
  raisedArmSheet,
  SEATED,
  seatedSheet,
  TORSO,
  torsoSheet,
  UPPER_ARM,
  UPPER_ARM_M,
  upperArmSheet,
} from './paint/body-sheets.ts';
import type { Canvas } from './paint/canvas.ts';
import { HEAD, headSheet } from './paint/head-sheets.ts';
import { CLASSMATE_LOOKS, type Look, TEACHER_LOOK } from './paint/palette.ts';
import { add, held, type PlacedSheet, rightOf, scale } from './place.ts';
import type { Vec3 } from './plan/pose.ts';
import { teacherAt } from './teacher.ts';

/** Parts of one thing, from near to far, and how far away the thing is. */
export interface Group {
  readonly distanceM: number;
  readonly parts: readonly PlacedSheet[];
}

/** Steps from a closed to an open mouth. */
const MOUTHS = 4;
/** Torso over the soles, shoulder over the torso's joint and beside it, neck over it. */
const HIP_M = 0.86;
const SHOULDER = { side: 0.178, up: 0.53 };
const TORSO_NECK_M = 0.61;

export function peopleSheets(): Map<string, Canvas> {
  const sheets = new Map<string, Canvas>();
  for (const { look, view } of HANDS_UP.flatMap((index) => CLASSMATES[index] ?? [])) {
    const face = looks(look);
    sheets.set(`body-${look}-${view}-up`, seatedSheet(face, view, true));
    sheets.set(`arm-${look}`, raisedArmSheet(face));
  }
  for (const { look, view } of CLASSMATES) {
    const face = looks(look);
    sheets.set(`head-${look}-${view}`, headSheet(face, view));
    sheets.set(`body-${look}-${view}`, seatedSheet(face, view));
  }
  for (let step = 0; step < MOUTHS; step++)
    sheets.set(`teacher-head-${step}`, headSheet(TEACHER_LOOK, 'front', step / (MOUTHS - 1)));
  for (const step of [-1, 0, 1] as const) sheets.set(`teacher-legs-${step}`, legsSheet(step));
  sheets.set('teacher-torso', torsoSheet());
  sheets.set('teacher-upper-arm', upperArmSheet());
  return sheets.set('teacher-forearm', forearmSheet());
}

function looks(number: number): Look {
  const look = CLASSMATE_LOOKS[number];
  if (!look) throw new Error(`no classmate looks like number ${number}`);
  return look;
}

export function peopleAt(sceneMs: number): Group[] {
  return [...CLASSMATES.map((who, index) => seated(who, index, sceneMs)), teacher(sceneMs)];
}

function seated(who: Classmate, index: number, sceneMs: number): Group {
  const neck = neckOf(who);
  const right = rightOf(neck);
  const { swayM, headDeg, handUp } = fidgetOf(index, sceneMs);
  const moved = add(neck, scale(right, swayM));
  // Side views are painted looking to the right; to the robot's right that is backwards.
  const mirrored = who.view === 'side' && who.y < 0;
  const { look, view } = who;
  const head = held(`head-${look}-${view}`, HEAD, moved, right, headDeg, mirrored);
  const distanceM = Math.hypot(who.x, who.y);
  if (handUp < 0.02) {
    const body = held(`body-${look}-${view}`, SEATED, moved, right, 0, mirrored);
    return { distanceM, parts: [head, body] };
  }
  const shoulder = add(add(moved, scale(right, 0.16)), { x: 0, y: 0, z: -0.11 });
  const arm = held(`arm-${look}`, RAISED_ARM, shoulder, right, 165 - 157 * handUp);
  const body = held(`body-${look}-${view}-up`, SEATED, moved, right);
  return { distanceM, parts: [head, arm, body] };
}

function teacher(sceneMs: number): Group {
  const { feet, mouthOpen, armDeg, speaking, walking, stride } = teacherAt(sceneMs);
  const right = rightOf(feet);
  const up = (m: number): Vec3 => ({ x: 0, y: 0, z: m });
  const hip = add(feet, up(HIP_M));
  const neck = add(hip, up(TORSO_NECK_M));
  const shoulder = add(add(hip, up(SHOULDER.up)), scale(right, SHOULDER.side));
  const bend = (armDeg * Math.PI) / 180;
  const elbow = add(
    add(shoulder, scale(right, Math.sin(bend) * UPPER_ARM_M)),
    up(-Math.cos(bend) * UPPER_ARM_M),
  );
  const forearmDeg = armDeg + (speaking ? 30 + armDeg * 0.8 : 4);
  const mouth = Math.round(mouthOpen * (MOUTHS - 1));
  const nod = speaking ? 2.5 * Math.sin(sceneMs / 640) : 0;
  const parts = [
    held('teacher-forearm', FOREARM, elbow, right, -forearmDeg),
    held('teacher-upper-arm', UPPER_ARM, shoulder, right, -armDeg),
    held(`teacher-head-${mouth}`, HEAD, neck, right, nod),
    held('teacher-torso', TORSO, hip, right),
    held(`teacher-legs-${legsOf(walking, stride)}`, LEGS, feet, right),
  ];
  return { distanceM: Math.hypot(feet.x, feet.y), parts };
}

/** Which leg is ahead: none while the feet pass each other. */
function legsOf(walking: number, stride: number): -1 | 0 | 1 {
  if (walking === 0) return 0;
  const swing = Math.sin(2 * Math.PI * stride);
  if (Math.abs(swing) < 0.35) return 0;
  return swing > 0 ? 1 : -1;
}
