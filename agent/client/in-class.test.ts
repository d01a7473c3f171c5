/** Getting in, staying in and getting out, over a broker in memory and a WebRTC without a network. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { settled } from '../signalling/testing/raw-pupil.ts';
import { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import type { Binding } from './api.ts';
import { PupilClient } from './pupil-client.ts';
import { memoryShelf } from './shelf.ts';
import { FakeRtc } from './testing/fake-rtc.ts';

let clock: SimClock;
let broker: TapBroker;
let robot: TestRobot;
let rtc: FakeRtc;
let client: PupilClient;
let binding: Binding;
let states: string[];

beforeEach(async () => {
  clock = new SimClock();
  broker = new TapBroker();
  robot = await TestRobot.start(broker, { clock });
  rtc = new FakeRtc();
  const parts = { transport: broker.forPupil, rtc: rtc.parts, keys: memoryShelf(), clock };
  client = new PupilClient(parts);
  states = [];
  client.on('connection', (state) =>
    states.push(state.name === 'reconnecting' ? `reconnecting ${state.attempt}` : state.name),
  );
  binding = await client.bind((await robot.invite()).invitation);
});

/** The robot answers heartbeats from now on, as long as it lives. */
function beatBack(): { stop(): void } {
  const timer = clock.every(200, () => {
    const last = rtc.sent.filter(({ kind }) => kind === 'alive').at(-1);
    if (last) rtc.say(JSON.stringify({ ...last, robotAtMs: 0 }));
  });
  return { stop: () => timer.cancel() };
}

const microphone = (): MediaStream => {
  const track = { kind: 'audio', readyState: 'live', enabled: true };
  return { getAudioTracks: () => [track] } as unknown as MediaStream;
};

describe('getting in', () => {
  test('offers one picture, sound both ways, two channels, all in one round', async () => {
    await client.join(binding, microphone());
    expect(states).toEqual(['reaching', 'knocking', 'joining', 'inClass']);
    expect(rtc.connections).toHaveLength(1);
    const [connection] = rtc.connections;
    expect([...(connection?.channels.keys() ?? [])]).toEqual(['look', 'control']);
    expect(connection?.transceivers.map(({ direction }) => direction)).toEqual([
      'recvonly',
      'sendrecv',
    ]);
    expect(broker.seen('hello')).toHaveLength(2);
  });

  test('a warm line is used, and its loss does not matter', async () => {
    await client.prewarm(binding);
    broker.reachable = false;
    const opened = client.join(binding, undefined);
    broker.reachable = true;
    await opened;
    expect(client.connection.name).toBe('inClass');
  });

  test.each([
    ['inUse', 'inUse'],
    ['notAvailable', 'notAvailable'],
  ] as const)('the session says %s', async (reason, shown) => {
    robot.door.answer = async () => ({ ok: false, reason });
    await expect(client.join(binding, undefined)).rejects.toMatchObject({ reason });
    expect(client.connection).toEqual({ name: 'refused', reason: shown });
  });

  test('no broker, a dead microphone, a robot this device is not bound to', async () => {
    broker.reachable = false;
    await expect(client.join(binding, undefined)).rejects.toMatchObject({
      reason: 'brokerUnreachable',
    });
    broker.reachable = true;
    const dead = { getAudioTracks: () => [] } as unknown as MediaStream;
    await expect(client.join(binding, dead)).rejects.toMatchObject({ reason: 'noMicrophone' });
    await client.forget(binding.robot);
    await expect(client.join(binding, undefined)).rejects.toMatchObject({ reason: 'notBound' });
    expect(await client.bindings()).toEqual([]);
  });

  test('an invitation that is used up, and one whose answer was lost', async () => {
    const { invitation } = await robot.invite();
    broker.tamper = (message) => (message.text.includes('"kind":"bound"') ? [] : [message]);
    const lost = client.bind(invitation).catch((error: { reason: string }) => error.reason);
    await settled(() => robot.access.guests.devices().length === 2);
    await clock.advance(13_000);
    expect(await lost).toBe('noAnswer');
    broker.tamper = (message) => [message];
    expect(await client.bind(invitation), 'the same device asks again').toEqual(binding);
    const other = new PupilClient({
      ...{ transport: broker.forPupil, rtc: rtc.parts, keys: memoryShelf(), clock },
    });
    await expect(other.bind(invitation)).rejects.toMatchObject({ reason: 'invitationUsed' });
  });
});

