import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { fakeDeskmate1 } from '../../fake/deskmate1.ts';
import { As5600 } from './as5600.ts';
import { BusGuard } from './guard.ts';
import { LinuxHeadServos } from './head-servos.ts';
import { MatrixEyes } from './matrix-eyes.ts';
import { PcaLights } from './pca-lights.ts';

/** Everything set up, so that what is counted is what goes on all day. */
async function running(kHz: number) {
  const clock = new SimClock();
  const { i2c } = fakeDeskmate1(clock, { kHz });
  const bus = new BusGuard(i2c, clock, { urgent: [0x36, 0x40, 0x41] });
  const devices = {
    servos: new LinuxHeadServos({ bus, address: 0x41, clock }),
    pan: new As5600(bus, 0x36),
    tilt: new As5600(bus, 0x40),
    lights: new PcaLights(bus, 0x42, clock),
    eyes: new MatrixEyes({ bus, clock, left: 0x72, right: 0x73 }),
  };
  let n = 0;
  const tick = () => [
    devices.pan.read(),
    devices.tilt.read(),
    devices.servos.setPulses(1400 + (n++ % 100), 1500),
  ];
  const show = () => [
    devices.lights.set({ ring: [0.5, 0.2, 0.1], hand: (n++ % 100) / 100 }),
    devices.eyes.show(new Uint8Array(8).fill(n % 256), new Uint8Array(8), 5),
  ];
  const spend = async (calls: () => readonly Promise<unknown>[]) => {
    const before = { transactions: i2c.transactions, busyMs: i2c.busyMs };
    const done = Promise.all(calls());
    await clock.advance(20);
    await done;
    return {
      transactions: i2c.transactions - before.transactions,
      busyMs: i2c.busyMs - before.busyMs,
    };
  };
  await spend(tick);
  await spend(show);
  return { tick, show, spend };
}

describe('time on the bus', () => {
  it('of a control tick: five transactions, 1 ms of 10 at 400 kHz', async () => {
    const { tick, spend } = await running(400);
    const { transactions, busyMs } = await spend(tick);
    expect(transactions).toBe(5);
    // Bits: 2 * 57 of the encoders, 92 written and 156 + 39 read back of the servos.
    expect(busyMs).toBeCloseTo(401 / 400, 6);
  });

  it('of a change of lights and eyes besides: four more, 2.8 ms in all', async () => {
    const { tick, show, spend } = await running(400);
    const { transactions, busyMs } = await spend(() => [...tick(), ...show()]);
    expect(transactions).toBe(9);
    // 164 written and 228 read back of the lights, 164 for each eye.
    expect(busyMs).toBeCloseTo(1121 / 400, 6);
  });

  it('leaves a bus of 100 kHz time for its ticks', async () => {
    const { tick, spend } = await running(100);
    expect((await spend(tick)).busyMs).toBeCloseTo(4.01, 6);
  });
});
