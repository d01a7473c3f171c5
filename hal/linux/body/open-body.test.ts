import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { deskmate1 } from '../../boards/deskmate1.ts';
import type { GpioChip } from '../../bus/gpio.ts';
import { fakeDeskmate1 } from '../../fake/deskmate1.ts';
import { FakeGpio } from '../../fake/gpio.ts';
import { FakeKernel } from '../../fake/kernel.ts';
import type { ButtonChange } from '../../ports/body.ts';
import { delay } from '../../ports/clock.ts';
import { openLinuxBody } from './open-body.ts';
import { kernelOpeners, offset, openBodyRig } from './testing/body-rig.ts';

describe('a body on Linux that is opened', () => {
  it('is silent when all is there', async () => {
    const { clock, said, body } = await openBodyRig(new SimClock());
    await clock.advance(1_000);
    expect(said).toEqual([]);
    expect(body.busCounts).toMatchObject({ state: 'well', recoveries: 0 });
  });

  it.each(['i2c', 'gpio'] as const)(
    'opens each line once, however long the first opening of %s takes',
    async (slow) => {
      const clock = new SimClock();
      const gpio = new FakeGpio(clock);
      const robot = fakeDeskmate1(clock);
      const said: string[] = [];
      const late = async <T>(which: 'i2c' | 'gpio', device: T): Promise<T> => {
        if (which === slow) await delay(clock, 100);
        return device;
      };
      const opening = openLinuxBody(
        { clock, board: deskmate1, logLine: (line) => said.push(line) },
        {
          i2c: () => late('i2c', robot.i2c),
          gpio: () => late<GpioChip>('gpio', gpio),
          ...kernelOpeners(new FakeKernel(clock)),
        },
      );
      await clock.advance(2_500);
      const body = await opening;
      expect(said.filter((line) => line.includes('in use'))).toEqual([]);
      const changes: ButtonChange[] = [];
      body.teacherButton.onChange((change) => changes.push(change));
      gpio.press(offset('teacherButton'), true);
      await clock.advance(50);
      expect(changes.map(({ pressed }) => pressed)).toEqual([true]);
    },
  );

  it('hears a button from the moment it is open, however long that takes', async () => {
    const clock = new SimClock();
    const gpio = new FakeGpio(clock);
    const button = offset('teacherButton');
    const opening = openLinuxBody(
      { clock, board: { ...deskmate1, i2c: null }, logLine: () => {} },
      {
        gpio: async () => {
          await delay(clock, 150);
          return gpio;
        },
        ...kernelOpeners(new FakeKernel(clock)),
      },
    );
    // Held while it is opened: as with any button, only its release is told.
    gpio.press(offset('pairButton'), true);
    await clock.advance(200);
    const body = await opening;
    const told: string[] = [];
    body.teacherButton.onChange(({ pressed }) => told.push(`teacher ${pressed}`));
    body.pairButton.onChange(({ pressed }) => told.push(`pair ${pressed}`));
    await clock.advance(100);
    gpio.press(button, true);
    await clock.advance(100);
    expect(told).toEqual(['teacher true']);
    gpio.press(offset('pairButton'), false);
    gpio.press(button, false);
    await clock.advance(100);
    expect(told.slice(1).sort()).toEqual(['pair false', 'teacher false']);
    await clock.advance(5_000);
    expect(told).toHaveLength(3);
  });

  it('is off and dark whatever ran before, and torque off', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    for (const chip of [robot.servos, robot.lights]) {
      chip.write(Uint8Array.of(0x00, 0x20));
      chip.write(Uint8Array.of(0x06, 0, 0x10, 0, 0, 0, 0x10, 0, 0));
    }
    for (const command of [0x21, 0x81]) robot.leftEye.write(Uint8Array.of(command));
    expect(robot.lights.duty(0)).toBe(1);
    await openLinuxBody(
      { clock, board: { ...deskmate1, gpio: null }, logLine: () => {} },
      { i2c: async () => robot.i2c, ...kernelOpeners(new FakeKernel(clock)) },
    );
    await clock.advance(20);
    expect([robot.servos.pulseUs(0), robot.lights.duty(0)]).toEqual([undefined, 0]);
    expect(robot.leftEye.rowsSeen()).toEqual(Array(8).fill(0));
  });
});
