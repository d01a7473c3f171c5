import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { Board } from '../boards/board.ts';
import { deskmate1 } from '../boards/deskmate1.ts';
import { laptop } from '../boards/laptop.ts';
import type { GpioLine } from '../boards/wiring.ts';
import type { GpioChip } from '../bus/gpio.ts';
import { bodyContract } from '../contract/body.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from '../fake/deskmate1.ts';
import { FaultSchedule } from '../fake/fault-schedule.ts';
import { FakeGpio } from '../fake/gpio.ts';
import type { Heal } from '../fake/i2c.ts';
import { FakeKernel } from '../fake/kernel.ts';
import type { ButtonChange } from '../ports/body.ts';
import { type Clock, delay } from '../ports/clock.ts';
import { HardwareFault } from '../ports/fault.ts';
import type { BodyOpeners } from './body-openers.ts';
import { LIGHT_GAMMA } from './i2c/pca-lights.ts';
import { openButton } from './lines/button.ts';
import { type LinuxBody, openLinuxBody } from './open-body.ts';

const BOARD = deskmate1;

interface Made {
  readonly clock: SimClock;
  readonly gpio: FakeGpio;
  readonly robot: FakeDeskmate1;
  readonly kernel: FakeKernel;
  readonly said: string[];
  readonly body: LinuxBody;
}

function offset(name: 'servoEnable' | 'teacherButton' | 'pairButton' | SwitchLine): number {
  const line: GpioLine | null | undefined = deskmate1.gpio?.lines[name];
  if (!line) throw new Error(`deskmate-1 has a ${name}`);
  return line.offset;
}
type SwitchLine = 'cameraRail' | 'microphoneRail' | 'amplifier';

/** The kernel's own devices in memory; with files they have suites of their own. */
function kernelOpeners(kernel: FakeKernel): Partial<BodyOpeners> {
  return {
    battery: async () => kernel.battery,
    thermometer: async () => kernel.thermometer,
    watchdog: async () => kernel.watchdog,
  };
}

async function make(openers: Partial<BodyOpeners> = {}, board = BOARD): Promise<Made> {
  const clock = new SimClock();
  const gpio = new FakeGpio(clock);
  const enable = offset('servoEnable');
  // The wire is low when servos are enabled, as OE of the PCA9685 is; open lines are pulled high.
  const servoEnable = (): boolean => gpio.history(enable).length > 0 && !gpio.high(enable);
  const robot = fakeDeskmate1(clock, { servoEnable });
  const kernel = new FakeKernel(clock);
  const said: string[] = [];
  const opening = openLinuxBody(
    { clock, board, say: (line) => said.push(line) },
    { i2c: async () => robot.i2c, gpio: async () => gpio, ...kernelOpeners(kernel), ...openers },
  );
  await clock.advance(10);
  return { clock, gpio, robot, kernel, said, body: await opening };
}

bodyContract('Linux drivers on the fake bus', async () => {
  const { clock, gpio, robot, kernel, body } = await make();
  let restore: Heal = () => {};
  const light = (channel: number): number => robot.lights.duty(channel) ** (1 / LIGHT_GAMMA);
  return {
    body,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    reach: {
      lose: () => {
        gpio.lose();
        kernel.lose();
        restore = robot.i2c.fail('all', 'nack');
      },
      restore: () => {
        gpio.restore();
        kernel.restore();
        restore();
      },
    },
    outputs: () => {
      const [panUs, tiltUs] = [robot.servos.pulseUs(0), robot.servos.pulseUs(1)];
      return panUs === undefined || tiltUs === undefined ? 'off' : { panUs, tiltUs };
    },
    shining: () => ({ ring: [light(0), light(1), light(2)], hand: light(3) }),
    showing: () => ({ left: robot.leftEye.rowsSeen(), right: robot.rightEye.rowsSeen() }),
    lineLevel: (name) => gpio.high(offset(name)),
    pressButton: async (name, pressed) => gpio.press(offset(name), pressed),
    axisMagnet: async (axis, there) => {
      (axis === 'pan' ? robot.panEncoder : robot.tiltEncoder).magnet = there ? 'ok' : 'missing';
    },
    charger: async (plugged) => {
      kernel.charging = plugged;
    },
    bitten: () => kernel.bitten,
    close: async () => {
      const closing = body.close();
      await clock.advance(100);
      await closing;
    },
  };
});

async function ended(clock: SimClock, call: Promise<unknown>): Promise<unknown> {
  const settled = call.catch((error: unknown) =>
    error instanceof HardwareFault ? error.kind : `no fault: ${error}`,
  );
  await clock.advance(25);
  return settled;
}

const missing = (device: string, message: string) => async (): Promise<never> => {
  throw new HardwareFault('noAnswer', device, message);
};

