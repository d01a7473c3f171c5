import type { UsageRecord } from '../wire/fleet.ts';

/** Phase of a session; the diagram is in session/session-machine.ts. */
export type SessionPhase =
  /** No session; the camera has no power. The safe state. */
  | 'asleep'
  /** A pupil was let in and media is connecting. */
  | 'waking'
  | 'live'
  /** By the teacher. */
  | 'paused'
  /** The pupil is in class, and it is unknown whether the teacher has paused. */
  | 'blind'
  /** The pupil's connection is lost and may come back. */
  | 'interrupted';

/** Why a session ended. `powerLost` can only be determined afterwards. */
export type EndReason = Exclude<UsageRecord['why'], 'powerLost'>;

/** Whether the pupil is in class, with or without picture. */
export function inClass(phase: SessionPhase): boolean {
  return phase === 'live' || phase === 'paused' || phase === 'blind';
}
