import type { I2cBus } from '../bus/i2c.ts';
import type { Clock } from '../ports/clock.ts';
import { HardwareFault, type HardwareFaultKind } from '../ports/fault.ts';
import { FakeRandom } from './random.ts';

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

/** A chip that answers to one address, and has a pointer to the register that comes next. */
export abstract class PointedChip implements FakeChip {
  readonly name: string;
  protected pointer = 0;

  constructor(
    type: string,
    readonly address: number,
  ) {
    this.name = `${type} at 0x${address.toString(16)}`;
  }

  abstract powerOn(): void;
  abstract write(bytes: Uint8Array, address?: number): void;
  abstract read(length: number): Uint8Array;

  answers(address: number, _reading = false): boolean {
    return address === this.address;
  }
}

/** What can go wrong with transactions to an address. */
type WireFault =
  /** Nobody acknowledges. */
  | 'nack'
  /** The clock is held low until the adapter gives up. */
  | 'timeout'
  /** One bit of one byte is wrong, in either direction; I2C has no checksum. */
  | 'flip'
  /** As `flip`, of what is read only. */
  | 'flipRead'
  /** A read gives fewer bytes than asked. */
  | 'short';

export interface FakeI2cOptions {
  /** 100 or 400 as on real buses; 0: transactions take no time. */
  readonly kHz?: number;
  /** Of flipped bits. */
  readonly seed?: number;
}

/** A fault that was put on the wires; `heal` takes it off, once or more often. */
export type Heal = () => void;

interface Entry {
  readonly address: number | 'all';
  readonly fault: WireFault;
  readonly share: number;
  /** It has spoilt the transaction before. */
  struck: boolean;
}

interface Transaction {
  readonly address: number;
  /** Register and data of the writing part. */
  readonly out: Uint8Array;
  /** Bytes of the reading part. */
  readonly reads: number;
  readonly settle: (result: Uint8Array | HardwareFault) => void;
}

/** How long an adapter waits for a clock that is held low. */
const TIMEOUT_MS = 20;
/** A byte and its acknowledge. */
const BYTE_BITS = 9;

/**
 * An I2C bus in memory, with chips on it. Transactions are carried out one after the other and take
 * the time they would at that clock; faults are put on its wires by tests and by FaultSchedule.
 */
export class FakeI2c implements I2cBus {
  readonly name = 'fake I2C bus';
  private readonly chips = new Set<FakeChip>();
  private readonly away = new Set<FakeChip>();
  private readonly faults = new Set<Entry>();
  private readonly sticks = new Set<{ freedByRecover: boolean }>();
  private readonly random: FakeRandom;
  private readonly bitMs: number;
  private queue: Transaction[] = [];
  private running = false;
  /** Whole life of the bus: what was carried, and for how long its wires were in use. */
  transactions = 0;
  busyMs = 0;
  /** How often somebody tried to free it. */
  recoveries = 0;

  constructor(
    readonly clock: Clock,
    options: FakeI2cOptions = {},
  ) {
    const kHz = options.kHz ?? 400;
    this.bitMs = kHz === 0 ? 0 : 1 / kHz;
    this.random = new FakeRandom(options.seed ?? 1);
  }

  add<Chip extends FakeChip>(chip: Chip): Chip {
    this.chips.add(chip);
    return chip;
  }

  /** The chips that would answer at this address, gone ones too. */
  at(address: number): FakeChip[] {
    return [...this.chips].filter((chip) => chip.answers(address, true));
  }

  /**
   * Puts a fault on an address (or all), on this share of its transactions. Wrong bits of a share
   * never come twice in a row: the same bit wrong in a write and in its reading back is what no
   * driver can find without a checksum.
   */
  fail(address: number | 'all', fault: WireFault, share = 1): Heal {
    const entry: Entry = { address, fault, share, struck: false };
    this.faults.add(entry);
    return () => this.faults.delete(entry);
  }

  /** A chip holds the data line: nothing gets through, until healed or (if it may) recovered. */
  stick(freedByRecover = true): Heal {
    const stick = { freedByRecover };
    this.sticks.add(stick);
    return () => this.sticks.delete(stick);
  }

  /** Takes the chip at an address off the bus; it comes back without its memory. */
  lose(address: number): Heal {
    const gone = this.at(address).filter((chip) => !this.away.has(chip));
    for (const chip of gone) {
      // Without supply its outputs do nothing, which is what its defaults do.
      chip.powerOn();
      this.away.add(chip);
    }
    return () => {
      for (const chip of gone.splice(0)) {
        chip.powerOn();
        this.away.delete(chip);
      }
    };
  }

