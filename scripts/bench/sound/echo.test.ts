/** The echo canceller as shipped, in a simulated room. Runs faster than real time. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { convergenceMs, erleDb, nearFigures } from './figures.ts';
import { processed } from './offline.ts';
import { makeScene } from './scene.ts';

const installed = spawnSync('gst-inspect-1.0', ['--exists', 'webrtcdsp']).status === 0;

describe.skipIf(!installed)('echo canceller (needs GStreamer with webrtcdsp)', () => {
  it.each([3, 30])('takes 20 dB and more off an echo that is %d ms late', (delayMs) => {
    const { played, heard } = makeScene({ seed: 11, delayMs, sentences: [0, 3, 6] });
    const out = processed(played, heard);
    expect(convergenceMs(heard, out, 0)).toBeLessThan(4_000);
    expect(erleDb(heard, out, 6_000, 15_000)).toBeGreaterThan(25);
  });

  it('finds the echo again after the head has turned', () => {
    const { played, heard } = makeScene({
      seed: 11,
      delayMs: 10,
      changeMs: 8_000,
      sentences: [0, 3, 6],
    });
    const out = processed(played, heard);
    expect(convergenceMs(heard, out, 8_000)).toBeLessThan(3_000);
  });

  it('leaves whoever speaks in class at the same time intelligible', () => {
    const { played, near, heard } = makeScene({
      seed: 11,
      delayMs: 10,
      nearMs: 7_000,
      sentences: [0, 3, 6],
    });
    const out = processed(played, heard);
    const figures = nearFigures(near, heard, out, 7_000);
    expect(figures.stoiAfter).toBeGreaterThan(figures.stoiBefore);
    expect(figures.gainDb).toBeGreaterThan(-6);
  });
});
