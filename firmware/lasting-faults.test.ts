/** A fault that does not go away: the robot says which, and does all that it still can. */
import { describe, expect, it } from 'vitest';
import type { FakeI2c } from '../hal/fake/i2c.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { buildRobot, type FaultRobot } from './fault-runs/robot.compose.ts';
import { Lesson } from './fault-runs/script.ts';

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

/** One after the other from the start, and out of the middle of a lesson. */
const LASTING: readonly [what: string, spoil: (bus: FakeI2c) => () => void, expected: object][] = [
  ['no servo driver', (bus) => bus.lose(0x41), { ...STANDS, faults: ['servoDriver'] }],
  ['no pan encoder', (bus) => bus.lose(0x36), { ...STANDS, faults: ['panEncoder'] }],
  ['no tilt encoder', (bus) => bus.lose(0x40), { ...STANDS, faults: ['tiltEncoder'] }],
  ['no light driver', (bus) => bus.lose(0x42), { ...MOVES, faults: ['lightDriver'] }],
  ['no left eye', (bus) => bus.lose(0x72), { ...MOVES, faults: ['eyes'] }],
  ['a bus that hangs', (bus) => bus.stick(false), { ...STANDS, faults: ['i2cBus'] }],
];

describe('for good', () => {
  for (const [what, spoil, expected] of LASTING) {
    it(`${what} from the start: said, and the rest works`, async () => {
      const { robot, pupil } = await lesson((bus) => spoil(bus));
      expect(pupil.last).toMatchObject(expected);
      expect(robot.lineOn('servoEnable')).toBe(pupil.last?.motion === 'holding');
      expect(robot.invariants.broken).toBeUndefined();
    });

    it(`${what} in the middle of a turn: said, and well again when it is back`, async () => {
      const { clock, robot, pupil } = await lesson(() => {});
      expect(pupil.last).toMatchObject({ ...MOVES, faults: [] });
      pupil.look(120, -20);
      await clock.advance(300);
      const heal = spoil(robot.fake.i2c);
      await clock.advance(4_000);
      expect(pupil.last).toMatchObject(expected);
      // Let go by the output-enable line, which needs no bus.
      expect(robot.lineOn('servoEnable')).toBe(pupil.last?.motion === 'holding');
      heal();
      await clock.advance(7_000);
      expect(pupil.last).toMatchObject({ ...MOVES, faults: [] });
      expect(robot.invariants.broken).toBeUndefined();
    });
  }

  it('lines that do not answer: rails are a fault, and off limits until they are seen off', async () => {
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
