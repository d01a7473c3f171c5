import { CALL_MS, CallQueue } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type { Eyes } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { Ht16k33 } from './ht16k33.ts';

const ROWS = 8;
const DEVICE = 'eyes (HT16K33)';

interface MatrixEyesParts {
  readonly bus: I2cBus;
  readonly clock: Clock;
  /** Addresses, left and right as the class sees them; null: not fitted. */
  readonly left: number | null;
  readonly right: number | null;
}

/** Two 8x8 matrices. A failure of one does not affect the other. */
export class MatrixEyes implements Eyes {
  readonly present = true;
  private readonly left: Ht16k33 | undefined;
  private readonly right: Ht16k33 | undefined;
  private readonly queue: CallQueue;

  constructor({ bus, clock, left, right }: MatrixEyesParts) {
    this.left = left === null ? undefined : new Ht16k33(bus, left, clock);
    this.right = right === null ? undefined : new Ht16k33(bus, right, clock);
    this.queue = new CallQueue(
      clock,
      () => new HardwareFault('timeout', DEVICE, `not taken within ${CALL_MS} ms`),
    );
  }

  async show(left: Uint8Array, right: Uint8Array, brightness: number): Promise<void> {
    if (left.length !== ROWS || right.length !== ROWS)
      throw new HardwareFault(
        'badData',
        DEVICE,
        `${left.length} and ${right.length} rows, expected ${ROWS} an eye`,
      );
    if (!Number.isInteger(brightness) || brightness < 0 || brightness > 15)
      throw new HardwareFault(
        'badData',
        DEVICE,
        `brightness ${brightness}, expected a whole number 0..15`,
      );
    const [leftRam, rightRam] = [ramOf(left), ramOf(right)];
    await this.queue.add(() =>
      both(this.left?.show(leftRam, brightness), this.right?.show(rightRam, brightness)),
    );
  }

  async off(): Promise<void> {
    await this.queue.add(() => both(this.left?.off(), this.right?.off()));
  }
}

/**
 * RAM of a matrix wired as on the common 8x8 breakout of this chip (Adafruit 0.8" and 1.2"
 * backpacks): row y, top first, is RAM byte 2y (its anodes on COMy, the cathodes on ROW0-7); the
 * leftmost column is bit 7, the others follow from bit 0 on. Bytes between belong to ROW8-15,
 * which are not connected.
 */
export function ramOf(rows: Uint8Array): Uint8Array {
  const ram = new Uint8Array(2 * ROWS);
  rows.forEach((row, y) => {
    let turned = 0;
    for (let x = 0; x < 8; x++) if (row & (0x80 >> x)) turned |= x === 0 ? 0x80 : 1 << (x - 1);
    ram[2 * y] = turned;
  });
  return ram;
}

/** Waits for both, then throws the first failure. */
async function both(...eyes: (Promise<void> | undefined)[]): Promise<void> {
  const results = await Promise.allSettled(eyes);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
