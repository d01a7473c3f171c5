import { describe, expect, it } from 'vitest';
import { PreciseClock } from './precise-clock.ts';

describe('PreciseClock', () => {
  it('beats on its grid, never before a beat, and drops beats that were missed', async () => {
    const clock = new PreciseClock();
    const start = clock.now();
    const beats: number[] = [];
    await new Promise<void>((resolve) => {
      const timer = clock.every(10, () => {
        beats.push(clock.now() - start);
        if (beats.length === 5) blockFor(clock, 35);
        if (beats.length < 20) return;
        timer.cancel();
        resolve();
      });
    });
    for (const beat of beats)
      expect(beat - 10 * Math.floor(beat / 10 + 0.005)).toBeGreaterThan(-0.1);
    const [before = 0, after = 0] = beats.slice(4, 6);
    expect(after - before).toBeGreaterThanOrEqual(34);
  });

  it('refuses a period that is none', () => {
    expect(() => new PreciseClock().every(0, () => {})).toThrow(RangeError);
  });
});

function blockFor(clock: PreciseClock, ms: number): void {
  for (const end = clock.now() + ms; clock.now() < end; );
}
