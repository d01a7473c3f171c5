/** Getting in, staying in and getting out, over a broker in memory and a WebRTC without a network. */
import { beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../signalling/testing/raw-pupil.ts';
import { memoryStore } from './key-value-store.ts';
import { PupilClient } from './pupil-client.ts';
import { beatBack, type ClientBench, microphone, openBench } from './testing/client-bench.ts';

let bench: ClientBench;
let states: string[];

beforeEach(async () => {
  bench = await openBench();
  states = [];
  bench.client.on('connection', (state) =>
    states.push(state.name === 'reconnecting' ? `reconnecting ${state.attempt}` : state.name),
  );
});

describe('getting in', () => {
  test('offers one picture, sound both ways, two channels, all in one round', async () => {
    await bench.client.join(bench.binding, microphone());
    expect(states).toEqual(['reaching', 'handshaking', 'joining', 'inClass']);
    expect(bench.rtc.connections).toHaveLength(1);
    const [connection] = bench.rtc.connections;
    expect([...(connection?.channels.keys() ?? [])]).toEqual(['look', 'control']);
    expect(connection?.transceivers.map(({ direction }) => direction)).toEqual([
      'recvonly',
      'sendrecv',
    ]);
    expect(bench.broker.seen('hello')).toHaveLength(2);
  });

  test('a preconnected one is used, and its loss does not matter', async () => {
    await bench.client.preconnect(bench.binding);
    bench.broker.reachable = false;
    const opened = bench.client.join(bench.binding, undefined);
    bench.broker.reachable = true;
    await opened;
    expect(bench.client.connection.name).toBe('inClass');
  });

  test.each([
    ['inUse', 'inUse'],
    ['notAvailable', 'notAvailable'],
  ] as const)('the session says %s', async (reason, shown) => {
    bench.robot.session.answer = async () => ({ ok: false, reason });
    await expect(bench.client.join(bench.binding, undefined)).rejects.toMatchObject({ reason });
    expect(bench.client.connection).toEqual({ name: 'refused', reason: shown });
  });

  test('no broker, a dead microphone, a robot this device is not bound to', async () => {
    bench.broker.reachable = false;
    await expect(bench.client.join(bench.binding, undefined)).rejects.toMatchObject({
      reason: 'brokerUnreachable',
    });
    bench.broker.reachable = true;
    const dead = { getAudioTracks: () => [] } as unknown as MediaStream;
    await expect(bench.client.join(bench.binding, dead)).rejects.toMatchObject({
      reason: 'noMicrophone',
    });
    await bench.client.forget(bench.binding.robot);
    await expect(bench.client.join(bench.binding, undefined)).rejects.toMatchObject({
      reason: 'notBound',
    });
    expect(await bench.client.bindings()).toEqual([]);
  });

  test('an invitation that is used up, and one whose answer was lost', async () => {
    const { invitation } = await bench.robot.invite();
    bench.broker.tamper = (message) => (message.text.includes('"kind":"bound"') ? [] : [message]);
    const lost = bench.client.bind(invitation).catch((error: { reason: string }) => error.reason);
    await settled(() => bench.robot.access.registry.devices().length === 2);
    await bench.clock.advance(13_000);
    expect(await lost).toBe('noAnswer');
    bench.broker.tamper = (message) => [message];
    expect(await bench.client.bind(invitation), 'the same device asks again').toEqual(
      bench.binding,
    );
    const other = new PupilClient({
      ...{
        transport: bench.broker.forPupil,
        rtc: bench.rtc.parts,
        keys: memoryStore(),
        clock: bench.clock,
      },
    });
    await expect(other.bind(invitation)).rejects.toMatchObject({ reason: 'invitationUsed' });
  });
});

describe('staying in', () => {
  test('the robot closes the call: a new one, by itself', async () => {
    await bench.client.join(bench.binding, undefined);
    bench.rtc.hangUp();
    await bench.clock.advance(500);
    expect(states.slice(4)).toEqual(['reconnecting 1', 'inClass']);
    expect(bench.rtc.connections).toHaveLength(2);
    expect(bench.rtc.connections[0]?.connectionState).toBe('closed');
  });

  test('a robot that falls silent is called again, with patience, then given up', async () => {
    const beating = beatBack(bench);
    await bench.client.join(bench.binding, undefined);
    await bench.clock.advance(10_000);
    expect(bench.client.connection.name, 'while it answers').toBe('inClass');
    beating.stop();
    bench.robot.session.answer = async () => ({ ok: false, reason: 'notAvailable' });
    await bench.clock.advance(4_500);
    expect(bench.client.connection.name).toBe('reconnecting');
    await bench.clock.advance(360_000);
    expect(bench.client.connection).toEqual({ name: 'ended', why: 'lost' });
  });

  test('losing the broker while the media go on ends nothing', async () => {
    const beating = beatBack(bench);
    await bench.client.join(bench.binding, undefined);
    bench.broker.reachable = false;
    await bench.clock.advance(20_000);
    expect(states.at(-1)).toBe('inClass');
    beating.stop();
    bench.rtc.fail();
    await bench.clock.advance(2_000);
    bench.broker.reachable = true;
    beatBack(bench);
    await bench.clock.until(() => states.at(-1) === 'inClass', 16_000);
    await bench.clock.advance(20_000);
    expect(states.at(-1)).toBe('inClass');
  });

  test.each([
    ['unknownDevice', 'revoked'],
    ['inUse', 'takenOver'],
  ] as const)('refused with %s on the way back: %s', async (reason, why) => {
    await bench.client.join(bench.binding, undefined);
    bench.robot.session.answer = async () => ({ ok: false, reason });
    bench.rtc.hangUp();
    await bench.clock.advance(2_000);
    expect(bench.client.connection).toEqual({ name: 'ended', why });
  });
});

describe('getting out', () => {
  test('hangs up over the channel and waits for the word', async () => {
    await bench.client.join(bench.binding, undefined);
    const left = bench.client.leave();
    expect(bench.rtc.sent.at(-1)?.kind).toBe('hangUp');
    bench.rtc.say('{"kind":"ended","why":"hangUp"}');
    await left;
    expect(bench.client.connection).toEqual({ name: 'ended', why: 'hangUp' });
    expect(bench.rtc.connections[0]?.connectionState).toBe('closed');
  });

  test('takes an offer back that was not answered yet', async () => {
    let entered = (): void => {};
    bench.robot.session.answer = () =>
      new Promise((resolve) => {
        entered = () => resolve({ ok: true, sdp: 'v=0' });
      });
    const joined = bench.client
      .join(bench.binding, undefined)
      .catch((error: { reason: string }) => error);
    await settled(() => bench.robot.session.offers.length === 1);
    await bench.client.leave();
    expect(await settled(() => bench.robot.session.byes.length === 1)).toBe(true);
    entered();
    expect(await joined).toMatchObject({ reason: 'left' });
    expect(await settled(() => bench.robot.session.byes.length === 2), 'the late answer too').toBe(
      true,
    );
    expect(bench.broker.seen('answer')).toEqual([]);
    expect(bench.client.connection).toEqual({ name: 'ended', why: 'hangUp' });
  });

  test('the robot ends it', async () => {
    await bench.client.join(bench.binding, undefined);
    bench.rtc.say('{"kind":"ended","why":"batteryEmpty"}');
    expect(bench.client.connection).toEqual({ name: 'ended', why: 'batteryEmpty' });
    bench.client.raiseHand(true);
    bench.client.look(1, 1);
    expect(bench.rtc.sent.filter(({ kind }) => kind === 'hand')).toEqual([]);
  });
});
