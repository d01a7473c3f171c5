import type { AccessRefusal } from '../wire/signalling.ts';

/** Who stands at the door, proven by signature. */
export interface Visitor {
  /** The connection, 32 hex digits. */
  readonly peer: string;
  /** The device's key thumbprint. */
  readonly device: string;
}

export type Admission = { ok: true; sdp: string } | { ok: false; reason: AccessRefusal };

/** The session as signalling sees it: only authenticated messages come through. */
export interface SessionDoor {
  /** An offer whose signature, robot, challenge and time were checked. */
  offer(from: Visitor, sdp: string): Promise<Admission>;
  bye(from: Visitor): void;
}
