import type { PromisifiedBus } from 'i2c-bus';
import { CALL_MS, CallQueue, inTime } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import { codeOf } from '../../common/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { rebindAdapter } from './adapter.ts';
import { faultOf } from './errno.ts';

/** The calls of i2c-bus that are used: SMBus forms only, which every adapter and i2c-stub has. */
export type RawI2c = Pick<
  PromisifiedBus,
  'writeI2cBlock' | 'readI2cBlock' | 'writeByte' | 'readByte' | 'sendByte' | 'i2cFuncs' | 'close'
>;

export interface KernelI2cParts {
  readonly bus: number;
  readonly clock: Clock;
  /** Opens the device file anew. */
  open(): Promise<RawI2c>;
  /** Reinitialises the controller, where permitted. */
  rebind(): Promise<boolean>;
}

/** Each call that hangs in the kernel occupies one of the four threads of Node's pool. */
const MAX_LOST = 2;
/** A second recovery within this time means that reopening the file was not enough. */
const AGAIN_MS = 15_000;
/**
 * The kernel unbinds an adapter's driver only when all its files are closed, those of other programs
 * too (i2c_del_adapter waits for that without limit): the bus is not blocked longer than this.
 */
const REBIND_MS = 1_000;

/**
 * `/dev/i2c-N` through the package `i2c-bus`. Rejects with a HardwareFault that says what to do
 * when the file is missing, not permitted, or its adapter lacks SMBus block transfers.
 */
export async function openKernelI2c(bus: number, clock: Clock): Promise<I2cBus> {
  const { openPromisified } = await import('i2c-bus').catch((error: unknown) => {
    throw new HardwareFault(
      'noAnswer',
      file(bus),
      'the package i2c-bus cannot be loaded; it is compiled when deskmate is installed (npm rebuild i2c-bus)',
      { cause: error },
    );
  });
  const kernel = new KernelI2c({
    bus,
    clock,
    open: () => openPromisified(bus),
    rebind: () => rebindAdapter(bus, clock),
  });
  await kernel.probe();
  return kernel;
}

export class KernelI2c implements I2cBus {
  readonly name: string;
  private readonly queue: CallQueue;
  private handle: RawI2c | undefined;
  /** Abandoned calls that have not returned from the kernel. */
  private lost = 0;
  private underWay: { abandoned: boolean } | undefined;
  private recoveredMs = Number.NEGATIVE_INFINITY;
  /** A rebind is running; the kernel may block in it. */
  private rebinding = false;
  private closed = false;

  constructor(private readonly parts: KernelI2cParts) {
    this.name = file(parts.bus);
    this.queue = new CallQueue(parts.clock, (begun) =>
      begun
        ? this.fault('timeout', `the transaction was not over within ${CALL_MS} ms`)
        : this.fault(
            this.queue.hung ? 'busStuck' : 'timeout',
            `did not get its turn within ${CALL_MS} ms`,
          ),
    );
  }

  /**
   * Checks that the device can be opened and that its adapter supports what drivers need. Precedes
   * all calls and has no time limit: there is no bus traffic, and a booting computer is slow.
   */
  async probe(): Promise<void> {
    const able = await this.carryOut(undefined, (raw) => raw.i2cFuncs());
    const missing = (['smbusReadI2cBlock', 'smbusWriteI2cBlock', 'smbusSendByte'] as const).filter(
      (name) => !able[name],
    );
    if (missing.length > 0)
      throw this.fault(
        'badData',
        `its adapter cannot do ${missing.join(', ')}, which the drivers need; use another bus`,
      );
  }

  async writeBlock(address: number, register: number, bytes: Uint8Array): Promise<void> {
    this.expectBlock(bytes.length);
    const copy = Buffer.from(bytes);
    await this.run(address, (raw) => raw.writeI2cBlock(address, register, copy.length, copy));
  }

