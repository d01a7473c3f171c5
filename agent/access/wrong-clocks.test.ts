/**
 * The wall clock of tablet or robot is years off: freshness depends on the challenge, so the pupil
 * still gets in, and a replay does not.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../hal/ports/clock.ts';
import { memoryStore } from '../client/key-value-store.ts';
import { PupilClient } from '../client/pupil-client.ts';
import { FakeRtc } from '../client/testing/fake-rtc.ts';
import { RawPupil } from '../signalling/testing/raw-pupil.ts';
import { RobotBench } from '../signalling/testing/robot-bench.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const MINUTE_MS = 60_000;

let at: RobotBench;

beforeEach(async () => {
  at = await RobotBench.start();
});

/** The same monotonic time with another wall clock. */
function skewed(wall: () => number): Clock {
  return {
    now: () => at.clock.now(),
    wall,
    after: (ms, act) => at.clock.after(ms, act),
    every: (ms, act) => at.clock.every(ms, act),
  };
}

function tabletWith(wall: () => number): PupilClient {
  const { parts } = new FakeRtc();
  return new PupilClient({
    ...{ transport: at.broker.forPupil, rtc: parts, keys: memoryStore(), clock: skewed(wall) },
  });
}

describe('the robot’s clock is right, the tablet’s is off by', () => {
  test.each([
    ['11 minutes', 11 * MINUTE_MS],
    ['minus 11 minutes', -11 * MINUTE_MS],
    ['20 years', 20 * YEAR_MS],
    ['minus 30 years', -30 * YEAR_MS],
    ['so much that it is before 1970', -80 * YEAR_MS],
  ])('%s: it binds and joins', async (_name, off) => {
    const tablet = tabletWith(() => at.clock.wall() + off);
    const binding = await tablet.bind((await at.robot.invite()).invitation);
    await tablet.join(binding, undefined);
    expect(tablet.connection).toEqual({ name: 'inClass' });
  });

  test('a tablet whose clock says the invitation has expired still asks the robot', async () => {
    const { invitation } = await at.robot.invite(1);
    const tablet = tabletWith(() => at.clock.wall() + 2 * YEAR_MS);
    expect(await tablet.bind(invitation)).toMatchObject({ robot: 'robot-1' });
  });

  test('a slow tablet clock does not revive an old invitation', async () => {
    const { invitation } = await at.robot.invite(1);
    await at.clock.advance(25 * 3_600_000);
    const tablet = tabletWith(() => at.clock.wall() - 7 * 24 * 3_600_000);
    await expect(tablet.bind(invitation)).rejects.toMatchObject({ reason: 'invitationExpired' });
  });
});

test.each([
  ['1970', (): number => 0],
  ['a moment before 1970', (): number => -5_000],
  ['2105', (): number => Date.UTC(2105, 0, 1)],
])('the robot’s clock shows %s, the tablet’s is right: it binds and joins', async (_when, wall) => {
  const { invitation } = await at.robot.invite();
  at.robot = await at.robot.restart({ clock: skewed(wall), clockTrusted: () => true });
  const tablet = tabletWith(() => at.clock.wall());
  const heard = tablet.bind(invitation).then(
    () => 'bound',
    (error: { reason: string }) => error.reason,
  );
  // A robot whose clock shows 2105 rightly reports the invitation as expired, and still answers.
  expect(await heard).toBe(wall() > at.clock.wall() ? 'invitationExpired' : 'bound');
});

describe('wrong clocks do not make a replay valid', () => {
  test.each([0, 20 * YEAR_MS, -80 * YEAR_MS])('tablet off by %d ms', async (off) => {
    const pupil = await RawPupil.at(at.broker, () => at.clock.wall() + off);
    expect(await pupil.bind((await at.robot.invite()).invitation.secret)).toBe('bound');
    const { challenge } = await pupil.hello();
    const offer = { kind: 'offer', token: await pupil.offerToken(challenge) };
    pupil.say(offer);
    expect(await pupil.heard()).toBe('answer');
    pupil.say(offer);
    expect(await pupil.heard()).toBe('refused: staleChallenge');
    const kept = { kind: 'offer', token: await pupil.offerToken((await pupil.hello()).challenge) };
    await at.clock.advance(30_001);
    pupil.say(kept);
    expect(await pupil.heard(), 'half a minute by the robot’s own beat').toBe(
      'refused: staleChallenge',
    );
  });
});
