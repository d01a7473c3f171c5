import type { LightLevels } from '../../hal/ports/body.ts';
import { withoutEffects } from '../core/state-machine.ts';
import type { EyesLook } from './eyes.ts';

/**
 * At power-up each light is turned on once, so that people see a dead colour and firmware detects a
 * dead driver. Pure colours, one after the other: the ring never looks white. The watch light is
 * not tested, as it indicates that the camera has power.
 */
export type SelfTestState =
  /** Waiting for the agent: during a session the test is skipped. */
  | { readonly name: 'waiting'; readonly sinceMs: number | undefined }
  | { readonly name: 'running'; readonly sinceMs: number }
  | { readonly name: 'done' };

type SelfTestEvent =
  /** Each tick; `desired`: a session is running, or firmware was only restarted. */
  { readonly type: 'tick'; readonly atMs: number; readonly desired: boolean };

/** A running agent has connected by then. */
const WAIT_MS = 600;
/** Duration of a colour: below three changes a second, and longer than the flicker limit. */
const STEP_MS = 340;
const SHOW_MS = 4 * STEP_MS;

export const SELF_TEST_START: SelfTestState = { name: 'waiting', sinceMs: undefined };
const DONE: SelfTestState = { name: 'done' };

export const stepSelfTest = withoutEffects<SelfTestState, SelfTestEvent>((state, event) => {
  if (state.name === 'done' || event.desired) return DONE;
  const sinceMs = state.sinceMs ?? event.atMs;
  const passedMs = event.atMs - sinceMs;
  if (state.name === 'running') return passedMs < SHOW_MS ? state : DONE;
  if (passedMs < WAIT_MS) return { name: 'waiting', sinceMs };
  return { name: 'running', sinceMs: event.atMs };
});

interface Shown {
  readonly levels: LightLevels;
  readonly look: EyesLook;
}

const LEVEL = 0.4;
const ALL_DOTS = new Uint8Array(8).fill(0xff);
const LOOK: EyesLook = { left: ALL_DOTS, right: ALL_DOTS, brightness: 3 };
const STEPS: readonly LightLevels[] = [
  { ring: [LEVEL, 0, 0], hand: 0 },
  { ring: [0, LEVEL, 0], hand: 0 },
  { ring: [0, 0, LEVEL], hand: 0 },
  { ring: [0, 0, 0], hand: LEVEL },
];

/** What the test shows now; undefined when it is not running. */
export function selfTest(state: SelfTestState, nowMs: number): Shown | undefined {
  if (state.name !== 'running') return undefined;
  const levels = STEPS[Math.floor((nowMs - state.sinceMs) / STEP_MS)];
  return levels && { levels, look: LOOK };
}
