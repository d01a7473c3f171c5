/** What the robot says on the control channel, as the page gets to see it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { RobotState } from '../wire/control.ts';
import type { Heard } from './api.ts';
import { type ClientBench, microphone, openBench } from './testing/client-bench.ts';

let bench: ClientBench;

beforeEach(async () => {
  bench = await openBench();
});

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
    await bench.client.join(bench.binding, microphone());
    const heard: Heard[] = [];
    bench.client.on('heard', ({ verdict }) => heard.push(verdict));
    const others: unknown[] = [];
    bench.client.on('refused', (refused) => others.push(refused));
    bench.client.on('handAcknowledged', () => others.push('acknowledged'));
    bench.rtc.say(JSON.stringify(RobotState.parse(state)));
    expect(bench.client.state?.hand).toBe('up');
    bench.rtc.say('{"kind":"heard","voiceDb":-20,"roomDb":-50}');
    bench.rtc.say(JSON.stringify({ ...state, listenOnly: true }));
    bench.rtc.say('{"kind":"heard","voiceDb":-20,"roomDb":-50}');
    bench.rtc.say('{"kind":"refused","seq":3,"reason":"paused"}');
    bench.rtc.say('{"kind":"handAcknowledged"}');
    expect(heard).toEqual(['clear', 'muted']);
    expect(others).toEqual([{ reason: 'paused' }, 'acknowledged']);
  });

  test('garbage is dropped, and is no sign of life', async () => {
    await bench.client.join(bench.binding, undefined);
    for (let second = 0; second < 5; second++) {
      for (const data of [
        '',
        '{',
        'null',
        '{"kind":"state"}',
        new ArrayBuffer(8),
        'x'.repeat(20_000),
      ])
        bench.rtc.say(data);
      await bench.clock.advance(1_000);
    }
    expect(bench.client.state).toBeUndefined();
    expect(bench.states).toContain('reconnecting');
  });

  test('a page listener that throws disturbs nothing', async () => {
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(error);
    const usual = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
    bench.client.on('connection', () => {
      throw new Error('of the page');
    });
    await bench.client.join(bench.binding, undefined);
    process.removeAllListeners('uncaughtException');
    for (const listener of usual) process.on('uncaughtException', listener);
    expect(bench.client.connection.name).toBe('inClass');
    expect(errors).toHaveLength(4);
  });
});
