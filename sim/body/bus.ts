import type { Clock } from '../../hal/ports/clock.ts';
import { HardwareFault, type HardwareFaultKind } from '../../hal/ports/fault.ts';
import { Random } from '../time/random.ts';
import {
  type WorldCommand,
  type WorldPort,
  WorldRefusal,
  type WorldState,
} from '../world/schema.ts';

/** What a device may take to answer before the call rejects with `timeout`. */
export const CALL_MS = 20;
/** A world that has sent nothing for this long has stopped. */
const STALE_MS = 500;
/** Fault `i2cErrors`: shares of the calls that get no answer and that hang. */
const NO_ANSWER_SHARE = 0.25;
const HANG_SHARE = 0.05;

/** How simulated drivers reach the world; every failure leaves it as a HardwareFault. */
export class SimulatedBus {
  private readonly random: Random;

  /** `seed`: of the simulated I2C errors. */
  constructor(
    readonly world: WorldPort,
    readonly clock: Clock,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  /**
   * A call to a chip on I2C: it may fail as wires do. It is on its way before this returns, so that
   * calls arrive in the order in which they were made.
   */
  i2cWrite(device: string, command: WorldCommand): Promise<void> {
    return this.wires(device) ?? this.write(device, command);
  }

  async i2cRead(device: string): Promise<WorldState> {
    await this.wires(device);
    return this.read(device);
  }

  /** A call to a line or kernel interface of the computer itself. */
  async write(device: string, command: WorldCommand): Promise<void> {
    const sent = this.world.send(command).catch((error: unknown) => {
      if (error instanceof WorldRefusal) throw fault('badData', device, error.message, error);
      throw fault(
        'noAnswer',
        device,
        'the world is out of reach; is the simulator running?',
        error,
      );
    });
    await this.inTime(device, sent);
  }

  read(device: string): WorldState {
    const state = this.world.latest;
    if (!state)
      throw fault('noAnswer', device, 'the world is out of reach; is the simulator running?');
    if (this.clock.now() - state.atMs > STALE_MS)
      throw fault('timeout', device, `the world has told nothing for ${STALE_MS} ms`);
    return state;
  }

  /** The failure of this call, or undefined when the wires carry it. */
  private wires(device: string): Promise<void> | undefined {
    if (!this.world.latest?.faults.includes('i2cErrors')) return undefined;
    const luck = this.random.next();
    if (luck < NO_ANSWER_SHARE)
      return Promise.reject(fault('noAnswer', device, 'no acknowledge on I2C'));
    if (luck < NO_ANSWER_SHARE + HANG_SHARE) return this.inTime(device, new Promise(() => {}));
    return undefined;
  }

  private inTime(device: string, call: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(fault('timeout', device, `not taken within ${CALL_MS} ms`));
      // After a stall of our own process the timer is due before the answer that lies there has been
      // read. One more turn reads it: a late loop is not a late device.
      let timer = this.clock.after(CALL_MS, () => {
        timer = this.clock.after(0, late);
      });
      call.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

export function fault(
  kind: HardwareFaultKind,
  device: string,
  message: string,
  cause?: unknown,
): HardwareFault {
  return new HardwareFault(kind, device, message, cause === undefined ? undefined : { cause });
}
