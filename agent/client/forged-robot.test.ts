/** A broker that answers in the robot's place, or bends what the robot says: the client believes none of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import type { Carried } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce, freshPeerId, type Signer, signToken } from '../wire/token.ts';
import { memoryStore } from './key-value-store.ts';
import { PupilClient } from './pupil-client.ts';
import { type ClientBench, openBench } from './testing/client-bench.ts';
import { FakeRtc } from './testing/fake-rtc.ts';

let at: ClientBench;
let thief: Signer;

beforeEach(async () => {
  at = await openBench();
  thief = await makeSigner();
});

afterEach(async () => {
  at.broker.tamper = (message) => [message];
  await at.clock.advance(60_000);
  await at.client.join(at.binding, undefined);
  expect(at.client.connection, 'the honest pupil still gets in').toEqual({ name: 'inClass' });
});

/** Joins, moving time on until it is settled; the reason when it failed. */
async function outcome(join: Promise<unknown>): Promise<string> {
  let result: string | undefined;
  join.then(
    () => {
      result = 'in class';
    },
    (error: { reason: string }) => {
      result = error.reason;
    },
  );
  for (let step = 0; step < 200 && result === undefined; step++) await at.clock.advance(500);
  return result ?? 'never settled';
}

const kindOf = ({ text }: Carried): string => JSON.parse(text).kind;
const payloadOf = ({ text }: Carried): Record<string, unknown> =>
  JSON.parse(Buffer.from(JSON.parse(text).token.split('.')[1], 'base64url').toString());

/** Replaces each message of a kind by what `forge` makes of its payload. */
function replace(kind: string, forge: (payload: Record<string, unknown>) => Promise<object>): void {
  at.broker.tamper = (message) => {
    if (kindOf(message) !== kind) return [message];
    void forge(payloadOf(message)).then((other) => at.broker.inject(message.topic, other));
    return [];
  };
}

const forgedAnswer = async (payload: object, signer = thief): Promise<object> => ({
  kind: 'answer',
  token: await signToken(signer, TYP.answer, payload),
});

test("an answer with the thief's own SDP and key", async () => {
  replace('answer', (payload) => forgedAnswer({ ...payload, sdp: 'v=0 thief' }));
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('forgedRobot');
  expect(at.client.connection).toEqual({ name: 'refused', reason: 'forgedRobot' });
});

test("the thief's key under the robot's name: header swapped", async () => {
  const robotJwk = async (): Promise<Signer['jwk']> =>
    JSON.parse(
      Buffer.from(
        JSON.parse(at.broker.seen('challenge')[0]?.text ?? '').token.split('.')[0],
        'base64url',
      ).toString(),
    ).jwk;
  replace('answer', async (payload) =>
    forgedAnswer({ ...payload, sdp: 'v=0 thief' }, { key: thief.key, jwk: await robotJwk() }),
  );
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('forgedRobot');
});

test('a challenge of the thief, to read the invitation', async () => {
  const { broker, clock } = at;
  const parts = {
    transport: broker.forPupil,
    rtc: new FakeRtc().parts,
    keys: memoryStore(),
    clock,
  };
  const other = new PupilClient(parts);
  const { invitation } = await at.robot.invite();
  replace('challenge', async (payload) => ({
    kind: 'challenge',
    token: await signToken(thief, TYP.challenge, { ...payload, encryptionKey: thief.jwk }),
  }));
  expect(await outcome(other.bind(invitation))).toBe('forgedRobot');
  at.broker.tamper = (message) => [message];
  await at.clock.advance(10_000);
  expect(await outcome(other.bind(invitation)), 'the invitation is untouched').toBe('in class');
});

test('a false refusal does not keep the true answer out', async () => {
  at.broker.tamper = (message) => {
    if (kindOf(message) !== 'offer') return [message];
    const topic = message.topic.replace(/up$/, 'down');
    void signToken(thief, TYP.refused, {
      ...{ robot: 'robot-1', peer: topic.split('/')[4], inReplyTo: null },
      ...{ reason: 'unknownDevice', iat: 0 },
    }).then((token) => {
      at.broker.inject(topic, { kind: 'refused', token });
      at.broker.inject(message.topic, message.text);
    });
    return [];
  };
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('in class');
});

test("the robot's true refusal of something else is not taken for this offer's", async () => {
  at.broker.tamper = (message) => {
    if (kindOf(message) !== 'offer') return [message];
    // Makes the robot refuse a bent copy, over its own signature.
    const bent = JSON.parse(message.text);
    bent.token = `${bent.token.slice(0, -8)}AAAAAAAA`;
    return [{ topic: message.topic, text: JSON.stringify(bent) }, message];
  };
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('in class');
  expect(at.robot.refused('notAuthentic')).toBeGreaterThan(0);
});

test('answers of before: to this client, to another peer, to another robot', async () => {
  await at.client.join(at.binding, undefined);
  await outcome(at.client.leave());
  const [old] = at.broker.seen('answer');
  at.broker.tamper = (message) =>
    kindOf(message) === 'answer' ? [{ topic: message.topic, text: old?.text ?? '' }] : [message];
  // Signed by the true robot for this peer's former connection: another peer id now.
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('forgedRobot');
});

test('an answer for another robot id, signed by that robot', async () => {
  const other = await TestRobot.start(at.broker, { clock: at.clock, robot: 'robot-2' });
  const offer = (payload: Record<string, unknown>): Promise<object> =>
    other.access.answer(
      {
        visitor: { peer: String(payload.peer), device: '' },
        ...{ trickle: false, restart: false, lessons: false },
        ...{ sdp: '', challenge: String(payload.challenge), offerHash: String(payload.offerHash) },
      },
      'v=0 other',
    );
  replace('answer', offer);
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('forgedRobot');
});

test('a reason that only a newer robot knows is the robot that cannot now', async () => {
  at.robot.session.answer = async () => ({ ok: false, reason: 'onHoliday' as 'notAvailable' });
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('notAvailable');
  at.robot.session.answer = async () => ({ ok: true, sdp: 'v=0 answer' });
});

test('silence is silence, and garbage is silence too', async () => {
  at.broker.tamper = (message) => (message.topic.endsWith('/up') ? [] : [message]);
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('noAnswer');
  at.broker.tamper = (message) =>
    kindOf(message) === 'hello'
      ? ['', '{', '{"kind":"answer"}', '\u0000'].map((text) => ({
          topic: message.topic.replace(/up$/, 'down'),
          text,
        }))
      : [message];
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('noAnswer');
});

test('an old challenge, and one with another nonce, are not signed', async () => {
  const peer = freshPeerId();
  const stale = await at.robot.access.challenge(peer, { kind: 'hello', nonce: freshNonce() });
  const token = stale.ok && stale.value.token;
  at.broker.tamper = (message) =>
    kindOf(message) === 'challenge'
      ? [{ topic: message.topic, text: JSON.stringify({ kind: 'challenge', token }) }]
      : [message];
  expect(await outcome(at.client.join(at.binding, undefined))).toBe('forgedRobot');
  expect(at.broker.seen('offer')).toHaveLength(0);
});
