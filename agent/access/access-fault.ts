/** What can go wrong for staff and at start. What a pupil meets is an AccessRefusal. */
type AccessFaultKind =
  /** A file of records cannot be read. */
  | 'brokenRecords'
  /** No room for another invitation or device. */
  | 'full'
  /** A request that makes no sense, such as an invitation for no days. */
  | 'badRequest'
  /** An invitation has an expiry, and the robot does not know what time it is. */
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
