/** Time from the fleet, over a broker that can send anything. */
import { beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { makeSigner, settled } from '../signalling/testing/raw-pupil.ts';
import { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce, type Signer, signToken, thumbprint } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { FleetTime } from './fleet-time.ts';
import { FakeTime } from './testing/fake-time.ts';

const robot = 'robot-1';
const NOW = Date.UTC(2026, 8, 1, 7);

let clock: SimClock;
let broker: TapBroker;
let fleet: Signer;
let said: number[];
let known: boolean;

beforeEach(async () => {
  clock = new SimClock();
  broker = new TapBroker();
  fleet = await makeSigner();
  said = [];
  known = false;
});

async function start(fleetKey: string | undefined): Promise<FleetTime> {
  const time = new FakeTime(clock, () => known);
  const parts = { robot, fleetKey, clock, log: silentLog };
  const one = new FleetTime({
    ...parts,
    time: { now: () => time.now(), signed: (saidMs) => said.push(saidMs) },
  });
  one.start(broker.forRobot());
  return one;
}

const questions = (): string[] =>
  broker.carried
    .filter(({ topic }) => topic === topics.timeQuestion(robot))
    .map(({ text }) => JSON.parse(text).nonce);

const answer = (claims: object, signer = fleet): Promise<string> =>
  signToken(signer, TYP.time, { robot, nonce: questions().at(-1), atMs: NOW, ...claims });

/** Resolves when the answer is accepted, or nothing processes it any more. */
async function deliver(token: string): Promise<void> {
  const before = said.length;
  broker.inject(topics.timeAnswer(robot), token);
  await settled(() => said.length > before);
}

it('is requested and accepted, corrected by half the round trip', async () => {
  await start(await thumbprint(fleet.jwk));
  const token = await answer({});
  await clock.advance(400);
  await deliver(token);
  expect(said).toEqual([NOW + 200]);
});

it('is not accepted twice, nor too late', async () => {
  await start(await thumbprint(fleet.jwk));
  const token = await answer({});
  await deliver(token);
  await deliver(token);
  expect(said).toHaveLength(1);
  await clock.advance(60_000);
  await deliver(token);
  expect(said, 'an old answer to a new question').toHaveLength(1);
  const late = await answer({});
  await clock.advance(10_001);
  await deliver(late);
  expect(said).toHaveLength(1);
});

it.each([
  ['another key', () => makeSigner().then((thief) => answer({}, thief))],
  ['another robot', () => answer({ robot: 'robot-2' })],
  ['another nonce', () => answer({ nonce: freshNonce() })],
  ['another kind of token', () => signToken(fleet, TYP.bye, { robot, nonce: questions().at(-1) })],
  ['no token', async () => 'x.y.z'],
  ['a megabyte', async () => 'x'.repeat(1_000_000)],
])('is not taken from %s, and the true one still is', async (_who, forge) => {
  await start(await thumbprint(fleet.jwk));
  await deliver(await forge());
  expect(said).toEqual([]);
  await deliver(await answer({}));
  expect(said).toHaveLength(1);
});

it('is not requested without a key, or while the time is known', async () => {
  await start(undefined);
  known = true;
  await start(await thumbprint(fleet.jwk));
  await clock.advance(120_000);
  expect(questions()).toEqual([]);
  known = false;
  await clock.advance(60_000);
  expect(questions()).toHaveLength(1);
});
