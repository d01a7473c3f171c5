import { describe, expect, it } from 'vitest';
import { HERE, Rig } from '../testing/rig.ts';
import { SELF_TEST_START, type SelfTestState, selfTest, stepSelfTest } from './self-test.ts';

/** What ring and hand light showed, each look once. */
async function seen(robot: Rig, ms: number): Promise<string[]> {
  const looks: string[] = [];
  for (let passed = 0; passed < ms; passed += 10) {
    await robot.clock.advance(10);
    const { ring, hand } = robot.body.levels;
    const look = [...ring, hand].map((level) => (level > 0 ? 1 : 0)).join('');
    if (look !== looks.at(-1)) looks.push(look);
  }
  return looks;
}

describe('self-test of the lights', () => {
  it('shows each colour once, in less than two seconds, and the ring is never white', async () => {
    const robot = new Rig();
    await robot.firmware.start();
    expect(await seen(robot, 2_600)).toEqual(['0000', '1000', '0100', '0010', '0001', '0000']);
    expect(robot.body.cameraRail.on).toBe(false);
    expect(await seen(robot, 5_000)).toEqual(['0000']);
  });

  it('changes no light more than three times a second', () => {
    let state: SelfTestState = SELF_TEST_START;
    const changes: number[] = [];
    let before = '';
    for (let atMs = 0; atMs < 4_000; atMs += 10) {
      state = stepSelfTest(state, { type: 'tick', atMs, desired: false }).state;
      const shown = JSON.stringify(selfTest(state, atMs)?.levels ?? 'none');
      if (shown !== before) changes.push(atMs);
      before = shown;
    }
    const gaps = changes.slice(1).map((atMs, i) => atMs - (changes[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(1_000 / 3);
    expect((changes.at(-1) ?? 0) - (changes[1] ?? 0)).toBeLessThan(2_000);
  });

  it('is skipped during a session, and ends when one starts', async () => {
    const robot = new Rig();
    await robot.start();
    robot.connect(HERE);
    expect(await seen(robot, 3_000)).toEqual(['1110']);
    const other = new Rig();
    await other.firmware.start();
    await other.clock.advance(900);
    other.connect(HERE);
    expect((await seen(other, 2_000)).at(-1)).toBe('1110');
  });

  it('detects a dead driver', async () => {
    const robot = new Rig();
    robot.connect({ ...HERE, presence: 'asleep', camera: false });
    robot.body.lights.set = () => Promise.reject(new Error('no answer'));
    await robot.start();
    await robot.clock.advance(1_500);
    expect(robot.last.faults).toEqual(['lightDriver']);
  });
});
