/** Errors for staff and at start. A pupil's device gets an AccessRefusal instead. */
type AccessFaultKind =
  /** The records file cannot be read. */
  | 'brokenRecords'
  /** No room for another invitation or device. */
  | 'full'
  /** An invalid request, such as an invitation for zero days. */
  | 'badRequest'
  /** Invitations expire, and the robot's time of day is unknown. */
  | 'clockUnknown';

export class AccessFault extends Error {
  override readonly name = 'AccessFault';

  constructor(
    readonly kind: AccessFaultKind,
    message: string,
  ) {
    super(message);
  }
}
