/** Trickle candidates over the broker: signed, bound to one offer, bounded, and never blocking. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { OfferOptions, OfferReply } from '../model/offer.ts';
import { TYP } from '../wire/signalling.ts';
import { hashToken } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { type Candidate, MAX_BATCH, MAX_BATCHES } from '../wire/trickle.ts';
import { atRest, boundPupil, RawPupil, settled } from './testing/raw-pupil.ts';
import { TapBroker } from './testing/tap-broker.ts';
import { TestRobot } from './testing/test-robot.ts';

let clock: SimClock;
let broker: TapBroker;
let robot: TestRobot;
let pupil: RawPupil;
const wall = (): number => clock.wall();
const line = (n: number): string => `candidate:${n} 1 udp 2122260223 192.0.2.${n} 50000 typ host`;
const found = (n: number): Candidate => ({ candidate: line(n), mid: '0', line: 0 });

beforeEach(async () => {
  clock = new SimClock();
  broker = new TapBroker();
  robot = await TestRobot.start(broker, { clock });
  pupil = await boundPupil(robot, broker, wall);
});

/** An admitted offer: its hash, and a listener for the robot's own candidates. */
async function offered(from = pupil) {
  const { challenge } = await from.hello();
  const token = await from.offerToken(challenge, { trickle: true });
  from.say({ kind: 'offer', token });
  expect(await from.heard()).toBe('answer');
  const onCandidate = robot.session.offerOptions.at(-1)?.onCandidate ?? (() => {});
  return { challenge, offerHash: await hashToken(token), onCandidate };
}

type Named = Awaited<ReturnType<typeof offered>>;

function batch(
  { challenge, offerHash }: Pick<Named, 'challenge' | 'offerHash'>,
  number: number,
  candidates: object[],
  as = pupil,
): Promise<string> {
  const more = { offerHash, batch: number, candidates, end: false };
  return as.token(TYP.deviceCandidates, challenge, more);
}

describe("the pupil's", () => {
  test('reach the connection that the offer was answered with', async () => {
    const offer = await offered();
    pupil.say({ kind: 'candidates', token: await batch(offer, 0, [found(1), found(2)]) });
    pupil.say({ kind: 'candidates', token: await batch(offer, 1, [found(3)]) });
    expect(await settled(() => robot.session.candidates.length === 3)).toBe(true);
    // Each token is verified on another thread: either batch may finish first.
    expect(robot.session.candidates.toSorted()).toEqual([line(1), line(2), line(3)].toSorted());
  });

  test('wait for an offer that is being answered', async () => {
    let enter = (): void => {};
    robot.session.answer = () =>
      new Promise<OfferReply>((resolve) => {
        enter = () => resolve({ ok: true, sdp: 'v=0', addCandidates: robot.session.take });
      });
    const { challenge } = await pupil.hello();
    const token = await pupil.offerToken(challenge, { trickle: true });
    pupil.say({ kind: 'offer', token });
    const name = { challenge, offerHash: await hashToken(token) };
    pupil.say({ kind: 'candidates', token: await batch(name, 0, [found(1)]) });
    await settled(() => robot.session.offers.length === 1);
    expect(robot.session.candidates).toEqual([]);
    enter();
    expect(await settled(() => robot.session.candidates.length === 1)).toBe(true);
  });

  test('are accepted only from this peer, for this offer, once, and until it is over', async () => {
    const before = await offered();
    await clock.advance(10_000);
    const offer = await offered();
    const good = await batch(offer, 0, [found(1)]);
    const thief = await RawPupil.at(broker, wall, { peer: pupil.peer });
    const friend = await boundPupil(robot, broker, wall);
    await offered(friend);
    const bad = [
      await batch(before, 0, [found(9)]),
      await batch({ ...offer, offerHash: before.offerHash }, 0, [found(9)]),
      await batch(offer, 0, [found(9)], thief),
      `${good.slice(0, -6)}AAAAAA`,
      await pupil.token(TYP.robotCandidates, offer.challenge, {}),
      await batch(offer, MAX_BATCHES, [found(9)]),
      await batch(offer, 0, [{ candidate: 'candidate:9 bad\r\na=setup:active' }]),
      await batch(offer, 0, [{ candidate: 'v=0' }]),
      await batch(offer, 0, Array(MAX_BATCH + 1).fill(found(9))),
    ];
    for (const token of bad) pupil.say({ kind: 'candidates', token });
    friend.say({ kind: 'candidates', token: good });
    await atRest();
    expect(robot.session.candidates).toEqual([]);
    await clock.advance(10_000);
    for (let n = 0; n < 3; n++) pupil.say({ kind: 'candidates', token: good });
    expect(await settled(() => robot.session.candidates.length > 0)).toBe(true);
    await atRest();
    expect(robot.session.candidates, 'a replay adds nothing').toEqual([line(1)]);
    pupil.say({ kind: 'bye', token: await pupil.token(TYP.bye, offer.challenge, {}) });
    await settled(() => robot.session.byes.length === 1);
    pupil.say({ kind: 'candidates', token: await batch(offer, 2, [found(2)]) });
    await atRest();
    expect(robot.session.candidates).toEqual([line(1)]);
  });

  test('in a flood cause no replies, no cryptography beyond the rate limit, and no lockout', async () => {
    const offer = await offered();
    const refusals = broker.seen('refused').length;
    const token = await batch(offer, 0, [found(1)]);
    for (let n = 0; n < 2_000; n++)
      broker.inject(topics.toRobot('robot-1', pupil.peer), { kind: 'candidates', token });
    await atRest();
    expect(robot.session.candidates).toEqual([line(1)]);
    await clock.advance(10_000);
    expect(broker.seen('refused').length - refusals).toBeLessThanOrEqual(8);
    expect(await pupil.offer()).toBe('answer');
  });

  test('ten thousand, valid and invalid, by a bound pupil: little work, and others get in meanwhile', {
    timeout: 30_000,
  }, async () => {
    const offer = await offered();
    const other = await boundPupil(robot, broker, wall);
    const stranger = await RawPupil.at(broker, wall);
    await clock.advance(20_000);
    const refusals = broker.seen('refused').length;
    const sixteen = Array.from({ length: MAX_BATCH }, (_, n) => found(n));
    const signed = await Promise.all(
      Array.from({ length: 500 }, (_, n) => batch(offer, n % MAX_BATCHES, sixteen)),
    );
    const garbage = ['', 'a.b.c', `${signed[0]}x`, 'x'.repeat(40_000)];
    const nested = '['.repeat(20_000);
    const before = { cpu: process.cpuUsage(), rss: process.memoryUsage().rss };
    for (let n = 0; n < 10_000; n++) {
      const token = n % 2 ? signed[n % signed.length] : garbage[n % garbage.length];
      const peer = n % 4 === 3 ? stranger.peer : pupil.peer;
      const text = n % 50 === 0 ? nested : { kind: 'candidates', token };
      broker.inject(topics.toRobot('robot-1', peer), text);
      if (n % 100 !== 0) continue;
      await clock.advance(20);
      if (n === 5_000) expect(await other.offer(), 'in the middle of it').toBe('answer');
    }
    await atRest();
    const { user, system } = process.cpuUsage(before.cpu);
    expect(robot.session.candidates.length).toBeLessThanOrEqual(MAX_BATCHES * MAX_BATCH);
    expect(broker.seen('refused').length - refusals).toBeLessThanOrEqual(20);
    expect((user + system) / 1_000, 'ms').toBeLessThan(5_000);
    expect((process.memoryUsage().rss - before.rss) / 2 ** 20, 'MB').toBeLessThan(200);
    await clock.advance(10_000);
    expect(await pupil.offer()).toBe('answer');
  });

  test('of a revoked device are refused', async () => {
    const offer = await offered();
    const [device] = robot.access.registry.devices();
    await robot.access.registry.revokeDevice(device?.device ?? '');
    pupil.say({ kind: 'candidates', token: await batch(offer, 0, [found(1)]) });
    await atRest();
    expect(robot.session.candidates).toEqual([]);
  });
});

