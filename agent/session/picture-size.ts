/**
 * Picture size as a value: encoder time and path quality go in once a second, a size comes out. The
 * board needs 720p, so a session starts there; lasting trouble brings it down, and it goes up again
 * when there is room, waiting longer after each failed attempt. No time and no I/O; the owner is
 * picture-size-controller.ts.
 */
import type { RobotState } from '../wire/control.ts';

export type PictureSize = RobotState['picture'];

/** One second's measurements; undefined where nothing was measured. */
export interface PictureHealth {
  /** The encoder's time per frame, milliseconds. The frame interval is 33. */
  readonly encodeMs: number | undefined;
  /** Share of sent packets that were lost, 0..1. */
  readonly lossRatio: number | undefined;
  /** Round-trip time of the path, milliseconds. */
  readonly roundTripMs: number | undefined;
  /** Glass to glass as measured by the pupil's page, milliseconds. */
  readonly delayMs: number | undefined;
}

export interface Sizing {
  readonly size: PictureSize;
  /** Why it is 480p; `undefined` at 720p. */
  readonly why: 'processor' | 'path' | undefined;
  /** Consecutive seconds in favour of a change: with trouble at 720p, with room at 480p. */
  readonly inARow: number;
  /** Since the last change, seconds. */
  readonly age: number;
  /** Seconds of room before the next attempt to step up. */
  readonly patience: number;
  /** The shortest round trip of this session, taken as propagation delay, milliseconds. */
  readonly nearestMs: number | undefined;
}

/** Of the 33 ms between frames: the rest is for capture, sound and motion on four small cores. */
const ENCODE_BUDGET_MS = 22;
/** 720p has three times the pixels of 480p, and costs about that much more to encode. */
const PIXEL_RATIO = 3;
const LOSS = { trouble: 0.06, room: 0.02 } as const;
/** Delay beyond propagation, milliseconds. */
const WAITING = { trouble: 350, room: 200 } as const;

const TROUBLE_S = 3;
const PATIENCE_S = { first: 15, most: 8 * 60 } as const;
/** After this long at 720p the waiting time is reset, seconds. */
const TRUSTED_S = 60;

export const largest: Sizing = {
  size: '720p',
  why: undefined,
  inARow: 0,
  age: 0,
  patience: PATIENCE_S.first,
  nearestMs: undefined,
};

/** For the next pupil: the processor's limit remains known, the path is a new one. */
export function nextSession(sizing: Sizing): Sizing {
  return sizing.why === 'processor' ? { ...sizing, nearestMs: undefined } : largest;
}

/** One second during which the picture was really sent. */
export function stepSizing(before: Sizing, health: PictureHealth): Sizing {
  const nearestMs = least(before.nearestMs, health.roundTripMs);
  const sizing = { ...before, nearestMs, age: before.age + 1 };
  return sizing.size === '720p' ? large(sizing, health) : small(sizing, health);
}

function large(sizing: Sizing, health: PictureHealth): Sizing {
  const trouble = troubleOf(health, sizing.nearestMs);
  if (!trouble) {
    const patience = sizing.age >= TRUSTED_S ? PATIENCE_S.first : sizing.patience;
    return { ...sizing, patience, inARow: 0 };
  }
  const inARow = sizing.inARow + 1;
  if (inARow < TROUBLE_S) return { ...sizing, inARow };
  return { ...sizing, size: '480p', why: trouble, inARow: 0, age: 0 };
}

function small(sizing: Sizing, health: PictureHealth): Sizing {
  if (!hasRoom(health, sizing.nearestMs)) return { ...sizing, inARow: 0 };
  const inARow = sizing.inARow + 1;
  if (inARow < sizing.patience) return { ...sizing, inARow };
  const patience = Math.min(PATIENCE_S.most, sizing.patience * 2);
  return { ...sizing, size: '720p', why: undefined, inARow: 0, age: 0, patience };
}

function troubleOf(health: PictureHealth, nearestMs: number | undefined): Sizing['why'] {
  if ((health.encodeMs ?? 0) > ENCODE_BUDGET_MS) return 'processor';
  const lost = (health.lossRatio ?? 0) > LOSS.trouble;
  return lost || waitingMs(health, nearestMs) > WAITING.trouble ? 'path' : undefined;
}

function hasRoom(health: PictureHealth, nearestMs: number | undefined): boolean {
  return (
    (health.encodeMs ?? 0) * PIXEL_RATIO <= ENCODE_BUDGET_MS &&
    (health.lossRatio ?? 0) <= LOSS.room &&
    waitingMs(health, nearestMs) <= WAITING.room
  );
}

/** Delay by queues and buffers; a smaller picture cannot help with mere distance. */
function waitingMs({ delayMs, roundTripMs }: PictureHealth, nearestMs = 0): number {
  const picture = (delayMs ?? 0) - nearestMs / 2;
  const network = (roundTripMs ?? nearestMs) - nearestMs;
  return Math.max(picture, network);
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
