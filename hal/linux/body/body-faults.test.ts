import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { deskmate1 } from '../../boards/deskmate1.ts';
import { fakeDeskmate1 } from '../../fake/deskmate1.ts';
import { FaultSchedule } from '../../fake/fault-schedule.ts';
import { FakeGpio } from '../../fake/gpio.ts';
import { FakeKernel } from '../../fake/kernel.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { endedCall } from '../testing/driven-clock.ts';
import { openLinuxBody } from './open-body.ts';
import { kernelOpeners, offset, openBodyRig } from './testing/body-rig.ts';

describe('a body on Linux on a bus with faults', () => {
  it('closes with all in disorder, torque off all the same, and says what would not', async () => {
    const { clock, robot, gpio, said, body } = await openBodyRig(new SimClock());
    await endedCall(clock, body.servos.setPulses(1500, 1500));
    robot.i2c.stick(false);
    const closing = body.close();
    await clock.advance(200);
    await closing;
    expect(robot.servos.pulseUs(0)).toBeUndefined();
    expect(gpio.high(offset('servoEnable'))).toBe(true);
    expect(said.length).toBeGreaterThan(0);
    expect(await endedCall(clock, body.cameraRail.set(true))).toBe('noAnswer');
  });

  it('takes no longer than 20 ms a call through any faults, leaves no wrong pulse, and all works when they are over', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const clock = new SimClock();
      const gpio = new FakeGpio(clock);
      const robot = fakeDeskmate1(clock, {
        seed,
        servoEnable: () => gpio.history(17).length > 0 && !gpio.high(17),
      });
      const faults = new FaultSchedule(seed, { forMs: 3_000, longestMs: 800 });
      faults.attach(robot.i2c);
      const body = await openLinuxBody(
        { clock, board: deskmate1, logLine: () => {} },
        {
          i2c: async () => robot.i2c,
          gpio: async () => gpio,
          ...kernelOpeners(new FakeKernel(clock)),
        },
      );
      const tooLong: number[] = [];
      const timed = (call: Promise<unknown>): void => {
        const start = clock.now();
        const note = (): void => {
          if (clock.now() - start > 20.5) tooLong.push(clock.now() - start);
        };
        call.then(note, (error: unknown) => {
          note();
          expect(error).toBeInstanceOf(HardwareFault);
        });
      };
      const tick = clock.every(10, () => {
        timed(body.panEncoder.read());
        timed(body.tiltEncoder.read());
        timed(body.servos.setPulses(1500, 1500));
      });
      // Servos take their pulses once in 20 ms: what is wrong for a moment is not seen by them.
      let [wrongMs, longestMs] = [0, 0];
      const look = clock.every(0.5, () => {
        const wrong = [robot.servos.pulseUs(0), robot.servos.pulseUs(1)].some(
          (us) => us !== undefined && (Math.abs(us - 1500) > 5 || robot.servos.rateHz > 51),
        );
        wrongMs = wrong ? wrongMs + 0.5 : 0;
        longestMs = Math.max(longestMs, wrongMs);
      });
      const slow = clock.every(40, () => {
        timed(body.lights.set({ ring: [0.5, 0.2, 0.1], hand: 0 }));
        timed(body.eyes.show(new Uint8Array(8).fill(seed), new Uint8Array(8), 3));
      });
      await clock.advance(5_200);
      expect(tooLong).toEqual([]);
      expect(faults.quiet).toBe(true);
      for (const call of [
        () => body.panEncoder.read(),
        () => body.tiltEncoder.read(),
        () => body.servos.setPulses(1500, 1500),
        () => body.lights.off(),
      ])
        expect(typeof (await endedCall<unknown>(clock, call())), `seed ${seed}`).not.toBe('string');
      expect(longestMs, `seed ${seed}`).toBeLessThanOrEqual(5);
      tick.cancel();
      look.cancel();
      slow.cancel();
      await clock.advance(1_100);
      expect(await endedCall(clock, body.servos.setPulses(1500, 1500))).toBeUndefined();
      expect(robot.servos.rateHz).toBeCloseTo(50.03, 1);
      expect(robot.servos.pulseUs(0)).toBeCloseTo(307 * 4.88, 3);
      await endedCall(clock, body.eyes.show(new Uint8Array(8).fill(0xf0), new Uint8Array(8), 3));
      expect(robot.leftEye.rowsSeen()[0]).toBe(0xf0);
    }
  });
});
