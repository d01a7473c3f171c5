import { describe, expect, it } from 'vitest';
import {
  initialPriming,
  type PathHealth,
  PRIMED_BPS,
  type PrimingState,
  stepPriming,
} from './bandwidth-priming.ts';

const healthy: PathHealth = {
  connected: true,
  estimateBps: 5_000_000,
  sentBps: 1_700_000,
  lossRatio: 0,
  roundTripMs: 20,
};

/** Steps once a second through `path` and returns the seconds at which a raise was asked for. */
function raises(path: readonly PathHealth[]): { at: number[]; state: PrimingState } {
  let state = initialPriming;
  const at: number[] = [];
  path.forEach((health, second) => {
    const step = stepPriming(state, health, second * 1_000);
    state = step.state;
    if (step.raise) at.push(second);
  });
  return { at, state };
}

const times = (count: number, health: PathHealth): PathHealth[] => Array(count).fill(health);
const held = { ...healthy, estimateBps: PRIMED_BPS };

describe('stepHeadroom', () => {
  it('raises once, after two healthy seconds', () => {
    expect(raises([...times(3, healthy), ...times(20, held)]).at).toEqual([2]);
  });

  it.each([
    ['not connected', { connected: false }],
    ['lossy', { lossRatio: 0.02 }],
    ['long', { roundTripMs: 200 }],
    ['full', { estimateBps: 2_000_000 }],
    ['unknown', { roundTripMs: undefined }],
    ['without an estimate', { estimateBps: undefined }],
  ])('never raises on a path that is %s', (_name, change) => {
    expect(raises(times(60, { ...healthy, ...change })).at).toEqual([]);
  });

  it('starts the wait again after one bad second', () => {
    const bad = { ...healthy, lossRatio: 0.1 };
    expect(raises([healthy, healthy, bad, ...times(3, healthy)]).at).toEqual([5]);
  });

  it('waits twice as long each time a raise has fallen, to five minutes', () => {
    const path = times(2_000, healthy);
    const { at, state } = raises(path);
    const gaps = at.slice(1).map((second, index) => second - (at[index] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([6, 10, 18, 34]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(302);
    expect(state.patienceMs).toBe(300_000);
  });
});