  async readBlock(address: number, register: number, length: number): Promise<Uint8Array> {
    this.expectBlock(length);
    const { bytesRead, buffer } = await this.run(address, (raw) =>
      raw.readI2cBlock(address, register, length, Buffer.alloc(length)),
    );
    if (bytesRead !== length)
      throw this.fault('badData', `gave ${bytesRead} bytes, expected ${length}`, address);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
  }

  async writeByte(address: number, register: number, value: number): Promise<void> {
    await this.run(address, (raw) => raw.writeByte(address, register, value));
  }

  readByte(address: number, register: number): Promise<number> {
    return this.run(address, (raw) => raw.readByte(address, register));
  }

  async sendByte(address: number, command: number): Promise<void> {
    await this.run(address, (raw) => raw.sendByte(address, command));
  }

  /**
   * Reopens the device file, abandoning a call that hangs. If that was done recently and did not
   * help, also rebinds the controller's driver, unless an unreturned call of this process holds a
   * file: the kernel would wait for that call.
   */
  async recover(): Promise<void> {
    const { clock } = this.parts;
    const again = clock.now() - this.recoveredMs < AGAIN_MS;
    this.recoveredMs = clock.now();
    const closed = this.drop();
    if (again && !this.queue.hung && this.lost === 0) await this.rebind(closed);
    if (!this.queue.hung || !this.underWay || this.lost >= MAX_LOST) return;
    this.underWay.abandoned = true;
    this.lost += 1;
    this.queue.abandon();
  }

  async close(): Promise<void> {
    this.closed = true;
    void this.drop();
  }

  /** One at a time; it may continue in the background after its time limit. */
  private async rebind(closed: Promise<void>): Promise<void> {
    if (this.rebinding) return;
    this.rebinding = true;
    const { clock, rebind } = this.parts;
    const done = closed.then(rebind).finally(() => {
      this.rebinding = false;
    });
    const late = (): HardwareFault => this.fault('timeout', 'its driver was not taken off in time');
    // The next transaction shows whether it helped.
    await inTime(clock, REBIND_MS, done, late).catch(() => {});
  }

  private run<T>(address: number | undefined, act: (raw: RawI2c) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(this.fault('noAnswer', 'the bus is closed', address));
    if (this.queue.hung)
      return Promise.reject(
        this.fault('busStuck', 'an earlier transaction has not come back from the kernel', address),
      );
    return this.queue.add(() => this.carryOut(address, act));
  }

  private async carryOut<T>(
    address: number | undefined,
    act: (raw: RawI2c) => Promise<T>,
  ): Promise<T> {
    const call = { abandoned: false };
    this.underWay = call;
    try {
      this.handle ??= await this.parts.open();
      return await act(this.handle);
    } catch (error) {
      const fault = faultOf(error, this.device(address), this.name);
      // i2c-bus keeps a file whose address was refused, and would use it with address 0.
      const unusable = fault.kind === 'busy' || fault.kind === 'notPermitted' || gone(error);
      // An abandoned call must not close the file that was opened after it.
      if (unusable && !call.abandoned) void this.drop();
      throw fault;
    } finally {
      if (call.abandoned) this.lost -= 1;
    }
  }

  /** Need not be awaited: closing a file that hangs is up to the kernel. */
  private async drop(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => {});
  }

  private expectBlock(length: number): void {
    if (length < 1 || length > 32)
      throw this.fault('badData', `a block of ${length} bytes, expected 1..32 (SMBus)`);
  }

  private device(address: number | undefined): string {
    return address === undefined ? this.name : `I2C 0x${address.toString(16)} on ${this.name}`;
  }

  private fault(kind: HardwareFault['kind'], message: string, address?: number): HardwareFault {
    return new HardwareFault(kind, this.device(address), message);
  }
}

const file = (bus: number): string => `/dev/i2c-${bus}`;

/** The adapter was removed: the file must be reopened when it is back. */
const gone = (error: unknown): boolean => codeOf(error) === 'ENODEV';