describe('body on Linux', () => {
  it('is silent when all is there', async () => {
    const { clock, said, body } = await make();
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
        { clock, board: BOARD, say: (line) => said.push(line) },
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
      { clock, board: { ...BOARD, i2c: null }, say: () => {} },
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

  it('is off and dark whatever ran before, and limp', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    for (const chip of [robot.servos, robot.lights]) {
      chip.write(Uint8Array.of(0x00, 0x20));
      chip.write(Uint8Array.of(0x06, 0, 0x10, 0, 0, 0, 0x10, 0, 0));
    }
    for (const command of [0x21, 0x81]) robot.leftEye.write(Uint8Array.of(command));
    expect(robot.lights.duty(0)).toBe(1);
    await openLinuxBody(
      { clock, board: { ...BOARD, gpio: null }, say: () => {} },
      { i2c: async () => robot.i2c, ...kernelOpeners(new FakeKernel(clock)) },
    );
    await clock.advance(20);
    expect([robot.servos.pulseUs(0), robot.lights.duty(0)]).toEqual([undefined, 0]);
    expect(robot.leftEye.rowsSeen()).toEqual(Array(8).fill(0));
  });

  it('says one line for each chip that is not there, and works when it is', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    const said: string[] = [];
    const back = [0x41, 0x72].map((address) => robot.i2c.lose(address));
    const body = await openLinuxBody(
      { clock, board: BOARD, say: (line) => said.push(line) },
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
    expect(await ended(clock, body.servos.setPulses(1500, 1500))).toBeUndefined();
  });

  it('says once that a bus or a chip of lines is missing, and tries again when it is used', async () => {
    const clock = new SimClock();
    const robot = fakeDeskmate1(clock);
    const gpio = new FakeGpio(clock);
    let there = false;
    let attempts = 0;
    const said: string[] = [];
    const body = await openLinuxBody(
      { clock, board: BOARD, say: (line) => said.push(line) },
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
      expect(await ended(clock, body.panEncoder.read())).toBe('noAnswer');
      expect(await ended(clock, body.cameraRail.set(true))).toBe('noAnswer');
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
    expect(await ended(clock, body.panEncoder.read())).toMatchObject({ magnet: 'ok' });
    expect(await ended(clock, body.cameraRail.set(true))).toBeUndefined();
    expect(gpio.high(offset('cameraRail'))).toBe(true);
    gpio.press(offset('teacherButton'), true);
    await clock.advance(50);
    expect(changes.map((change) => change.pressed)).toEqual([true]);
    expect(said.slice(2).every((line) => line.endsWith('there now'))).toBe(true);
  });

  it('does not say again at its end what was missing all along', async () => {
    const { said, clock, body } = await make({
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

  it('has absent devices where the board has none, and opens nothing for them', async () => {
    const never = async (): Promise<never> => {
      throw new Error('nothing is to be opened');
    };
    const board: Board = {
      ...laptop,
      kernel: { ...laptop.kernel, battery: null, thermalZone: null, watchdog: null },
    };
    const { body, said, clock } = await make({ i2c: never, gpio: never }, board);
    const { close, busCounts, ...devices } = body;
    expect(busCounts).toBeUndefined();
    for (const device of Object.values(devices)) expect(device).toMatchObject({ present: false });
    const closing = close();
    await clock.advance(10);
    await closing;
    expect(said).toEqual([]);
  });

  it('has the teacher button at a socket where the board names one', async () => {
    const gpio = new FakeGpio(new SimClock());
    const asked: string[] = [];
    const socketButton = async (path: string, clock: Clock) => {
      asked.push(path);
      return openButton(gpio, { offset: 1, activeLow: false }, 'in place of a socket', clock);
    };
    const board: Board = { ...laptop, teacherButtonSocket: '/run/b.sock' };
    const { body, clock } = await make({ socketButton }, board);
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

  it('has absent ones for single chips and lines too', async () => {
    const { i2c, gpio } = deskmate1;
    if (!i2c || !gpio) throw new Error('deskmate-1 has both');
    const { body } = await make(
      {},
      {
        ...BOARD,
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

  it('closes with all in disorder, limp all the same, and says what would not', async () => {
    const { clock, robot, gpio, said, body } = await make();
    await ended(clock, body.servos.setPulses(1500, 1500));
    robot.i2c.stick(false);
    const closing = body.close();
    await clock.advance(200);
    await closing;
    expect(robot.servos.pulseUs(0)).toBeUndefined();
    expect(gpio.high(offset('servoEnable'))).toBe(true);
    expect(said.length).toBeGreaterThan(0);
    expect(await ended(clock, body.cameraRail.set(true))).toBe('noAnswer');
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
        { clock, board: BOARD, say: () => {} },
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
        expect(typeof (await ended(clock, call())), `seed ${seed}`).not.toBe('string');
      expect(longestMs, `seed ${seed}`).toBeLessThanOrEqual(5);
      tick.cancel();
      look.cancel();
      slow.cancel();
      await clock.advance(1_100);
      expect(await ended(clock, body.servos.setPulses(1500, 1500))).toBeUndefined();
      expect(robot.servos.rateHz).toBeCloseTo(50.03, 1);
      expect(robot.servos.pulseUs(0)).toBeCloseTo(307 * 4.88, 3);
      await ended(clock, body.eyes.show(new Uint8Array(8).fill(0xf0), new Uint8Array(8), 3));
      expect(robot.leftEye.rowsSeen()[0]).toBe(0xf0);
    }
  });
});
