/** Permanent faults: the robot reports them, and everything unaffected still works. */
import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../hal/boards/deskmate1.ts';
import type { FakeGpio } from '../hal/fake/gpio.ts';
import type { FakeI2c } from '../hal/fake/i2c.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { Lesson } from './testing/fault-lesson.ts';
import { buildRobot, type FaultRobot } from './testing/fault-robot.ts';

async function lesson(spoil: (bus: FakeI2c) => void) {
  const clock = new SimClock();
  let robot: FaultRobot | undefined;
  void buildRobot(clock, { seed: 1, spoil }).then((built) => {
    robot = built;
  });
  while (!robot) await clock.advance(5);
  const { firmware, invariants, gpio } = robot;
  const pupil = new Lesson({
    clock,
    random: () => 0.5,
    attach: (pipe) => firmware.attach(pipe),
    press: () => {},
    permitted: invariants.permitted,
  });
  await firmware.start();
  await clock.advance(400);
  pupil.settle();
  await clock.advance(4_000);
  return { clock, robot, gpio, pupil };
}

const MOVES = { motion: 'holding', cameraOn: true };
const STANDS = { motion: 'off', cameraOn: true };

/** Each one from the start, and in the middle of a lesson. */
const LASTING: readonly [what: string, spoil: (bus: FakeI2c) => () => void, expected: object][] = [
  ['no servo driver', (bus) => bus.lose(0x41), { ...STANDS, faults: ['servoDriver'] }],
  ['no pan encoder', (bus) => bus.lose(0x36), { ...STANDS, faults: ['panEncoder'] }],
  ['no tilt encoder', (bus) => bus.lose(0x40), { ...STANDS, faults: ['tiltEncoder'] }],
  ['no light driver', (bus) => bus.lose(0x42), { ...MOVES, faults: ['lightDriver'] }],
  ['no left eye', (bus) => bus.lose(0x72), { ...MOVES, faults: ['eyes'] }],
  ['a bus that hangs', (bus) => bus.stick(false), { ...STANDS, faults: ['i2cBus'] }],
];

const TEACHER = deskmate1.gpio?.lines.teacherButton ?? { offset: -1 };

async function press(clock: SimClock, gpio: FakeGpio, pressed: boolean): Promise<void> {
  gpio.press(TEACHER.offset, pressed);
  await clock.advance(800);
}

describe('for good', () => {
  for (const [what, spoil, expected] of LASTING) {
    it(`${what} from the start: reported, and the rest works`, async () => {
      const { robot, pupil } = await lesson((bus) => spoil(bus));
      expect(pupil.last).toMatchObject(expected);
      expect(robot.lineOn('servoEnable')).toBe(pupil.last?.motion === 'holding');
      expect(robot.invariants.broken).toBeUndefined();
    });

    it(`${what} in the middle of a turn: reported, and recovered when it is back`, async () => {
      const { clock, robot, pupil } = await lesson(() => {});
      expect(pupil.last).toMatchObject({ ...MOVES, faults: [] });
      pupil.look(120, -20);
      await clock.advance(300);
      const heal = spoil(robot.fake.i2c);
      await clock.advance(4_000);
      expect(pupil.last).toMatchObject(expected);
      // Torque goes off by the output-enable line, which needs no bus.
      expect(robot.lineOn('servoEnable')).toBe(pupil.last?.motion === 'holding');
      heal();
      await clock.advance(7_000);
      expect(pupil.last).toMatchObject({ ...MOVES, faults: [] });
      expect(robot.invariants.broken).toBeUndefined();
    });
  }

  it.each([
    ['edges end', 'its chip is gone'],
    ['edges end without an error', ''],
  ])(
    'a teacher\u2019s button whose %s: no camera, reported, and recovered once it is reopened',
    async (_, why) => {
      const { clock, gpio, robot, pupil } = await lesson(() => {});
      expect(robot.lineOn('cameraRail')).toBe(true);
      const { offset } = TEACHER;
      gpio.hold(offset, 'somebody else');
      gpio.deafen(offset, why);
      // As long as a finger presses; presses still pause, as the level is polled.
      if (why === '') for (const pressed of [true, false]) await press(clock, gpio, pressed);
      await clock.advance(2_000);
      expect(pupil.last).toMatchObject({ cameraOn: false, faults: ['teacherButton'] });
      expect(robot.lineOn('cameraRail')).toBe(false);
      expect(robot.lineOn('microphoneRail')).toBe(false);
      gpio.hold(offset, undefined);
      await clock.advance(5_000);
      expect(pupil.last?.faults).toEqual([]);
      if (pupil.last?.paused)
        for (const pressed of [true, false]) await press(clock, gpio, pressed);
      expect(pupil.last).toMatchObject({ ...MOVES, paused: false });
    },
  );

  it('lines that do not answer: rails are a fault, and not turned on until read back as off', async () => {
    const { clock, gpio, robot, pupil } = await lesson(() => {});
    expect(robot.lineOn('cameraRail')).toBe(true);
    gpio.lose();
    await clock.advance(1_000);
    expect(pupil.last?.faults).toEqual(
      expect.arrayContaining(['cameraRail', 'microphoneRail', 'amplifier']),
    );
    gpio.restore();
    await clock.advance(4_000);
    expect(pupil.last).toMatchObject({ ...MOVES, faults: [] });
  });
});