describe("the robot's", () => {
  const heard = () =>
    pupil.replies
      .filter(({ kind }) => kind === 'candidates')
      .map(
        ({ payload }) => payload as unknown as Named & { candidates: Candidate[]; end: boolean },
      );

  test('follow the answer in small batches, bound to the offer, with end-of-candidates', async () => {
    const offer = await offered();
    offer.onCandidate(found(1));
    offer.onCandidate(found(2));
    await clock.advance(50);
    offer.onCandidate(found(3));
    offer.onCandidate(undefined);
    await clock.advance(200);
    const { challenge, offerHash } = offer;
    expect(heard()).toMatchObject([
      { challenge, offerHash, candidates: [found(1), found(2)], end: false },
      { challenge, offerHash, candidates: [found(3)], end: true },
    ]);
  });

  test('found before the answer is made are sent after it', async () => {
    robot.session.answer = async (_from, _sdp, { onCandidate }: OfferOptions) => {
      onCandidate?.(found(1));
      return { ok: true, sdp: 'v=0', addCandidates: robot.session.take };
    };
    await offered();
    await clock.advance(50);
    expect(pupil.replies.slice(-2).map(({ kind }) => kind)).toEqual(['answer', 'candidates']);
  });

  test('are bounded, and end with the offer, with its device and with the robot', async () => {
    const first = await offered();
    for (let n = 0; n < 1_000; n++) first.onCandidate(found(n % 200));
    await clock.advance(6_000);
    expect(heard()).toHaveLength(MAX_BATCHES);
    const second = await offered();
    const third = await offered();
    second.onCandidate(found(1));
    await clock.advance(100);
    expect(heard(), 'the newest offer counts').toHaveLength(MAX_BATCHES);
    const [device] = robot.access.registry.devices();
    await robot.access.registry.revokeDevice(device?.device ?? '');
    third.onCandidate(found(1));
    await clock.advance(100);
    expect(heard()).toHaveLength(MAX_BATCHES);
  });
});