  /** A dip of the supply: the chip answers on, and has forgotten everything. */
  brownOut(address: number): void {
    for (const chip of this.at(address)) chip.powerOn();
  }

  get stuck(): boolean {
    return this.sticks.size > 0;
  }

  async writeBlock(address: number, register: number, bytes: Uint8Array): Promise<void> {
    await this.transact(address, Uint8Array.of(register, ...bytes), 0);
  }

  readBlock(address: number, register: number, length: number): Promise<Uint8Array> {
    return this.transact(address, Uint8Array.of(register), length);
  }

  async writeByte(address: number, register: number, value: number): Promise<void> {
    await this.transact(address, Uint8Array.of(register, value), 0);
  }

  async readByte(address: number, register: number): Promise<number> {
    return (await this.transact(address, Uint8Array.of(register), 1))[0] ?? 0;
  }

  async sendByte(address: number, command: number): Promise<void> {
    await this.transact(address, Uint8Array.of(command), 0);
  }

  async recover(): Promise<void> {
    this.recoveries += 1;
    for (const stick of this.sticks) if (stick.freedByRecover) this.sticks.delete(stick);
  }

  async close(): Promise<void> {}

  private transact(address: number, out: Uint8Array, reads: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const settle = (result: Uint8Array | HardwareFault): void =>
        result instanceof HardwareFault ? reject(result) : resolve(result);
      this.queue.push({ address, out, reads, settle });
      if (!this.running) this.next();
    });
  }

  private next(): void {
    const transaction = this.queue.shift();
    this.running = transaction !== undefined;
    if (!transaction) return;
    const fault = this.faultOf(transaction);
    const tookMs = this.durationMs(transaction, fault);
    const end = (): void => {
      this.transactions += 1;
      this.busyMs += tookMs;
      transaction.settle(this.carryOut(transaction, fault));
      this.next();
    };
    if (tookMs === 0) end();
    else this.clock.after(tookMs, end);
  }

  private faultOf({ address }: Transaction): WireFault | undefined {
    if (this.stuck) return 'timeout';
    let first: WireFault | undefined;
    for (const entry of this.faults) {
      if (entry.address !== 'all' && entry.address !== address) continue;
      if (this.strikes(entry)) first ??= entry.fault;
    }
    return first;
  }

  private strikes(entry: Entry): boolean {
    if (entry.share >= 1) return true;
    const spared = entry.struck && (entry.fault === 'flip' || entry.fault === 'flipRead');
    entry.struck = !spared && this.random.next() < entry.share;
    return entry.struck;
  }

  private durationMs({ out, reads }: Transaction, fault: WireFault | undefined): number {
    if (fault === 'timeout') return TIMEOUT_MS;
    // START, address, acknowledge, STOP.
    if (fault === 'nack') return (2 + BYTE_BITS) * this.bitMs;
    const writing = 2 + BYTE_BITS * (1 + out.length);
    const reading = reads === 0 ? 0 : 1 + BYTE_BITS * (1 + reads);
    return (writing + reading) * this.bitMs;
  }

  private carryOut(transaction: Transaction, fault: WireFault | undefined) {
    const { address, out, reads } = transaction;
    if (fault === 'timeout') return this.fault('timeout', address, `no end in ${TIMEOUT_MS} ms`);
    const listening = [...this.chips].filter(
      (chip) => !this.away.has(chip) && chip.answers(address, reads > 0),
    );
    if (fault === 'nack' || listening.length === 0)
      return this.fault('noAnswer', address, 'no acknowledge');
    const sent = fault === 'flip' && reads === 0 ? this.flipped(out) : out;
    for (const chip of listening) chip.write(sent, address);
    if (reads === 0) return new Uint8Array(0);
    const bytes = new Uint8Array(reads).fill(0xff);
    // Two chips at one address: a low bit wins, as on open-drain wires.
    for (const chip of listening) {
      const own = chip.read(reads);
      for (let i = 0; i < reads; i++) bytes[i] = (bytes[i] ?? 0) & (own[i] ?? 0);
    }
    if (fault === 'short')
      return this.fault('badData', address, `${reads - 1} of ${reads} bytes came`);
    return fault === 'flip' || fault === 'flipRead' ? this.flipped(bytes) : bytes;
  }

  private flipped(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const at = this.random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << this.random.below(8));
    return copy;
  }

  private fault(kind: HardwareFaultKind, address: number, message: string): HardwareFault {
    return new HardwareFault(kind, `I2C 0x${address.toString(16)} (fake)`, message);
  }
}
