/** What the robot says on the control channel, as the page gets to see it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import { RobotState } from '../wire/control.ts';
import type { Binding, Heard } from './api.ts';
import { PupilClient } from './pupil-client.ts';
import { memoryShelf } from './shelf.ts';
import { FakeRtc } from './testing/fake-rtc.ts';

let clock: SimClock;
let rtc: FakeRtc;
let client: PupilClient;
let binding: Binding;
let states: string[];

beforeEach(async () => {
  clock = new SimClock();
  rtc = new FakeRtc();
  const broker = new TapBroker();
  const robot = await TestRobot.start(broker, { clock });
  const parts = { transport: broker.forPupil, rtc: rtc.parts, keys: memoryShelf(), clock };
  client = new PupilClient(parts);
  states = [];
  client.on('connection', ({ name }) => states.push(name));
  binding = await client.bind((await robot.invite()).invitation);
});

const microphone = (): MediaStream => {
  const track = { kind: 'audio', readyState: 'live', enabled: true };
  return { getAudioTracks: () => [track] } as unknown as MediaStream;
};

describe('what the robot says', () => {
  const state = {
    ...{ kind: 'state', seq: 1, phase: 'live', motion: 'rest', hand: 'up', mood: 'happy' },
    pan: { deg: 0, targetDeg: 0, minDeg: -170, maxDeg: 170 },
    tilt: { deg: 0, targetDeg: 0, minDeg: -20, maxDeg: 20 },
    ...{ listenOnly: false, voice: 'normal', volume: 0.5, picture: '480p' },
    presets: {
      board: { pan: 0, tilt: 0 },
      teacher: { pan: 0, tilt: 0 },
      class: { pan: 0, tilt: 0 },
    },
    ...{ batteryPercent: 80, charging: false, problems: [] },
    ...{ camera: 'on', microphone: 'on', speaker: 'on' },
  };

  test('state, hands, refusals and how well it hears', async () => {
    await client.join(binding, microphone());
    const heard: Heard[] = [];
    client.on('heard', ({ verdict }) => heard.push(verdict));
    const others: unknown[] = [];
    client.on('refused', (refused) => others.push(refused));
    client.on('handAcknowledged', () => others.push('acknowledged'));
    rtc.say(JSON.stringify(RobotState.parse(state)));
    expect(client.state?.hand).toBe('up');
    rtc.say('{"kind":"heard","voiceDb":-20,"roomDb":-50}');
    rtc.say(JSON.stringify({ ...state, listenOnly: true }));
    rtc.say('{"kind":"heard","voiceDb":-20,"roomDb":-50}');
    rtc.say('{"kind":"refused","seq":3,"reason":"paused"}');
    rtc.say('{"kind":"handAcknowledged"}');
    expect(heard).toEqual(['clear', 'muted']);
    expect(others).toEqual([{ reason: 'paused' }, 'acknowledged']);
  });

  test('garbage is dropped, and is no sign of life', async () => {
    await client.join(binding, undefined);
    for (let second = 0; second < 5; second++) {
      for (const data of [
        '',
        '{',
        'null',
        '{"kind":"state"}',
        new ArrayBuffer(8),
        'x'.repeat(20_000),
      ])
        rtc.say(data);
      await clock.advance(1_000);
    }
    expect(client.state).toBeUndefined();
    expect(states).toContain('reconnecting');
  });

  test('a page listener that throws disturbs nothing', async () => {
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(error);
    const usual = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
    client.on('connection', () => {
      throw new Error('of the page');
    });
    await client.join(binding, undefined);
    process.removeAllListeners('uncaughtException');
    for (const listener of usual) process.on('uncaughtException', listener);
    expect(client.connection.name).toBe('inClass');
    expect(errors).toHaveLength(4);
  });
});
