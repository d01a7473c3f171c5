/** Signalling and the pupil's client under noise: typed refusals, no exception, no lockout. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { readRobotMessage } from '../client/inbox.ts';
import { memoryStore } from '../client/key-value-store.ts';
import { PupilClient } from '../client/pupil-client.ts';
import { FakeRtc } from '../client/testing/fake-rtc.ts';
import { AccessRefusal } from '../wire/signalling.ts';
import { topics } from '../wire/topics.ts';
import { atRest, boundPupil, RawPupil, settled } from './testing/raw-pupil.ts';
import { TapBroker } from './testing/tap-broker.ts';
import { TestRobot } from './testing/test-robot.ts';

const text = fc.oneof(
  fc.string(),
  fc.json(),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc
    .record({ kind: fc.constantFrom('hello', 'bind', 'offer', 'bye'), token: fc.string() })
    .map((message) => JSON.stringify(message)),
);

const total = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Waits for pending replies, which would otherwise be taken as the answer to the next message. */
async function quiet(broker: TapBroker): Promise<void> {
  for (let count = -1; count !== broker.carried.length; ) {
    count = broker.carried.length;
    await atRest();
  }
}

test('each noise message is one counted refusal', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  const pupil = await boundPupil(robot, broker, () => clock.wall());
  const noisy = await RawPupil.at(broker, () => clock.wall());
  await fc.assert(
    fc.asyncProperty(text, async (noise) => {
      await clock.advance(2_000);
      const before = total(robot.refusals.snapshot());
      broker.inject(topics.toRobot(noisy.robot, noisy.peer), noise);
      expect(await settled(() => total(robot.refusals.snapshot()) === before + 1)).toBe(true);
    }),
    { numRuns: 150 },
  );
  for (const reason of Object.keys(robot.refusals.snapshot()))
    expect(AccessRefusal.options).toContain(reason.replace('broker.', ''));
  expect(await pupil.offer()).toBe('answer');
  expect(robot.session.offers).toHaveLength(1);
});

test('genuine messages truncated, repeated and shuffled: at most the pupil gets in, nothing breaks', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  const pupil = await boundPupil(robot, broker, () => clock.wall());
  await pupil.offer();
  const genuine = broker.carried.map((message) => message.text);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('whole', 'cut', 'flipped'))),
      async (picks) => {
        await clock.advance(2_000);
        for (const [which, at, how] of picks) {
          const message = genuine[which % genuine.length] ?? '';
          const place = at % message.length;
          const cut = message.slice(0, place);
          const flipped = `${cut}${message[place] === 'A' ? 'B' : 'A'}${message.slice(place + 1)}`;
          const text = { whole: message, cut, flipped }[how];
          broker.inject(topics.toRobot(pupil.robot, pupil.peer), text);
        }
      },
    ),
    { numRuns: 60 },
  );
  await quiet(broker);
  await clock.advance(60_000);
  expect(await pupil.offer()).toBe('answer');
  expect(robot.session.offers, 'only the two true ones').toHaveLength(2);
  expect(robot.access.registry.devices()).toHaveLength(1);
});

test('the client in class: noise on the channel and from the broker changes nothing', async () => {
  const clock = new SimClock();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  const rtc = new FakeRtc();
  const parts = { transport: broker.forPupil, rtc: rtc.parts, keys: memoryStore(), clock };
  const client = new PupilClient(parts);
  await client.join(await client.bind((await robot.invite()).invitation), undefined);
  const topic = broker.seen('answer')[0]?.topic ?? '';
  const surprises: unknown[] = [];
  for (const event of ['connection', 'state', 'heard', 'refused', 'handAcknowledged'] as const)
    client.on(event, (value) => surprises.push(value));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.anything()), async (noise) => {
      rtc.say(noise);
      if (typeof noise === 'string' || noise instanceof Uint8Array) broker.inject(topic, noise);
      expect(readRobotMessage(noise)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
  await atRest();
  expect(surprises).toEqual([]);
  expect(client.connection).toEqual({ name: 'inClass' });
});
