import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { deskmate1 } from '../../boards/deskmate1.ts';
import type { GpioChip } from '../../bus/gpio.ts';
import { fakeDeskmate1 } from '../../fake/deskmate1.ts';
import { FakeGpio } from '../../fake/gpio.ts';
import { FakeKernel } from '../../fake/kernel.ts';
import type { ButtonChange } from '../../ports/body.ts';
import { endedCall } from '../testing/driven-clock.ts';
import { openLinuxBody } from './open-body.ts';
import { kernelOpeners, missing, offset, openBodyRig } from './testing/body-rig.ts';

describe('a body on Linux without devices that its board has', () => {
  it('says one line for each chip that is not there, and works when it is', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    const said: string[] = [];
    const back = [0x41, 0x72].map((address) => robot.i2c.lose(address));
    const body = await openLinuxBody(
      { clock, board: deskmate1, logLine: (line) => said.push(line) },
      {
        i2c: async () => robot.i2c,
        gpio: async () => new FakeGpio(clock),
        ...kernelOpeners(new FakeKernel(clock)),
      },
    );
    await clock.advance(50);
    expect(said).toEqual([
      'servo driver (PCA9685 at I2C 0x41): no acknowledge',
      'left eye (HT16K33 at I2C 0x72): no acknowledge',
    ]);
    for (const heal of back) heal();
    expect(await endedCall(clock, body.servos.setPulses(1500, 1500))).toBeUndefined();
  });

  it('says once that a bus or a chip of lines is missing, and tries again when it is used', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    const gpio = new FakeGpio(clock);
    let there = false;
    let attempts = 0;
    const said: string[] = [];
    const body = await openLinuxBody(
      { clock, board: deskmate1, logLine: (line) => said.push(line) },
      {
        i2c: async () => {
          attempts += 1;
          return there ? robot.i2c : missing('/dev/i2c-1', 'does not exist')();
        },
        gpio: async (): Promise<GpioChip> =>
          there ? gpio : missing('GPIO chip x', 'does not exist')(),
        ...kernelOpeners(new FakeKernel(clock)),
      },
    );
    for (let i = 0; i < 500; i++) {
      expect(await endedCall(clock, body.panEncoder.read())).toBe('noAnswer');
      expect(await endedCall(clock, body.cameraRail.set(true))).toBe('noAnswer');
    }
    expect(said.filter((line) => line.startsWith('/dev/i2c-1: does not'))).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('GPIO chip x: does not'))).toHaveLength(1);
    expect(said).toHaveLength(2);
    expect(body.busCounts?.state).toBe('well');
    expect(attempts).toBeLessThan(30);
    const changes: ButtonChange[] = [];
    body.teacherButton.onChange((change) => changes.push(change));
    there = true;
    await clock.advance(3_000);
    expect(await endedCall(clock, body.panEncoder.read())).toMatchObject({ magnet: 'ok' });
    expect(await endedCall(clock, body.cameraRail.set(true))).toBeUndefined();
    expect(gpio.high(offset('cameraRail'))).toBe(true);
    gpio.press(offset('teacherButton'), true);
    await clock.advance(50);
    expect(changes.map((change) => change.pressed)).toEqual([true]);
    expect(said.slice(2).every((line) => line.endsWith('there now'))).toBe(true);
  });

  it('does not say again at its end what was missing all along', async () => {
    const { said, clock, body } = await openBodyRig(new SimClock(), {
      i2c: missing('/dev/i2c-1', 'does not exist'),
      gpio: missing('GPIO chip x', 'does not exist'),
    });
    expect(said).toHaveLength(2);
    await clock.advance(5_000);
    const closing = body.close();
    await clock.advance(100);
    await closing;
    expect(said).toHaveLength(2);
  });
});
