import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distrusted,
  FOLLOWING_ERROR_DEG,
  stepTrust,
  TRIES,
  TRIES_FOLLOWED,
  TRUST_START,
  type TrustEvent,
  type TrustState,
} from './trust.ts';

interface Run {
  state: TrustState;
  errors: number;
}
const play = (events: readonly TrustEvent[], from: TrustState = TRUST_START): Run => {
  const run: Run = { state: from, errors: 0 };
  for (const event of events) {
    const step = stepTrust(run.state, event);
    run.state = step.state;
    run.errors += step.effects.length;
  }
  return run;
};
const powered = (atMs: number, deg = 0): TrustEvent => ({ type: 'powered', atMs, deg });
const sample = (atMs: number, commandDeg: number, measuredDeg: number): TrustEvent => ({
  type: 'sample',
  atMs,
  commandDeg,
  measuredDeg,
  measuredMs: atMs,
});
/** Follows a command for some degrees. */
const follows = (atMs: number): TrustEvent[] => [
  powered(atMs),
  ...[1, 2, 3, 4, 5, 6].map((deg) => sample(atMs + 10 * deg, deg, deg - 1)),
];
const jumps = (atMs: number): TrustEvent[] => [
  powered(atMs),
  sample(atMs + 20, 0, 5),
  sample(atMs + 30, 0, 9),
];

describe('trust in an axis', () => {
  it('is gained by following a command in either direction, but not by standing still', () => {
    expect(play(follows(0)).state.name).toBe('proven');
    const still = Array.from({ length: 500 }, (_, i) => sample(i * 10, 0, 0.4));
    expect(play([powered(0), ...still]).state.name).toBe('unproven');
    const lags = Array.from({ length: 60 }, (_, i) => sample(i * 10, i / 2, 0));
    expect(play([powered(0), ...lags]).state.name).toBe('unproven');
  });

  it('is lost by two readings off course; a single bit error is tolerated', () => {
    expect(play(jumps(0)).errors).toBe(1);
    const flip = [powered(0), sample(10, 0, 5), sample(20, 0, 0), sample(30, 0, -6)];
    expect(play(flip).errors).toBe(0);
    // The same reading evaluated twice counts once.
    const stale = { ...sample(10, 0, 5), measuredMs: 7 };
    expect(play([powered(0), stale, { ...stale, atMs: 20 }]).errors).toBe(0);
    const backwards = [1, 2, 3, 4, 5, 6].map((deg) => sample(deg * 10, deg, -deg));
    expect(play([powered(0), ...backwards]).errors).toBe(1);
  });

  it('is retried after growing pauses, and not a fourth time', () => {
    let state = TRUST_START;
    let atMs = 0;
    const pauses: number[] = [];
    for (let tries = 1; tries <= TRIES; tries++) {
      state = play(jumps(atMs), state).state;
      if (state.name === 'waiting') pauses.push(state.untilMs - (atMs + 30));
      atMs += 100_000;
      state = play([{ type: 'tick', atMs }], state).state;
    }
    expect(pauses).toEqual([2_000, 4_000]);
    expect(state.name).toBe('broken');
    expect(distrusted(state, atMs + 1e9)).toBe(true);
  });

  it('that was gained once allows more attempts, and is reset when regained', () => {
    let state = play(follows(0)).state;
    for (let tries = 1; tries < TRIES_FOLLOWED; tries++) {
      const atMs = tries * 100_000;
      state = play([...jumps(atMs), { type: 'tick', atMs: atMs + 70_000 }], state).state;
      expect(state.name).toBe('unproven');
    }
    expect(play(jumps(1e7), state).state.name).toBe('broken');
    expect(play(follows(1e7), state).state).toMatchObject({ name: 'proven', errors: 0 });
  });

  it('is not checked while a hand turns a proven axis that has long been powered', () => {
    const { state } = play(follows(0));
    expect(play([sample(1_000, 6, 40), sample(1_010, 6, 42)], state).errors).toBe(0);
  });

  it('is always lost by an axis that leaves its course while it is monitored', () => {
    const event: fc.Arbitrary<TrustEvent> = fc.oneof(
      fc.record({ type: fc.constant('tick' as const), atMs: fc.constant(0) }),
      fc.record({
        type: fc.constant('powered' as const),
        atMs: fc.constant(0),
        deg: fc.integer({ min: -50, max: 50 }),
      }),
      fc.record({
        type: fc.constant('sample' as const),
        atMs: fc.constant(0),
        commandDeg: fc.integer({ min: -50, max: 50 }),
        measuredDeg: fc.integer({ min: -50, max: 50 }),
        measuredMs: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 1, max: 400 }))), (story) => {
        let state = TRUST_START;
        let atMs = 0;
        let outside = 0;
        for (const [raw, passedMs] of story) {
          atMs += passedMs;
          const event =
            raw.type === 'sample' ? { ...raw, atMs, measuredMs: atMs } : { ...raw, atMs };
          const before = state;
          state = stepTrust(before, event).state;
          if (before.name === 'broken') expect(state.name).toBe('broken');
          if (event.type === 'powered') outside = 0;
          if (event.type !== 'sample' || before.name !== 'unproven') continue;
          const low = Math.min(before.lowDeg, event.commandDeg) - FOLLOWING_ERROR_DEG;
          const high = Math.max(before.highDeg, event.commandDeg) + FOLLOWING_ERROR_DEG;
          outside = event.measuredDeg < low || event.measuredDeg > high ? outside + 1 : 0;
          if (outside >= 2) expect(['waiting', 'broken']).toContain(state.name);
          if (state.name !== 'unproven') outside = 0;
        }
      }),
      { numRuns: 300 },
    );
  });
});
