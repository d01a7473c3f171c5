import { beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Command } from '../wire/control.ts';
import type { FrameSource, Quality } from './api.ts';
import { HeardMeter } from './inbox.ts';
import { FramePath, Measures } from './measures.ts';
import type { CommandBody } from './remote.ts';
import { type MediaTotals, measureQuality, readTotals } from './video-statistics.ts';

let clock: SimClock;
beforeEach(() => {
  clock = new SimClock();
});

describe('quality', () => {
  const was: MediaTotals = {
    ...{ atMs: 1_000, packetsReceived: 100, packetsLost: 0, framesDecoded: 30 },
    ...{ processingDelayS: 1, jitterBufferDelayS: 0.6, jitterBufferEmitted: 30, decodeTimeS: 0.1 },
    ...{ width: 640, height: 480, iceRoundTripMs: 30 },
  };
  const is: MediaTotals = {
    ...{ ...was, atMs: 2_000, packetsReceived: 199, packetsLost: 1, framesDecoded: 60 },
    ...{
      processingDelayS: 1.9,
      jitterBufferDelayS: 1.2,
      jitterBufferEmitted: 60,
      decodeTimeS: 0.3,
    },
  };
  const side = { cameraDelayMs: 12, framePathMs: undefined, roundTripMs: 20, cameraOn: true };

  test('the frames themselves, when the browser knows their capture time', () => {
    const quality = measureQuality(was, is, { ...side, framePathMs: 50 });
    expect(quality).toMatchObject({ videoLatencyMs: 62, framesPerSecond: 30, lossRatio: 0.01 });
    expect(quality.verdict).toBe('good');
  });

  test('otherwise half a round trip and the receiver, the jitter buffer counted once', () => {
    expect(measureQuality(was, is, side).videoLatencyMs).toBeCloseTo(12 + 10 + 30);
    const bare = { ...was, processingDelayS: undefined };
    const later = { ...is, processingDelayS: undefined };
    expect(measureQuality(bare, later, side).videoLatencyMs).toBeCloseTo(12 + 10 + 20 + 6.667, 2);
  });

  test('no frames, no number; a counter that went back is no loss', () => {
    const frozen = measureQuality(was, { ...was, atMs: 2_000 }, side);
    expect(frozen).toMatchObject({ videoLatencyMs: undefined, lossRatio: undefined });
    expect(measureQuality({ ...was, packetsLost: 5 }, is, side).lossRatio).toBe(0);
  });

  test('a picture that stands still is poor; one that has not begun says nothing yet', () => {
    const frozen = measureQuality(was, { ...was, atMs: 2_000 }, side);
    expect(frozen).toMatchObject({ verdict: 'poor', trouble: 'choppy' });
    const first = { ...was, framesDecoded: 0 };
    expect(measureQuality(first, { ...first, atMs: 2_000 }, side).verdict).toBe('unknown');
  });

  test('a camera that is off leaves the network to judge: a pause is no weakness', () => {
    const off = { ...side, cameraOn: false, roundTripMs: 2 };
    const black = { ...was, atMs: 2_000, packetsReceived: 103, framesDecoded: 31 };
    const paused = measureQuality(was, black, off);
    expect(paused).toMatchObject({ verdict: 'good', trouble: undefined, roundTripMs: 2 });
    expect(paused.framesPerSecond).toBeUndefined();
    expect(measureQuality(was, { ...was, atMs: 2_000 }, off).verdict).toBe('good');
    expect(measureQuality(was, black, { ...off, roundTripMs: 900 }).verdict).toBe('poor');
  });

  test('delay counts, of the picture or of a word and its answer, however little is lost', () => {
    const late = measureQuality(was, is, { ...side, framePathMs: 4_500 });
    expect(late).toMatchObject({ verdict: 'poor', trouble: 'delay' });
    const far = measureQuality(was, is, { ...side, framePathMs: 50, roundTripMs: 4_500 });
    expect(far).toMatchObject({ verdict: 'poor', trouble: 'delay' });
    const fair = measureQuality(was, is, { ...side, framePathMs: 50, roundTripMs: 500 });
    expect(fair).toMatchObject({ verdict: 'fair', trouble: 'delay' });
    const lossy = measureQuality(was, { ...is, packetsLost: 20 }, { ...side, framePathMs: 50 });
    expect(lossy.trouble).toBe('choppy');
  });

  test.each([
    [{ framePathMs: 250 }, {}, 'fair'],
    [{ framePathMs: 500 }, {}, 'poor'],
    [{}, { packetsLost: 5 }, 'fair'],
    [{}, { packetsLost: 20 }, 'poor'],
    [{}, { framesDecoded: 45 }, 'fair'],
    [{}, { framesDecoded: 32 }, 'poor'],
  ])('%j %j: %s', (sideMore, isMore, verdict) => {
    expect(measureQuality(was, { ...is, ...isMore }, { ...side, ...sideMore }).verdict).toBe(
      verdict,
    );
  });

  test('reads what browsers report', () => {
    const report = new Map<string, object>([
      ['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 7 }],
      ['v', { type: 'inbound-rtp', kind: 'video', packetsReceived: 9, packetsLost: -1 }],
      [
        'p',
        { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.02 },
      ],
    ]) as unknown as RTCStatsReport;
    expect(readTotals(report, 5)).toMatchObject({
      ...{ atMs: 5, packetsReceived: 9, packetsLost: 0, iceRoundTripMs: 20 },
    });
    expect(readTotals(new Map() as unknown as RTCStatsReport, 5)).toBeUndefined();
  });
});

describe('measuring in class', () => {
  test('each second to the page, each second one to the robot, as the schema has it', async () => {
    let frames = 0;
    const qualities: Quality[] = [];
    const reports: CommandBody[] = [];
    const measures = new Measures({
      clock,
      framePath: new FramePath(),
      stats: async () => {
        frames += 30;
        const video = { type: 'inbound-rtp', kind: 'video', packetsReceived: frames };
        const decoded = { framesDecoded: frames, totalProcessingDelay: frames * 0.04 };
        return new Map([['v', { ...video, ...decoded }]]) as unknown as RTCStatsReport;
      },
      roundTripMs: () => 10,
      cameraOn: () => true,
      onQuality: (quality) => qualities.push(quality),
      report: (measured) => reports.push(measured),
    });
    measures.cameraDelay(5);
    measures.start();
    await clock.advance(5_000);
    measures.stop();
    await clock.advance(5_000);
    expect(qualities).toHaveLength(4);
    expect(qualities[0]?.videoLatencyMs).toBeCloseTo(50);
    expect(reports).toHaveLength(2);
    for (const report of reports) Command.parse({ ...report, seq: 1 });
  });

  test('a second in which the camera goes off or comes on is no measure of the picture', async () => {
    let on = true;
    let frames = 0;
    const verdicts: [string, number | undefined][] = [];
    const measures = new Measures({
      clock,
      framePath: new FramePath(),
      stats: async () => {
        frames += on ? 30 : 1;
        const video = { type: 'inbound-rtp', kind: 'video', packetsReceived: frames };
        return new Map([['v', { ...video, framesDecoded: frames }]]) as unknown as RTCStatsReport;
      },
      roundTripMs: () => 2,
      cameraOn: () => on,
      onQuality: ({ verdict, framesPerSecond }) => verdicts.push([verdict, framesPerSecond]),
      report: () => undefined,
    });
    measures.start();
    await clock.advance(3_000);
    on = false;
    await clock.advance(2_000);
    on = true;
    await clock.advance(2_000);
    expect(verdicts).toEqual([
      ...[2, 3].map(() => ['good', 30]),
      ...[4, 5, 6].map(() => ['good', undefined]),
      ['good', 30],
    ]);
  });

  test('the frame path is the median of what the element shows', () => {
    const callbacks: ((
      now: number,
      frame: { captureTime?: number; expectedDisplayTime: number },
    ) => void)[] = [];
    const source: FrameSource = { requestVideoFrameCallback: (act) => callbacks.push(act) };
    const path = new FramePath();
    path.watch(source);
    for (const ms of [40, 50, 900, -5, 60])
      callbacks.at(-1)?.(0, { captureTime: 100, expectedDisplayTime: 100 + ms });
    callbacks.at(-1)?.(0, { expectedDisplayTime: 1 });
    expect(path.take()).toBe(60);
    expect(path.take()).toBeUndefined();
    path.watch(undefined);
    callbacks.at(-1)?.(0, { captureTime: 0, expectedDisplayTime: 1 });
    expect(path.take()).toBeUndefined();
  });
});

test('heard: silent, quiet, clear, loud, muted; pauses in speech are bridged', () => {
  const verdict = (voiceDb: number, roomDb = -45, muted = false): string =>
    new HeardMeter().take({ voiceDb, roomDb }, muted);
  expect([verdict(-80), verdict(-42), verdict(-25), verdict(-3), verdict(-25, -45, true)]).toEqual([
    ...['silent', 'quiet', 'clear', 'loud', 'muted'],
  ]);
  const meter = new HeardMeter();
  meter.take({ voiceDb: -25, roomDb: -45 }, false);
  for (let n = 0; n < 4; n++)
    expect(meter.take({ voiceDb: -90, roomDb: -45 }, false)).toBe('clear');
  expect(meter.take({ voiceDb: -90, roomDb: -45 }, false)).toBe('silent');
});
