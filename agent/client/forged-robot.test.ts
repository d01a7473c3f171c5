/** A broker that answers in the robot's place, or bends what the robot says: the client believes none of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { type Carried, TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce, freshPeerId, type Signer, signToken } from '../wire/token.ts';
import type { Binding } from './api.ts';
import { PupilClient } from './pupil-client.ts';
import { memoryShelf } from './shelf.ts';
import { FakeRtc } from './testing/fake-rtc.ts';

let clock: SimClock;
let broker: TapBroker;
let robot: TestRobot;
let thief: Signer;
let client: PupilClient;
let binding: Binding;

beforeEach(async () => {
  clock = new SimClock();
  broker = new TapBroker();
  robot = await TestRobot.start(broker, { clock });
  thief = await makeSigner();
  client = newClient();
  binding = await client.bind((await robot.invite()).invitation);
});

afterEach(async () => {
  broker.tamper = (message) => [message];
  await clock.advance(60_000);
  await client.join(binding, undefined);
  expect(client.connection, 'the honest pupil still gets in').toEqual({ name: 'inClass' });
});

function newClient(): PupilClient {
  const rtc = new FakeRtc().parts;
  return new PupilClient({ transport: broker.forPupil, rtc, keys: memoryShelf(), clock });
}

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
  for (let step = 0; step < 200 && result === undefined; step++) await clock.advance(500);
  return result ?? 'never settled';
}

const kindOf = ({ text }: Carried): string => JSON.parse(text).kind;
const payloadOf = ({ text }: Carried): Record<string, unknown> =>
  JSON.parse(Buffer.from(JSON.parse(text).token.split('.')[1], 'base64url').toString());

/** Replaces each message of a kind by what `forge` makes of its payload. */
function replace(kind: string, forge: (payload: Record<string, unknown>) => Promise<object>): void {
  broker.tamper = (message) => {
    if (kindOf(message) !== kind) return [message];
    void forge(payloadOf(message)).then((other) => broker.inject(message.topic, other));
    return [];
  };
}

const forgedAnswer = async (payload: object, signer = thief): Promise<object> => ({
  kind: 'answer',
  token: await signToken(signer, TYP.answer, payload),
});

test("an answer with the thief's own SDP and key", async () => {
  replace('answer', (payload) => forgedAnswer({ ...payload, sdp: 'v=0 thief' }));
  expect(await outcome(client.join(binding, undefined))).toBe('forgedRobot');
  expect(client.connection).toEqual({ name: 'refused', reason: 'forgedRobot' });
});

test("the thief's key under the robot's name: header swapped", async () => {
  const robotJwk = async (): Promise<Signer['jwk']> =>
    JSON.parse(
      Buffer.from(
        JSON.parse(broker.seen('challenge')[0]?.text ?? '').token.split('.')[0],
        'base64url',
      ).toString(),
    ).jwk;
  replace('answer', async (payload) =>
    forgedAnswer({ ...payload, sdp: 'v=0 thief' }, { key: thief.key, jwk: await robotJwk() }),
  );
  expect(await outcome(client.join(binding, undefined))).toBe('forgedRobot');
});

test('a challenge of the thief, to read the invitation', async () => {
  const other = newClient();
  const { invitation } = await robot.invite();
  replace('challenge', async (payload) => ({
    kind: 'challenge',
    token: await signToken(thief, TYP.challenge, { ...payload, encryptionKey: thief.jwk }),
  }));
  expect(await outcome(other.bind(invitation))).toBe('forgedRobot');
  broker.tamper = (message) => [message];
  await clock.advance(10_000);
  expect(await outcome(other.bind(invitation)), 'the invitation is untouched').toBe('in class');
});

test('a false refusal does not keep the true answer out', async () => {
  broker.tamper = (message) => {
    if (kindOf(message) !== 'offer') return [message];
    const topic = message.topic.replace(/up$/, 'down');
    void signToken(thief, TYP.refused, {
      ...{ robot: 'robot-1', peer: topic.split('/')[4], inReplyTo: null },
      ...{ reason: 'unknownDevice', iat: 0 },
    }).then((token) => {
      broker.inject(topic, { kind: 'refused', token });
      broker.inject(message.topic, message.text);
    });
    return [];
  };
  expect(await outcome(client.join(binding, undefined))).toBe('in class');
});

test("the robot's true refusal of something else is not taken for this offer's", async () => {
  broker.tamper = (message) => {
    if (kindOf(message) !== 'offer') return [message];
    // Makes the robot refuse a bent copy, over its own signature.
    const bent = JSON.parse(message.text);
    bent.token = `${bent.token.slice(0, -8)}AAAAAAAA`;
    return [{ topic: message.topic, text: JSON.stringify(bent) }, message];
  };
  expect(await outcome(client.join(binding, undefined))).toBe('in class');
  expect(robot.refused('notAuthentic')).toBeGreaterThan(0);
});

test('answers of before: to this client, to another peer, to another robot', async () => {
  await client.join(binding, undefined);
  await outcome(client.leave());
  const [old] = broker.seen('answer');
  broker.tamper = (message) =>
    kindOf(message) === 'answer' ? [{ topic: message.topic, text: old?.text ?? '' }] : [message];
  // Signed by the true robot for this peer's former connection: another peer id now.
  expect(await outcome(client.join(binding, undefined))).toBe('forgedRobot');
});

test('an answer for another robot id, signed by that robot', async () => {
  const other = await TestRobot.start(broker, { clock, robot: 'robot-2' });
  const offer = (payload: Record<string, unknown>): Promise<object> =>
    other.access.answer(
      {
        visitor: { peer: String(payload.peer), device: '' },
        ...{ trickle: false, restart: false },
        ...{ sdp: '', challenge: String(payload.challenge), offerHash: String(payload.offerHash) },
      },
      'v=0 other',
    );
  replace('answer', offer);
  expect(await outcome(client.join(binding, undefined))).toBe('forgedRobot');
});

test('a reason that only a newer robot knows is the robot that cannot now', async () => {
  robot.door.answer = async () => ({ ok: false, reason: 'onHoliday' as 'notAvailable' });
  expect(await outcome(client.join(binding, undefined))).toBe('notAvailable');
  robot.door.answer = async () => ({ ok: true, sdp: 'v=0 answer' });
});

test('silence is silence, and garbage is silence too', async () => {
  broker.tamper = (message) => (message.topic.endsWith('/up') ? [] : [message]);
  expect(await outcome(client.join(binding, undefined))).toBe('noAnswer');
  broker.tamper = (message) =>
    kindOf(message) === 'hello'
      ? ['', '{', '{"kind":"answer"}', '\u0000'].map((text) => ({
          topic: message.topic.replace(/up$/, 'down'),
          text,
        }))
      : [message];
  expect(await outcome(client.join(binding, undefined))).toBe('noAnswer');
});

test('an old challenge, and one with another nonce, are not signed', async () => {
  const peer = freshPeerId();
  const stale = await robot.access.challenge(peer, { kind: 'hello', nonce: freshNonce() });
  const token = stale.ok && stale.value.token;
  broker.tamper = (message) =>
    kindOf(message) === 'challenge'
      ? [{ topic: message.topic, text: JSON.stringify({ kind: 'challenge', token }) }]
      : [message];
  expect(await outcome(client.join(binding, undefined))).toBe('forgedRobot');
  expect(broker.seen('offer')).toHaveLength(0);
});
