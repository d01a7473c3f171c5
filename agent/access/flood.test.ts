/** Floods: memory and work stay bounded, and neither pupils in class nor newcomers are kept out for long. */

import { beforeEach, expect, test } from 'vitest';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import { settled } from '../signalling/testing/raw-pupil.ts';
import { RobotBench } from '../signalling/testing/robot-bench.ts';
import { freshNonce, freshPeerId } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { Challenges } from './challenges.ts';
import { PeerRateLimit } from './rate-limit.ts';

let at: RobotBench;

beforeEach(async () => {
  at = await RobotBench.start();
});

const hello = (): object => ({ kind: 'hello', nonce: freshNonce() });
const downTo = (peer: string): number =>
  at.broker.carried.filter(({ topic }) => topic === topics.toPeer('robot-1', peer)).length;

test('hellos of a thousand peers: a bound pupil still gets in at once', async () => {
  const pupil = await at.pupil();
  expect(await pupil.offer()).toBe('answer');
  await at.clock.advance(10_000);
  for (let n = 0; n < 1_000; n++)
    at.broker.inject(topics.toRobot('robot-1', freshPeerId()), hello());
  expect(await pupil.offer(), 'in the middle of it').toBe('answer');
  expect(at.robot.refused('tooMany')).toBeGreaterThan(900);
  // Shared rate limits: a burst of 60 challenges and 30 signed refusals.
  expect(at.broker.seen('challenge').length).toBeLessThanOrEqual(60 + 4);
  expect(at.broker.seen('refused').length).toBeLessThanOrEqual(30 + 2);
});

test('afterwards, a new peer gets in within a second', async () => {
  for (let n = 0; n < 1_000; n++)
    at.broker.inject(topics.toRobot('robot-1', freshPeerId()), hello());
  await settled(() => at.robot.refused('tooMany') > 900);
  await at.clock.advance(1_000);
  const pupil = await at.pupil();
  expect(await pupil.offer()).toBe('answer');
});

test('one noisy peer takes nothing from the others', async () => {
  const noisy = freshPeerId();
  for (let n = 0; n < 500; n++) at.broker.inject(topics.toRobot('robot-1', noisy), hello());
  const pupil = await at.pupil();
  expect(await pupil.offer()).toBe('answer');
  expect(downTo(noisy)).toBeLessThanOrEqual(16);
});

test('tokens without a challenge cost no cryptography and spend no challenge', async () => {
  const pupil = await at.pupil();
  await at.clock.advance(20_000);
  const { challenge } = await pupil.hello();
  const stranger = await at.stranger();
  for (let n = 0; n < 50; n++)
    stranger.say({ kind: 'offer', token: await stranger.offerToken(freshNonce()) });
  pupil.say({ kind: 'offer', token: await pupil.offerToken(challenge) });
  expect(await pupil.heard()).toBe('answer');
});

test('a session that never answers times out, and delays nobody else', async () => {
  const slow = await at.pupil();
  const quick = await at.pupil();
  at.robot.session.answer = () => new Promise(() => {});
  const waiting = slow.offer();
  await settled(() => at.robot.session.offers.length === 1);
  at.robot.session.answer = async () => ({ ok: true, sdp: 'v=0' });
  expect(await quick.offer()).toBe('answer');
  await at.clock.advance(10_000);
  expect(await waiting).toBe('refused: notAvailable');
});

test('full disk: no binding, the invitation stays valid', async () => {
  const { invitation } = await at.robot.invite();
  const pupil = await at.stranger();
  at.robot.storage.failing = true;
  expect(await pupil.bind(invitation.secret)).toBe('refused: notAvailable');
  expect(at.robot.access.registry.devices()).toEqual([]);
  at.robot.storage.failing = false;
  expect(await pupil.bind(invitation.secret)).toBe('bound');
});

test('challenges: few per peer, none evicted, expired after 30 s', async () => {
  const challenges = new Challenges(at.clock);
  const [first] = Array.from({ length: 8 }, () => challenges.issue('a'));
  expect(challenges.issue('a')).toBeUndefined();
  for (let n = 0; n < 5_000; n++) challenges.issue(`peer ${n}`);
  expect(challenges.size).toBeLessThanOrEqual(2_048);
  expect(challenges.isLive('b', first ?? '')).toBe(false);
  expect(challenges.spend('a', first ?? '')).toBe(true);
  expect(challenges.spend('a', first ?? '')).toBe(false);
  await at.clock.advance(30_000);
  expect(challenges.holdsAny('a')).toBe(false);
  expect(challenges.size).toBe(0);
});

test('buckets: a burst, then the rate, and a bounded number of peers', async () => {
  const bucket = new TokenBucket(at.clock, { perSecond: 2, burst: 3 });
  const taken = (): number =>
    Array.from({ length: 10 }, () => bucket.take()).filter(Boolean).length;
  expect(taken()).toBe(3);
  await at.clock.advance(1_000);
  expect(taken()).toBe(2);
  await at.clock.advance(60_000);
  expect(taken()).toBe(3);
  const many = { perSecond: 1, burst: 1_000_000 };
  const limit = new PeerRateLimit(at.clock, { perSecond: 1, burst: 1 }, many);
  for (let n = 0; n < 2_000; n++) limit.take(`peer ${n}`);
  expect(limit.size).toBe(512);
});
