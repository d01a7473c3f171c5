import { CallQueue, inTime, type Turn } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault, type HardwareFaultKind } from '../../ports/fault.ts';
import { BusHealth } from './bus-health.ts';
import { type DeviceCounts, DeviceHealth } from './device-health.ts';

interface GuardOptions {
  /** Addresses whose transactions have priority over others that wait: servos and encoders. */
  readonly urgent?: readonly number[];
  /** Name for people of the chip at an address. */
  readonly nameOf?: (address: number) => string;
  /** One line for people when the bus sticks and when it is free again. */
  readonly logLine?: (line: string) => void;
}

export interface BusCounts {
  readonly state: 'well' | 'stuck';
  readonly recoveries: number;
  /** Total duration of transactions, milliseconds, including the system call. */
  readonly busyMs: number;
  readonly devices: readonly DeviceCounts[];
}

/** One NACK may be noise; three are not. */
const RETRIES = 2;
const RETRIED: readonly HardwareFaultKind[] = ['noAnswer', 'badData'];
/** A chip that answered within this time counts as in use, and so as evidence for the bus. */
const IN_USE_MS = 3_000;
/** Longer than a recovery of KernelI2c takes; no chip can be reached meanwhile. */
const RECOVERY_LIMIT_MS = 2_000;

/**
 * Decorates an I2cBus: retries within the 20 ms of a call, gives urgent chips priority (they wait at
 * most for the running transaction), backs off from a chip that times out so that it does not block
 * the others, detects a stuck bus and starts its recovery, and keeps counts. Calls of the same
 * priority keep their order.
 */
export class BusGuard implements I2cBus {
  readonly name: string;
  private readonly queue: CallQueue;
  private readonly urgent: ReadonlySet<number>;
  private readonly devices = new Map<number, DeviceHealth>();
  private readonly health: BusHealth;
  private busyMs = 0;

  constructor(
    private readonly bus: I2cBus,
    private readonly clock: Clock,
    private readonly options: GuardOptions = {},
  ) {
    this.name = bus.name;
    this.urgent = new Set(options.urgent);
    this.health = new BusHealth(bus.name, clock, options.logLine);
    this.queue = new CallQueue(clock, (begun) => this.late(begun));
  }

  /** For the log and for `deskmate doctor`. */
  get counts(): BusCounts {
    const devices = [...this.devices.values()].map((device) => device.counts);
    const { stuck, recoveries } = this.health;
    return { state: stuck ? 'stuck' : 'well', recoveries, busyMs: this.busyMs, devices };
  }

  writeBlock(address: number, register: number, bytes: Uint8Array): Promise<void> {
    // The caller may reuse its buffer before the transaction gets its turn.
    const copy = bytes.slice();
    return this.call(address, () => this.bus.writeBlock(address, register, copy));
  }

  readBlock(address: number, register: number, length: number): Promise<Uint8Array> {
    return this.call(address, () => this.bus.readBlock(address, register, length));
  }

  writeByte(address: number, register: number, value: number): Promise<void> {
    return this.call(address, () => this.bus.writeByte(address, register, value));
  }

  readByte(address: number, register: number): Promise<number> {
    return this.call(address, () => this.bus.readByte(address, register));
  }

  sendByte(address: number, command: number): Promise<void> {
    return this.call(address, () => this.bus.sendByte(address, command));
  }

  recover(): Promise<void> {
    return this.bus.recover();
  }

  close(): Promise<void> {
    return this.bus.close();
  }

  private async call<T>(address: number, act: () => Promise<T>): Promise<T> {
    const device = this.device(address);
    const held = device.heldOff(this.clock.now());
    if (held) throw held;
    try {
      return await this.queue.add(
        (turn) => this.tries(device, turn, act).finally(() => this.recovery()),
        this.urgent.has(address),
      );
    } catch (error) {
      throw this.ownFault(error) ? error : device.named(error);
    }
  }

  /** The call renames it after its chip. */
  private late(begun: boolean): HardwareFault {
    if (this.health.stuck || this.health.recovering)
      return new HardwareFault('busStuck', 'I2C', `no chip on ${this.name} can be reached`);
    const why = begun ? 'the transaction took too long' : 'other transactions took all the time';
    return new HardwareFault('timeout', 'I2C', why);
  }

  private ownFault(error: unknown): boolean {
    return error instanceof HardwareFault && error.device === this.name;
  }

  private async tries<T>(device: DeviceHealth, turn: Turn, act: () => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries++) {
      const startMs = this.clock.now();
      try {
        const result = await act();
        device.succeeded(retries, this.clock.now());
        this.health.succeeded();
        return result;
      } catch (error) {
        // The bus device itself is missing: this says nothing about its wires or any chip.
        if (this.ownFault(error)) throw error;
        const fault = device.named(error);
        if (retries < RETRIES && RETRIED.includes(fault.kind) && !turn.expired) continue;
        device.failedWith(fault, retries, this.clock.now());
        this.health.failedWith(fault, device.address, this.inUse);
        throw this.health.stuck
          ? new HardwareFault('busStuck', fault.device, `the bus is stuck (${fault.message})`)
          : fault;
      } finally {
        this.busyMs += this.clock.now() - startMs;
      }
    }
  }

  /** Addresses of the chips that are in use. */
  private get inUse(): readonly number[] {
    const sinceMs = this.clock.now() - IN_USE_MS;
    const inUse = [...this.devices.values()].filter((device) => device.answeredMs >= sinceMs);
    return inUse.map(({ address }) => address);
  }

  /**
   * Part of the turn that found the bus stuck: in a turn of its own it would queue behind
   * transactions that each take the full time limit, and never get its turn. One that does not
   * return is left running in the background.
   */
  private async recovery(): Promise<void> {
    if (!this.health.recovering) return;
    const late = (): HardwareFault =>
      new HardwareFault('timeout', this.name, `not recovered within ${RECOVERY_LIMIT_MS} ms`);
    try {
      await inTime(this.clock, RECOVERY_LIMIT_MS, this.bus.recover(), late);
    } catch {
      // The next transaction shows whether it helped.
    }
    this.health.recovered();
    for (const device of this.devices.values()) device.release();
  }

  private device(address: number): DeviceHealth {
    const known = this.devices.get(address);
    if (known) return known;
    const name = this.options.nameOf?.(address) ?? `I2C 0x${address.toString(16)}`;
    const device = new DeviceHealth(address, name);
    this.devices.set(address, device);
    return device;
  }
}
