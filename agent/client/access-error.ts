import type { AccessRefusal } from '../wire/signalling.ts';

export type AccessProblem =
  | AccessRefusal
  /** Somebody answered in the robot's place: not signed by the key that the invitation pinned. */
  | 'forgedRobot'
  /** The robot is off, asleep without network, or out of reach. */
  | 'noAnswer'
  | 'brokerUnreachable'
  /** A microphone was asked for and has no live track. */
  | 'noMicrophone'
  /** The bindings of this device stand behind a PIN. */
  | 'locked'
  /** This device holds no key for the robot. */
  | 'notBound'
  /** `leave` was called in the meantime. */
  | 'left'
  | 'failed';

/** Why a pupil did not get in: `reason` for the page's words, `message` for a developer. */
export class AccessError extends Error {
  override readonly name = 'AccessError';

  constructor(
    readonly reason: AccessProblem,
    message: string,
  ) {
    super(`${reason}: ${message}`);
  }
}
