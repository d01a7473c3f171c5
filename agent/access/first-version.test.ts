/** Version 0.1.0 on either end: its messages are read, and it is sent only what it can read. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { memoryStore } from '../client/key-value-store.ts';
import { PupilClient } from '../client/pupil-client.ts';
import { REPLIES } from '../client/robot-words.ts';
import { FakeRtc } from '../client/testing/fake-rtc.ts';
import { atRest, boundPupil, RawPupil, settled } from '../signalling/testing/raw-pupil.ts';
import { type Carried, TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import { ByePayload, OfferPayload, SignalDown, SignalUp, TYP } from '../wire/signalling.ts';
import { FirstDown, FirstUp, firstPayloads } from '../wire/testing/first-version.ts';
import { openToken } from '../wire/token.ts';
import { peerOf, topics } from '../wire/topics.ts';

/** Recorded: a pupil bound, came to class, was refused, and withdrew an offer. */
const recorded = z
  .object({
    robotKey: z.string(),
    messages: z.array(
      z.object({ topic: z.string(), message: z.looseObject({ kind: z.string() }) }),
    ),
  })
  .parse(
    JSON.parse(
      readFileSync(new URL('../wire/testing/v0-1-0-messages.json', import.meta.url), 'utf8'),
    ),
  );

const payloadIn = (text: string): unknown =>
  JSON.parse(Buffer.from(JSON.parse(text).token.split('.')[1], 'base64url').toString());

const { candidates: _candidates, restart: _restart, ...firstReplies } = REPLIES;
const schemas = {
  ...firstReplies,
  offer: [TYP.offer, OfferPayload],
  bye: [TYP.bye, ByePayload],
} as const;

test('every kind of message of version 0.1.0 is read today, including signatures', async () => {
  const kinds = new Set<string>();
  for (const { topic, message } of recorded.messages) {
    const up = topic.endsWith('/up');
    expect((up ? SignalUp : SignalDown).safeParse(message).success, message.kind).toBe(true);
    kinds.add(message.kind);
    if (!(message.kind in schemas)) continue;
    const [typ, schema] = schemas[message.kind as keyof typeof schemas];
    const opened = await openToken<unknown>(String(message.token), typ, schema);
    expect(opened.ok, message.kind).toBe(true);
    if (opened.ok && !up) expect(opened.signer).toBe(recorded.robotKey);
  }
  expect([...kinds].sort()).toEqual(
    ['hello', 'bind', ...Object.keys(schemas)].sort((a, b) => a.localeCompare(b)),
  );
});

test('today’s robot reads a recorded page; refusals are for valid reasons only', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  for (const { topic, message } of recorded.messages.filter(({ topic }) => topic.endsWith('/up'))) {
    broker.publishAs(topic, message);
    await atRest();
  }
  expect(await settled(() => broker.seen('challenge').length === 4)).toBe(true);
  expect(robot.refused('malformed')).toBe(0);
});

test('old page, new robot: in class, and every message of the robot fits the old schema', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, {
    clock,
    iceFor: () => ({ iceServers: [{ urls: 'stun:stun.example' }] }),
  });
  const pupil = await boundPupil(robot, broker, () => clock.wall());
  expect(await pupil.offer()).toBe('answer');
  expect(robot.session.offerOptions).toEqual([{ restart: false }]);
  robot.session.answer = async () => ({ ok: false, reason: 'inUse' });
  expect(await pupil.offer()).toBe('refused: inUse');
  const down = broker.carried.filter(({ topic }) => topic.endsWith('/down'));
  expect(down.length).toBeGreaterThan(4);
  for (const { text } of down) {
    const { kind } = FirstDown.parse(JSON.parse(text));
    expect(() => firstPayloads[kind].parse(payloadIn(text)), kind).not.toThrow();
  }
});

/** Makes the robot behind this broker a first-version one: what it cannot read is malformed. */
function firstVersion(broker: TapBroker, robot: TestRobot): void {
  const readable = ({ text }: Carried): boolean => {
    const { kind } = FirstUp.safeParse(JSON.parse(text)).data ?? {};
    if (kind === undefined) return false;
    return kind !== 'offer' || firstPayloads.offer.safeParse(payloadIn(text)).success;
  };
  broker.tamper = (message) => {
    if (!message.topic.endsWith('/up') || readable(message)) return [message];
    const peer = peerOf(robot.access ? 'robot-1' : '', message.topic) ?? '';
    void robot.access
      .refusal(peer, null, 'malformed')
      .then((refusal) => broker.inject(topics.toPeer('robot-1', peer), refusal));
    return [];
  };
}

function newClient(broker: TapBroker, clock: SimClock) {
  const rtc = new FakeRtc();
  const parts = { transport: broker.forPupil, rtc: rtc.parts, keys: memoryStore(), clock };
  return { rtc, client: new PupilClient(parts) };
}

test('new page, old robot: bound and in class at once, without new fields', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  firstVersion(broker, robot);
  const { client, rtc } = newClient(broker, clock);
  const binding = await client.bind((await robot.invite()).invitation);
  await client.join(binding, undefined);
  expect(client.connection).toEqual({ name: 'inClass' });
  rtc.connections[0]?.find('candidate:1 1 udp 1 192.0.2.1 9 typ host');
  await clock.advance(1_000);
  expect(broker.seen('candidates')).toEqual([]);
  expect(robot.session.offerOptions).toEqual([{ restart: false }]);
});

test('the refusal of an unreadable hello is lost: the old form is soon sent as well', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  broker.tamper = (message) =>
    message.topic.endsWith('/up') && !FirstUp.safeParse(JSON.parse(message.text)).success
      ? []
      : [message];
  const { client } = newClient(broker, clock);
  const bound = client.bind((await robot.invite()).invitation);
  await clock.advance(4_500);
  expect(await bound).toMatchObject({ robot: 'robot-1' });
});

test('fields of a later version are ignored on either end', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  const pupil = await RawPupil.at(broker, () => clock.wall());
  broker.tamper = (message) => {
    const newer = { ...JSON.parse(message.text), flavour: { of: 'later' } };
    return [{ topic: message.topic, text: JSON.stringify(newer) }];
  };
  const { invitation } = await robot.invite();
  const token = await pupil.bindToken(await pupil.hello(), invitation.secret, { flavour: 1 });
  pupil.say({ kind: 'bind', token });
  expect(await pupil.heard()).toBe('bound');
  const { challenge } = await pupil.hello();
  pupil.say({ kind: 'offer', token: await pupil.offerToken(challenge, { flavour: [1] }) });
  expect(await pupil.heard()).toBe('answer');
});
