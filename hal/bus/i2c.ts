/**
 * Interface below the drivers of I2C chips. One transaction per call, in the SMBus 2.0 forms of the
 * kernel's i2c-dev; the register is the first byte of a transaction. All calls reject only with
 * HardwareFault, within 20 ms. Calls are carried out in the order they were made.
 *
 * Implemented by hal/linux (the kernel) and hal/fake (chips in memory, with faults).
 */
export interface I2cBus {
  /** `/dev/i2c-1`, or another name for people. */
  readonly name: string;
  /** I2C block write (SMBus "I2C block data"): START addr reg bytes... STOP. 1..32 bytes. */
  writeBlock(address: number, register: number, bytes: Uint8Array): Promise<void>;
  /** I2C block read: 1..32 bytes, exactly `length` of them or a fault. */
  readBlock(address: number, register: number, length: number): Promise<Uint8Array>;
  /** SMBus write byte data. */
  writeByte(address: number, register: number, value: number): Promise<void>;
  /** SMBus read byte data. */
  readByte(address: number, register: number): Promise<number>;
  /** SMBus send byte: a command without data. */
  sendByte(address: number, command: number): Promise<void>;
  /**
   * Bus recovery, for a bus that a chip holds low (nine clocks, UM10204 section 3.1.16, or what the
   * adapter supports). Resolves after the attempt; the next transaction shows whether it helped.
   */
  recover(): Promise<void>;
  close(): Promise<void>;
}
