import type { I2cBus } from '../../bus/i2c.ts';
import type { AngleEncoder, AngleReading } from '../../ports/body.ts';

/*
 * AS5600 and AS5600L: absolute angle of a magnet, 12 bits. Registers by the ams datasheet (v1-06),
 * figures 21 and 23: STATUS 0x0B, RAW ANGLE 0x0C (high, four bits) and 0x0D, which are
 * consecutive and read in one transaction. Reserved bits are not zero on all chips. Nothing is
 * configured: the power-on defaults (all filters slow, no hysteresis) are right, so that a chip
 * needs no set-up after a supply loss.
 */
const STATUS = 0x0b;
const BYTES = 3;
const MAGNET_DETECTED = 0x20;
const MAGNET_WEAK = 0x10;
const MAGNET_STRONG = 0x08;
const STEP_DEG = 360 / 4096;

export class As5600 implements AngleEncoder {
  readonly present = true;

  constructor(
    private readonly bus: I2cBus,
    private readonly address: number,
  ) {}

  async read(): Promise<AngleReading> {
    const [status = 0, high = 0, low = 0] = await this.bus.readBlock(this.address, STATUS, BYTES);
    return { rawDeg: (((high & 0x0f) << 8) | low) * STEP_DEG, magnet: magnetOf(status) };
  }
}

function magnetOf(status: number): AngleReading['magnet'] {
  if (!(status & MAGNET_DETECTED)) return 'missing';
  if (status & MAGNET_WEAK) return 'weak';
  return status & MAGNET_STRONG ? 'strong' : 'ok';
}
