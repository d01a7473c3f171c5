import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { Board } from '../../boards/board.ts';
import { deskmate1 } from '../../boards/deskmate1.ts';
import { laptop } from '../../boards/laptop.ts';
import { FakeGpio } from '../../fake/gpio.ts';
import type { Clock } from '../../ports/clock.ts';
import { openButton } from '../lines/button.ts';
import { openBodyRig } from './testing/body-rig.ts';

describe('a body on Linux and its board', () => {
  it('has absent devices where the board has none, and opens nothing for them', async () => {
    const never = async (): Promise<never> => {
      throw new Error('nothing is to be opened');
    };
    const board: Board = {
      ...laptop,
      kernel: { ...laptop.kernel, battery: null, thermalZone: null, watchdog: null },
    };
    const { body, said, clock } = await openBodyRig(
      new SimClock(),
      { i2c: never, gpio: never },
      board,
    );
    const { close, busCounts, ...devices } = body;
    expect(busCounts).toBeUndefined();
    for (const device of Object.values(devices)) expect(device).toMatchObject({ present: false });
    const closing = close();
    await clock.advance(10);
    await closing;
    expect(said).toEqual([]);
  });

  it('has absent ones for single chips and lines too', async () => {
    const { i2c, gpio } = deskmate1;
    if (!i2c || !gpio) throw new Error('deskmate-1 has both');
    const { body } = await openBodyRig(
      new SimClock(),
      {},
      {
        ...deskmate1,
        i2c: {
          ...i2c,
          servos: null,
          leftEye: null,
          rightEye: null,
          lights: null,
          panEncoder: null,
        },
        gpio: { ...gpio, lines: { ...gpio.lines, amplifier: null, pairButton: null } },
      },
    );
    const { servos, eyes, lights, panEncoder, tiltEncoder, amplifier, pairButton, cameraRail } =
      body;
    for (const device of [servos, eyes, lights, panEncoder, amplifier, pairButton])
      expect(device.present).toBe(false);
    for (const device of [tiltEncoder, cameraRail]) expect(device.present).toBe(true);
  });

  it('has the teacher button at a socket where the board names one', async () => {
    const gpio = new FakeGpio(new SimClock());
    const asked: string[] = [];
    const socketButton = async (path: string, clock: Clock) => {
      asked.push(path);
      return openButton(gpio, { offset: 1, activeLow: false }, 'in place of a socket', clock);
    };
    const board: Board = { ...laptop, teacherButtonSocket: '/run/b.sock' };
    const { body, clock } = await openBodyRig(new SimClock(), { socketButton }, board);
    const changes: boolean[] = [];
    body.teacherButton.onChange(({ pressed }) => changes.push(pressed));
    gpio.press(1, true);
    await clock.advance(50);
    expect([asked, changes]).toEqual([['/run/b.sock'], [true]]);
    expect(body.pairButton.present).toBe(false);
    const closing = body.close();
    await clock.advance(10);
    await closing;
  });
});
