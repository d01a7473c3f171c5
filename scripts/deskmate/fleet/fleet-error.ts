/** What is wrong with a fleet's folder, or with a file that people hand each other. */
import type { StaffFileFault } from '../command/staff-key.ts';

export type FleetFaultReason =
  /** There is no such folder or file. */
  | 'missing'
  /** It would be written over. */
  | 'exists'
  /** Others on this computer may read it. */
  | 'exposed'
  /** Some of its files are missing: it was copied or deleted in part. */
  | 'incomplete'
  /** Another command is changing it. */
  | 'busy'
  /** Its keys are protected, and no passphrase was given. */
  | 'passphraseNeeded'
  | 'passphraseWrong'
  /** What stands in it is not what was expected. */
  | 'wrong'
  /** A robot that is not in the fleet, or whose request is not acceptable. */
  | 'robot';

/** The message is for people: what was found, what was expected, what to do. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  constructor(
    readonly reason: FleetFaultReason,
    /** A file or folder; the robot for `robot`. */
    readonly where: string,
    message: string,
  ) {
    super(message);
  }
}

export function fromFile(fault: StaffFileFault): FleetError {
  const { reason, file } = fault;
  switch (reason) {
    case 'missing':
      return new FleetError(reason, file, `${file}: there is no such file`);
    case 'exists':
      return new FleetError(reason, file, `${file} exists and is not written over; move it away`);
    case 'exposed': {
      const message = `${file} can be read by others, so it is not used; chmod ${fault.mode} ${file}`;
      return new FleetError(reason, file, message);
    }
    case 'wrong':
      return new FleetError(reason, file, `${file}: ${fault.why}`);
  }
}
