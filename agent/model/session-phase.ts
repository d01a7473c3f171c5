import type { UsageRecord } from '../wire/fleet.ts';

/** How far a session is; session/session-machine.ts draws the way from one to the next. */
export type SessionPhase =
  /** Nobody is there; the camera has no power. The safe one. */
  | 'asleep'
  /** A pupil was let in and media is on its way. */
  | 'waking'
  | 'live'
  /** By the teacher. */
  | 'paused'
  /** The pupil is in class, and nobody can say whether the teacher has paused. */
  | 'blind'
  /** The pupil's connection is gone and may come back. */
  | 'interrupted';

/** Why a session ended. That the power was lost is known only afterwards. */
export type EndReason = Exclude<UsageRecord['why'], 'powerLost'>;

/** The pupil is in class, whether or not anything may be seen. */
export function inClass(phase: SessionPhase): boolean {
  return phase === 'live' || phase === 'paused' || phase === 'blind';
}
