/** The pupil's side of trickle ICE, and the servers that the robot provides. */
import { beforeEach, expect, test } from 'vitest';
import { restCredentials } from '../access/ice-servers.ts';
import type { OfferOptions, OfferReply } from '../model/offer.ts';
import { RawPupil } from '../signalling/testing/raw-pupil.ts';
import type { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce } from '../wire/token.ts';
import type { Candidate } from '../wire/trickle.ts';
import { type ClientBench, openBench } from './testing/client-bench.ts';

const turn = {
  urls: ['turn:turn.example:3478', 'turns:turn.example:443?transport=tcp'],
  ...restCredentials('the secret', 1_800_000_000, 'robot-1-pupil'),
};
const line = (n: number): string => `candidate:${n} 1 udp 2122260223 192.0.2.${n} 50000 typ host`;
const found = (n: number): Candidate => ({ candidate: line(n), mid: '0', line: 0 });

let bench: ClientBench;
let said: number[];

beforeEach(async () => {
  said = [];
  const iceFor = (saysS: number) => {
    said.push(saysS);
    return { iceServers: [turn] };
  };
  bench = await openBench({ iceFor });
});

test('offers at once, and says what is found later to the connection that it made', async () => {
  await bench.client.join(bench.binding, undefined);
  const [connection] = bench.rtc.connections;
  connection?.find(line(1));
  connection?.find(line(2));
  await bench.clock.advance(40);
  connection?.find(null);
  await bench.clock.advance(100);
  expect(bench.robot.session.candidates).toEqual([line(1), line(2)]);
  expect(bench.broker.seen('candidates')).toHaveLength(2);
});

test('what is found while the offer is being signed is said, once; not what the offer holds', async () => {
  bench.rtc.findsAtOnce = [line(1), line(2), line(3)];
  await bench.client.join(bench.binding, undefined);
  await bench.clock.advance(40);
  expect(bench.robot.session.offers[0]?.sdp).toContain(line(1));
  expect(bench.robot.session.candidates).toEqual([line(2), line(3)]);
  bench.rtc.connections[0]?.find(line(4));
  await bench.clock.advance(100);
  expect(bench.robot.session.candidates).toEqual([line(2), line(3), line(4)]);
});

test("takes the robot's, also those that overtake its answer; not those of anybody else", async () => {
  bench.robot.session.answer = async (
    _from,
    _sdp,
    { onCandidate }: OfferOptions,
  ): Promise<OfferReply> => {
    onCandidate?.(found(1));
    return { ok: true, sdp: 'v=0', addCandidates: bench.robot.session.take };
  };
  const thief = await RawPupil.at(bench.broker, () => bench.clock.wall());
  bench.broker.tamper = (message) => {
    const { kind, token } = JSON.parse(message.text);
    if (kind !== 'candidates') return [message];
    const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    void thief
      .token(TYP.robotCandidates, payload.challenge, { ...payload, candidates: [found(9)] })
      .then((forged) => bench.broker.inject(message.topic, { kind, token: forged }));
    return [message, message];
  };
  await bench.client.join(bench.binding, undefined);
  bench.robot.session.offerOptions[0]?.onCandidate?.(found(2));
  await bench.clock.advance(200);
  const heard = bench.rtc.connections[0]?.candidates.map(({ candidate }) => candidate);
  expect(heard).toEqual([line(1), line(2)]);
});

test('a call that is over says nothing and hears nothing', async () => {
  await bench.client.join(bench.binding, undefined);
  const [first] = bench.rtc.connections;
  bench.rtc.hangUp();
  await bench.clock.advance(300);
  expect(bench.client.connection.name).toBe('inClass');
  first?.find(line(1));
  bench.robot.session.offerOptions[0]?.onCandidate?.(found(2));
  await bench.clock.advance(200);
  expect(bench.robot.session.candidates).toEqual([]);
  expect(bench.rtc.connections.flatMap(({ candidates }) => candidates)).toEqual([]);
});

test('servers with credentials reach the device that is bound, before it looks for candidates', async () => {
  await bench.client.join(bench.binding, undefined);
  const [connection] = bench.rtc.connections;
  expect(connection?.configurations.at(-1)?.iceServers).toEqual([turn]);
  expect(said).toEqual([Math.floor(bench.clock.wall() / 1_000)]);
});

test('and nobody else: not the broker, not a stranger, not who replays the hello', async () => {
  await bench.client.join(bench.binding, undefined);
  const all = bench.broker.carried.map(({ text }) => text).join('\n');
  for (const plain of [turn.username, turn.credential, 'turn.example'])
    for (const text of [plain, Buffer.from(plain).toString('base64url').slice(0, -2)])
      expect(all).not.toContain(text);
  const stranger = await RawPupil.at(bench.broker, () => bench.clock.wall());
  const nonce = freshNonce();
  const { iceKey } = await helloOf(bench.broker);
  const device = await stranger.token(TYP.hello, '', { nonce, iceKey });
  stranger.say({ kind: 'hello', nonce, features: ['iceServers'], device });
  expect(await stranger.heard()).toBe('challenge');
  expect(stranger.replies.at(-1)?.payload.ice, 'not bound').toBeUndefined();
  const [hello] = bench.broker.seen('hello').slice(-2);
  stranger.say(JSON.parse(hello?.text ?? ''));
  expect(await stranger.heard(), "another peer's hello").toBe('challenge');
  expect(stranger.replies.at(-1)?.payload.ice).toBeUndefined();
});

async function helloOf(from: TapBroker): Promise<Record<string, unknown>> {
  const hello = from.seen('hello').find(({ text }) => text.includes('"device"'));
  const token: string = JSON.parse(hello?.text ?? '').device;
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

test('a robot without servers, and a JWE that cannot be read: in class all the same', async () => {
  bench.broker.tamper = (message) => [message];
  bench.robot = await bench.robot.restart();
  await bench.client.join(bench.binding, undefined);
  expect(bench.client.connection).toEqual({ name: 'inClass' });
});
