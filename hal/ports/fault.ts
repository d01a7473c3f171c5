/** Why a driver's operation failed. Drivers throw nothing else. */
export type HardwareFaultKind =
  /** The device did not answer (I2C NACK, device file gone). */
  | 'noAnswer'
  /** The device did not answer in time. */
  | 'timeout'
  /** The device answered with an invalid value. */
  | 'badData'
  /** The bus is stuck: no device on it can be reached. */
  | 'busStuck'
  /** The process may not open the device. */
  | 'notPermitted'
  /** Another process has the device. */
  | 'busy';

/** An error of a device. The message says what failed, where, what was expected, and what to do. */
export class HardwareFault extends Error {
  override readonly name = 'HardwareFault';
  constructor(
    readonly kind: HardwareFaultKind,
    /** The device's name for people, for example `servo driver (I2C 0x41)`. */
    readonly device: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${device}: ${message}`, options);
  }
}
