/** A chip in memory, at the level of its bytes on the wire. FakeI2c carries them. */
export interface FakeChip {
  /** As a person knows it, for messages of tests. */
  readonly name: string;
  /** Whether the chip takes part in a transaction to this 7-bit address. */
  answers(address: number, reading: boolean): boolean;
  /** START address+W, these bytes, STOP (or a repeated START when a read follows). */
  write(bytes: Uint8Array, address: number): void;
  /** START address+R, this many bytes, STOP. */
  read(length: number): Uint8Array;
  /** All registers as the supply finds them: the chip has forgotten everything. */
  powerOn(): void;
}
