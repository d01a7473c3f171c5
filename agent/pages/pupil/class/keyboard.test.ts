import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../../sim/time/sim-clock.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { HeldKeys } from './keyboard.ts';

let clock: SimClock;
let blocked: PlainKey | undefined;
let atLimit: boolean;
let rates: number[];
let told: string[];
let keys: HeldKeys;

beforeEach(() => {
  clock = new SimClock();
  [blocked, atLimit, rates, told] = [undefined, false, [], []];
  keys = new HeldKeys({ lookRate: (pan) => void rates.push(pan) }, clock, {
    blocked: () => blocked,
    tellBlocked: (why) => void told.push(why),
    at: () => atLimit,
    tell: () => void told.push('limit'),
  });
});

describe('an arrow key that is held', () => {
  it('turns the head until it is let go', async () => {
    keys.press('left');
    await clock.advance(1_000);
    keys.release('left');
    expect(rates.slice(0, -1).every((rate) => rate > 0)).toBe(true);
    expect([rates.length > 10, rates.at(-1), told]).toEqual([true, 0, []]);
  });

  it('stops where the head cannot turn any more, which is said once, and does not begin by itself', async () => {
    keys.press('left');
    await clock.advance(300);
    blocked = 'refusedPaused';
    await clock.advance(1_000);
    expect([rates.at(-1), told]).toEqual([0, ['refusedPaused']]);
    blocked = undefined;
    const sent = rates.length;
    await clock.advance(1_000);
    expect([rates.length, told.length]).toEqual([sent, 1]);
    keys.release('left');
    keys.press('left');
    expect(rates.at(-1)).toBeGreaterThan(0);
  });

  it('says once that the head is at its end', async () => {
    atLimit = true;
    keys.press('right');
    await clock.advance(1_000);
    expect(told).toEqual(['limit']);
  });
});
