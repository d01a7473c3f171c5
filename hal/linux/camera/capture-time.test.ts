import { describe, expect, it } from 'vitest';
import { CaptureTime } from './capture-time.ts';
import { Freshness } from './freshness.ts';

describe('capture time', () => {
  it('is the base time and the running time, once the pipeline has said its base', () => {
    const time = new CaptureTime();
    time.setBase(10_000);
    expect(time.of(33, 10_050)).toBe(10_033);
    expect(time.of(66, 10_300)).toBe(10_066);
  });

  it('is late by the quickest delay when no base is known', () => {
    const time = new CaptureTime();
    expect(time.of(0, 10_020)).toBe(10_020);
    expect(time.of(33, 10_038)).toBe(10_038);
    expect(time.of(66, 10_200)).toBe(10_071);
  });

  it('is never in the future, never of another clock, and always goes on', () => {
    const time = new CaptureTime();
    time.setBase(10_000);
    expect(time.of(60_000, 10_100)).toBe(10_100);
    expect(time.of(60_000, 10_100)).toBe(10_100);
    expect(time.of(60_001, 10_110)).toBeLessThanOrEqual(10_110);
    const backwards = new CaptureTime();
    backwards.setBase(10_000);
    const first = backwards.of(50, 10_060);
    expect(backwards.of(40, 10_070)).toBeGreaterThan(first);
  });
});

describe('freshness', () => {
  it('passes what is as old as usual, whatever is usual', () => {
    const fresh = new Freshness(33);
    for (const age of [5, 6, 5, 40, 7, 5]) expect(fresh.passes(age)).toBe(true);
    for (let frame = 0; frame < 80; frame++) fresh.passes(200);
    for (let frame = 0; frame < 10; frame++) expect(fresh.passes(200)).toBe(true);
  });

  it('drops one that grew old while we were busy, never two in a row', () => {
    const fresh = new Freshness(33);
    for (let frame = 0; frame < 10; frame++) fresh.passes(5);
    expect(fresh.passes(180)).toBe(false);
    expect(fresh.passes(6)).toBe(true);
    expect(fresh.passes(180)).toBe(false);
    expect(fresh.passes(180)).toBe(true);
  });
});
