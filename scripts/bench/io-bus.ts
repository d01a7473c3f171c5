/**
 * Time on the I2C bus of one control tick at 400 kHz: the shipped drivers on chips in memory that
 * count bits, beside the fewest bits that two angles and two pulses can be moved with (what ours
 * spend more is the look whether the servos' chip took what it was told).
 */
import { fakeDeskmate1 } from '../../hal/fake/deskmate1.ts';
import { As5600 } from '../../hal/linux/i2c/as5600.ts';
import { BusGuard } from '../../hal/linux/i2c/guard.ts';
import { LinuxHeadServos } from '../../hal/linux/i2c/head-servos.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { type Bench, result } from './result.ts';

const KHZ = 400;
const TICK_MS = 10;
const TICKS = 100;
/** START, address, register and data bytes of 9 bits each, repeated START, STOP. */
const READ_BITS = 57;
const WRITE_BITS = 92;

export const ioBusBench: Bench = async ({ log }) => {
  const clock = new SimClock();
  const { i2c } = fakeDeskmate1(clock, { kHz: KHZ });
  const bus = new BusGuard(i2c, clock, { urgent: [0x36, 0x40, 0x41] });
  const servos = new LinuxHeadServos({ bus, address: 0x41, clock });
  const encoders = [new As5600(bus, 0x36), new As5600(bus, 0x40)];
  const spent: number[] = [];
  for (let tick = 0; tick < TICKS; tick++) {
    const before = i2c.busyMs;
    const calls = [
      ...encoders.map((encoder) => encoder.read()),
      servos.setPulses(1400 + tick, 1500),
    ];
    const done = Promise.all(calls);
    await clock.advance(TICK_MS);
    await done;
    spent.push(i2c.busyMs - before);
  }
  const [ours] = spent.slice(-1);
  log(`I2C: ${(ours ?? 0).toFixed(2)} ms of each ${TICK_MS} ms on the bus at ${KHZ} kHz`);
  return [
    result('i2c_bus_time_per_tick_400khz', 'ms', spent, {
      fewest_bits: [(2 * READ_BITS + WRITE_BITS) / KHZ],
      limit: [TICK_MS / 2],
    }),
  ];
};
