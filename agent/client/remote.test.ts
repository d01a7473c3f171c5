import { beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Command, LookMessage } from '../wire/control.ts';
import { Heartbeat } from './heartbeat.ts';
import { Remote } from './remote.ts';

let clock: SimClock;
beforeEach(() => {
  clock = new SimClock();
});

describe('heartbeat', () => {
  test('beats each second, measures the round trip, tells silence once', async () => {
    const sent: number[] = [];
    let silent = 0;
    const heartbeat = new Heartbeat({
      ...{ clock, beat: (at) => void sent.push(at) },
      onSilent: () => {
        silent += 1;
      },
    });
    heartbeat.start();
    for (let n = 0; n < 4; n++) {
      await clock.advance(40);
      heartbeat.heard();
      heartbeat.answered(sent.at(-1) ?? 0);
      await clock.advance(960);
    }
    expect(heartbeat.roundTripMs).toBeCloseTo(40);
    expect(sent).toHaveLength(5);
    heartbeat.answered(clock.now() + 1_000);
    heartbeat.answered(Number.NaN);
    heartbeat.answered(-1e9);
    expect(heartbeat.roundTripMs).toBeCloseTo(40);
    await clock.advance(20_000);
    expect(silent).toBe(1);
    heartbeat.stop();
  });
});

test('an answer that is overdue counts as long as it has been waited for', async () => {
  const sent: number[] = [];
  const heartbeat = new Heartbeat({
    clock,
    beat: (at) => void sent.push(at),
    onSilent: () => undefined,
  });
  heartbeat.start();
  await clock.advance(40);
  heartbeat.answered(sent[0] ?? 0);
  await clock.advance(960 + 2_500);
  heartbeat.heard();
  expect(heartbeat.roundTripMs).toBeCloseTo(2_500);
  heartbeat.answered(sent[1] ?? 0);
  expect(heartbeat.roundTripMs).toBeLessThan(1_000);
  heartbeat.stop();
});

describe('remote', () => {
  let looks: LookMessage[];
  let commands: Command[];
  let stuck: boolean;
  let remote: Remote;
  beforeEach(() => {
    looks = [];
    commands = [];
    stuck = false;
    remote = new Remote({
      clock,
      sendLook: (text) => !stuck && looks.push(LookMessage.parse(JSON.parse(text))) > 0,
      sendControl: (text) => commands.push(Command.parse(JSON.parse(text))) > 0,
    });
  });

  test('the newest look wins, at most 60 a second, and the last always arrives', async () => {
    for (let n = 0; n < 1_000; n++) {
      remote.look(n / 10, 0);
      await clock.advance(1);
    }
    await clock.advance(20);
    expect(looks.length).toBeGreaterThan(50);
    expect(looks.length).toBeLessThanOrEqual(61);
    expect(looks.at(-1)).toMatchObject({ pan: 99.9 });
    const numbers = looks.map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('a stuck link gets the newest when it is free, and nothing after a reset', async () => {
    stuck = true;
    for (let n = 0; n < 50; n++) remote.look(n, 0);
    await clock.advance(100);
    stuck = false;
    await clock.advance(20);
    expect(looks).toMatchObject([{ pan: 49 }]);
    stuck = true;
    remote.look(1, 1);
    remote.reset();
    stuck = false;
    await clock.advance(100);
    expect(looks).toHaveLength(1);
  });

  test('what is out of range is brought in, what is no number is not sent', async () => {
    remote.look(1e9, -1e9);
    await clock.advance(20);
    remote.lookRate(-1e9, 1);
    await clock.advance(20);
    remote.look(Number.NaN, 0);
    remote.look(0, Number.POSITIVE_INFINITY);
    await clock.advance(20);
    expect(looks).toMatchObject([
      { kind: 'look', pan: 180, tilt: -90 },
      { kind: 'lookRate', pan: -360, tilt: 1 },
    ]);
    remote.command({ kind: 'hand', up: true });
    expect(commands).toMatchObject([{ kind: 'hand', up: true, seq: 3 }]);
  });
});
