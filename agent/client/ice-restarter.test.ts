/** The network changes in the middle of a lesson: new ways for the same call, and a new call when there are none. */
import { beforeEach, expect, test } from 'vitest';
import { beatBack, type ClientBench, openBench } from './testing/client-bench.ts';

let bench: ClientBench;
let lines = 0;
let changeNetwork: () => void;
let beating: boolean;

beforeEach(async () => {
  beating = true;
  bench = await openBench({}, (broker) => ({
    transport: (request) => {
      lines += 1;
      return broker.forPupil(request);
    },
    watchNetwork: (onChange) => {
      changeNetwork = onChange;
    },
  }));
  beatBack(bench, () => beating);
  await bench.client.join(bench.binding, undefined);
  bench.states.length = 0;
  lines = 0;
});

/** Steps of simulated time until it is so, `limitMs` of it at most. */
async function eventually(done: () => boolean, limitMs = 5_000): Promise<void> {
  for (let passed = 0; passed < limitMs && !done(); passed += 20) await bench.clock.advance(20);
  expect(done()).toBe(true);
}

const restarts = (): number =>
  bench.robot.session.offerOptions.filter(({ restart }) => restart).length;

test('another network: a restart over a new signalling, while the pupil is in class all the time', async () => {
  changeNetwork();
  await eventually(() => bench.rtc.connections[0]?.answers === 2);
  expect(restarts()).toBe(1);
  expect(lines, 'the old connection is of the old network').toBe(1);
  expect(bench.states).toEqual([]);
  expect(bench.rtc.connections).toHaveLength(1);
  expect(bench.robot.session.offers.at(-1)?.sdp).toMatch(/^v=0 restart/);
});

test('another network comes as many events: one restart', async () => {
  for (let n = 0; n < 6; n++) {
    changeNetwork();
    await bench.clock.advance(40);
  }
  await eventually(() => bench.rtc.connections[0]?.answers === 2);
  await bench.clock.advance(1_000);
  expect(restarts()).toBe(1);
});

test('another network, and nothing comes by the old one: a new call within a second, over a new connection', async () => {
  beating = false;
  changeNetwork();
  await eventually(() => bench.rtc.connections.length === 2, 1_000);
  await eventually(() => bench.states.length === 2);
  expect(bench.states).toEqual(['reconnecting', 'inClass']);
  expect(lines).toBe(1);
  expect(restarts()).toBe(0);
});

test('another network, and only media still come: the call is kept', async () => {
  beating = false;
  const [connection] = bench.rtc.connections;
  const media = bench.clock.every(20, () => {
    if (connection) connection.packetsReceived += 1;
  });
  changeNetwork();
  await eventually(() => restarts() === 1, 2_000);
  media.cancel();
  expect(bench.rtc.connections).toHaveLength(1);
});

test('what a restart found is given its time: neither silence nor the robot throws it away', async () => {
  changeNetwork();
  await eventually(() => bench.rtc.connections[0]?.answers === 2);
  beating = false;
  const visitor = bench.robot.session.offers[0]?.from ?? { peer: '', device: '' };
  bench.robot.askRestart(visitor);
  await bench.clock.advance(3_800);
  expect(restarts()).toBe(1);
  await eventually(() => restarts() === 2);
  await bench.clock.advance(500);
  expect(bench.states).toEqual(['reconnecting']);
  expect(bench.rtc.connections, 'two askers at once are no reason for a new call').toHaveLength(1);
});

test('a way that is found before the restart is signed belongs to the restart', async () => {
  const [connection] = bench.rtc.connections;
  if (connection) connection.findsAtOnce = ['candidate:1 held', 'candidate:2 found'];
  changeNetwork();
  await eventually(() => bench.robot.session.candidates.length > 0);
  expect(bench.robot.session.offers.at(-1)?.sdp).toContain('candidate:1 held');
  await bench.clock.advance(100);
  expect(bench.robot.session.candidates).toEqual(['candidate:2 found']);
  const hashes = bench.broker.seen('candidates').map(({ text }) => claims(text).offerHash);
  expect(hashes).toEqual([claims(bench.broker.seen('answer').at(-1)?.text ?? '').offerHash]);
});

