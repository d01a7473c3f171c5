import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mood, Presence } from '../link/schema.ts';
import { eyes } from './eyes.ts';
import { EyesLimiter, LightLimiter, luminance } from './flicker.ts';
import { DARK, type Meaning } from './meaning.ts';
import { lights, ring } from './ring.ts';

const meaning: fc.Arbitrary<Meaning> = fc.record({
  presence: fc.constantFrom(...Presence.options),
  mood: fc.constantFrom(...Mood.options),
  hand: fc.constantFrom('down', 'up', 'acknowledged'),
  paused: fc.boolean(),
  identify: fc.boolean(),
  support: fc.boolean(),
  fault: fc.boolean(),
  batteryCritical: fc.boolean(),
});

/** Each state lasts between one frame and a second: arbitrary changes by the agent. */
const story = fc.array(fc.tuple(meaning, fc.integer({ min: 1, max: 1_000 })), {
  minLength: 1,
  maxLength: 60,
});

/** Most falls after a rise that lie in any second of a channel's levels. */
function flashes(levels: readonly { atMs: number; level: number }[]): number {
  const falls: number[] = [];
  let rising = false;
  for (const [i, { atMs, level }] of levels.entries()) {
    const before = levels[i - 1]?.level ?? 0;
    if (level > before) rising = true;
    if (level < before && rising) {
      falls.push(atMs);
      rising = false;
    }
  }
  return Math.max(
    0,
    ...falls.map((end) => falls.filter((at) => at > end - 1_000 && at <= end).length),
  );
}

function play(story: [Meaning, number][], see: (meaning: Meaning, atMs: number) => void): void {
  let atMs = 1_000_000;
  for (const [meaning, ms] of story)
    for (const end = atMs + ms; atMs < end; atMs += 20) see(meaning, atMs);
}

describe('flicker', () => {
  it('stays at three flashes a second on ring and hand light, for any sequence of states', () => {
    fc.assert(
      fc.property(story, (story) => {
        const limiter = new LightLimiter();
        const channels: { atMs: number; level: number }[][] = [[], [], [], [], []];
        play(story, (meaning, atMs) => {
          const { ring, hand } = limiter.next(lights(meaning, atMs), atMs);
          for (const [i, level] of [...ring, hand, luminance(ring)].entries()) {
            if (!(level >= 0 && level <= 1)) expect.fail(`level ${level} of channel ${i}`);
            channels[i]?.push({ atMs, level });
          }
        });
        for (const channel of channels) expect(flashes(channel)).toBeLessThanOrEqual(3);
      }),
      { numRuns: 60 },
    );
  });

  it('stays at three flashes a second on each dot of the eyes', () => {
    fc.assert(
      fc.property(story, (story) => {
        const limiter = new EyesLimiter();
        const dots: { atMs: number; level: number }[][] = Array.from({ length: 64 }, () => []);
        play(story, (meaning, atMs) => {
          const look = limiter.next(eyes(meaning, atMs), atMs);
          for (const [i, dot] of dots.entries()) {
            const row = look.left[i >> 3] ?? 0;
            dot.push({ atMs, level: (row >> (i & 7)) & 1 ? look.brightness : 0 });
          }
        });
        for (const dot of dots) expect(flashes(dot)).toBeLessThanOrEqual(3);
      }),
      { numRuns: 15 },
    );
  });

  it('shows the last state in the end', () => {
    const limiter = new LightLimiter();
    for (let t = 0; t < 500; t += 20) limiter.next(lights({ ...DARK, fault: t % 40 === 0 }, t), t);
    expect(limiter.next(lights(DARK, 800), 800)).toEqual({ ring: [0, 0, 0], hand: 0 });
  });
});

describe('meanings', () => {
  const at = (change: Partial<Meaning>, tMs: number) => ring({ ...DARK, ...change }, tMs);
  const over = (change: Partial<Meaning>): number[][] =>
    Array.from({ length: 200 }, (_, i) => [...at(change, i * 40)]);

  it('are those of the hardware document', () => {
    expect(at({}, 77)).toEqual([0, 0, 0]);
    const [r, g, b] = at({ presence: 'here' }, 0);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(0.1);
    for (const [r = 0, g = 0, b = 0] of over({ presence: 'listening' })) {
      expect(b).toBeGreaterThan(4 * r);
      expect(b).toBeGreaterThan(4 * g);
    }
    expect(at({ presence: 'lost' }, 0)).toEqual([0.7, 0.28, 0]);
    const blink = over({ presence: 'here', paused: true }).map(([r]) => r);
    expect(new Set(blink)).toEqual(new Set([0, 0.7]));
    expect(at({ fault: true }, 0)).toEqual([0.8, 0, 0]);
  });

  it('are not hidden by an alarm: they alternate', () => {
    const shown = over({ presence: 'here', fault: true });
    expect(shown.some(([r, g]) => r === 0.8 && g === 0)).toBe(true);
    expect(shown.some(([r]) => r === 0.3)).toBe(true);
  });

  it('show that somebody looks for the robot, and that support is let in', () => {
    const found = over({ identify: true }).map(([r]) => r ?? 0);
    expect([Math.min(...found), Math.max(...found)].map((r) => r > 0.5)).toEqual([false, true]);
    const support = over({ presence: 'here', support: true });
    expect(support.some(([r = 0, , b = 0]) => r === 0 && b > 0.5)).toBe(true);
    // Who is there is shown too, and a pause before all.
    expect(support.some(([r]) => r === 0.3)).toBe(true);
    const paused = over({ paused: true, identify: true, support: true }).map(([r]) => r);
    expect(new Set(paused)).toEqual(new Set([0, 0.7]));
  });

  it('close the eyes when nobody is watching', () => {
    expect(eyes({ ...DARK, presence: 'here' }, 0).brightness).toBeGreaterThan(5);
    expect(eyes(DARK, 0).brightness).toBe(0);
    expect(eyes({ ...DARK, presence: 'here', paused: true }, 0).brightness).toBeLessThan(5);
    const looks = Mood.options.map((mood) => eyes({ ...DARK, presence: 'here', mood }, 0));
    expect(new Set(looks.map(({ left, right }) => `${left}/${right}`)).size).toBe(4);
  });
});