describe('staying in', () => {
  test('the robot closes the call: a new one, by itself', async () => {
    await client.join(binding, undefined);
    rtc.hangUp();
    await clock.advance(500);
    expect(states.slice(4)).toEqual(['reconnecting 1', 'inClass']);
    expect(rtc.connections).toHaveLength(2);
    expect(rtc.connections[0]?.connectionState).toBe('closed');
  });

  test('a robot that falls silent is called again, with patience, then given up', async () => {
    const beating = beatBack();
    await client.join(binding, undefined);
    await clock.advance(10_000);
    expect(client.connection.name, 'while it answers').toBe('inClass');
    beating.stop();
    robot.door.answer = async () => ({ ok: false, reason: 'notAvailable' });
    await clock.advance(4_500);
    expect(client.connection.name).toBe('reconnecting');
    await clock.advance(360_000);
    expect(client.connection).toEqual({ name: 'ended', why: 'lost' });
  });

  test('losing the broker while the media go on ends nothing', async () => {
    const beating = beatBack();
    await client.join(binding, undefined);
    broker.reachable = false;
    await clock.advance(20_000);
    expect(states.at(-1)).toBe('inClass');
    beating.stop();
    rtc.fail();
    await clock.advance(2_000);
    broker.reachable = true;
    beatBack();
    await clock.until(() => states.at(-1) === 'inClass', 16_000);
    await clock.advance(20_000);
    expect(states.at(-1)).toBe('inClass');
  });

  test.each([
    ['unknownDevice', 'revoked'],
    ['inUse', 'takenOver'],
  ] as const)('refused with %s on the way back: %s', async (reason, why) => {
    await client.join(binding, undefined);
    robot.door.answer = async () => ({ ok: false, reason });
    rtc.hangUp();
    await clock.advance(2_000);
    expect(client.connection).toEqual({ name: 'ended', why });
  });
});

describe('getting out', () => {
  test('hangs up over the channel and waits for the word', async () => {
    await client.join(binding, undefined);
    const left = client.leave();
    expect(rtc.sent.at(-1)?.kind).toBe('hangUp');
    rtc.say('{"kind":"ended","why":"hangUp"}');
    await left;
    expect(client.connection).toEqual({ name: 'ended', why: 'hangUp' });
    expect(rtc.connections[0]?.connectionState).toBe('closed');
  });

  test('takes an offer back that was not answered yet', async () => {
    let entered = (): void => {};
    robot.door.answer = () =>
      new Promise((resolve) => {
        entered = () => resolve({ ok: true, sdp: 'v=0' });
      });
    const joined = client.join(binding, undefined).catch((error: { reason: string }) => error);
    await settled(() => robot.door.offers.length === 1);
    await client.leave();
    expect(await settled(() => robot.door.byes.length === 1)).toBe(true);
    entered();
    expect(await joined).toMatchObject({ reason: 'left' });
    expect(await settled(() => robot.door.byes.length === 2), 'the late answer too').toBe(true);
    expect(broker.seen('answer')).toEqual([]);
    expect(client.connection).toEqual({ name: 'ended', why: 'hangUp' });
  });

  test('the robot ends it', async () => {
    await client.join(binding, undefined);
    rtc.say('{"kind":"ended","why":"batteryEmpty"}');
    expect(client.connection).toEqual({ name: 'ended', why: 'batteryEmpty' });
    client.raiseHand(true);
    client.look(1, 1);
    expect(rtc.sent.filter(({ kind }) => kind === 'hand')).toEqual([]);
  });
});