test('a way that trembles is mended before it is lost, over the connection that there is', async () => {
  bench.rtc.become('disconnected');
  await eventually(() => restarts() === 1);
  expect(lines).toBe(0);
  expect(bench.states).toEqual([]);
});

test('a robot that asks for it gets it; who asks in its place does not', async () => {
  const visitor = bench.robot.session.offers[0]?.from ?? { peer: '', device: '' };
  bench.robot.askRestart(visitor);
  await eventually(() => bench.rtc.connections[0]?.answers === 2);
  const [asked] = bench.broker.seen('restart');
  const first = { topic: asked?.topic ?? '', text: asked?.text ?? '' };
  bench.broker.inject(first.topic, first.text);
  await bench.clock.advance(200);
  expect(restarts(), 'a replay names an offer of before').toBe(1);
});

test('silence: mended when the robot is heard again; only signs of life go out meanwhile', async () => {
  beating = false;
  await bench.clock.advance(4_500);
  expect(bench.states).toEqual(['reconnecting']);
  await eventually(() => restarts() === 1);
  bench.client.raiseHand(true);
  beating = true;
  await eventually(() => bench.states.length === 2);
  expect(bench.states).toEqual(['reconnecting', 'inClass']);
  expect(bench.rtc.connections).toHaveLength(1);
  expect(bench.rtc.sent.filter(({ kind }) => kind === 'hand')).toEqual([]);
  bench.client.raiseHand(true);
  expect(bench.rtc.sent.filter(({ kind }) => kind === 'hand')).toHaveLength(1);
});

test('no new way within seconds: a new call', async () => {
  beating = false;
  bench.rtc.fail();
  await eventually(() => bench.rtc.connections.length === 2, 10_000);
  expect(bench.rtc.connections[0]?.connectionState).toBe('closed');
  beating = true;
  await eventually(() => bench.states.length === 3);
  expect(bench.states).toEqual(['reconnecting', 'reconnecting', 'inClass']);
});

test('a robot that was started anew does not know the call: a new one, at once', async () => {
  bench.robot.session.answer = async (_from, _sdp, { restart }) =>
    restart ? { ok: false, reason: 'staleChallenge' } : { ok: true, sdp: 'v=0' };
  changeNetwork();
  await eventually(() => bench.states.length === 2);
  expect(bench.states).toEqual(['reconnecting', 'inClass']);
  expect(bench.rtc.connections).toHaveLength(2);
});

test('a restart that is not answered is taken back, and the old way goes on', async () => {
  bench.broker.tamper = (message) => (message.text.includes('"kind":"answer"') ? [] : [message]);
  changeNetwork();
  await bench.clock.advance(15_000);
  expect(bench.rtc.connections).toHaveLength(1);
  expect(bench.rtc.connections[0]?.rollbacks).toBe(1);
  expect(bench.states).toEqual([]);
  bench.broker.tamper = (message) => [message];
  changeNetwork();
  await eventually(() => bench.rtc.connections[0]?.answers === 2);
});

test('the network changes while a restart is under way: once more, not five times', async () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  bench.robot.session.answer = async () => {
    await opened;
    return { ok: true, sdp: 'v=0' };
  };
  changeNetwork();
  await eventually(() => restarts() === 1);
  for (let n = 0; n < 5; n++) {
    changeNetwork();
    await bench.clock.advance(200);
  }
  await bench.clock.advance(800);
  open();
  await eventually(() => bench.rtc.connections[0]?.answers === 3);
  await bench.clock.advance(500);
  expect(restarts()).toBe(2);
  expect(bench.states).toEqual([]);
});

test('a connection that died in silence is opened anew, and then the call is mended', async () => {
  bench.broker.tamper = (message) =>
    lines === 0 && message.topic.endsWith('/up') ? [] : [message];
  bench.rtc.become('disconnected');
  await eventually(() => restarts() === 1);
  expect(lines).toBe(1);
  expect(bench.states).toEqual([]);
});

test('after the lesson nothing is restarted any more', async () => {
  const left = bench.client.leave();
  bench.rtc.say('{"kind":"ended","why":"hangUp"}');
  await left;
  changeNetwork();
  bench.rtc.become('failed');
  await bench.clock.advance(500);
  expect(restarts()).toBe(0);
});

function claims(text: string): { offerHash?: string } {
  const token: string = JSON.parse(text).token;
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
