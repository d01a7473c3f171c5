import { describe, expect, it } from 'vitest';
import { CaptureTime, Freshness } from './frame-time.ts';

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
  const run = (ages: readonly number[]) => {
    const fresh = new Freshness(33);
    let nowMs = 0;
    return ages.map((age) => {
      nowMs += 33;
      return fresh.passes(age, nowMs);
    });
  };

  it('passes what is about as old as usual', () => {
    expect(run([5, 6, 5, 40, 7, 5, 50]).every(Boolean)).toBe(true);
  });

  it('drops what comes late from a pipeline that is only starting', () => {
    expect(run([160, 120, 5, 5])).toEqual([false, false, true, true]);
  });

  it('drops all that grew old while we were busy, and passes the first that is fresh', () => {
    const fresh = new Freshness(33);
    for (let frame = 0; frame < 10; frame++) fresh.passes(5, frame * 33);
    expect([180, 150, 110].map((age) => fresh.passes(age, 600))).toEqual([false, false, false]);
    expect(fresh.passes(6, 610)).toBe(true);
  });

  it('takes a way that became slower for the usual one, after three intervals', () => {
    const passed = run([...Array<number>(10).fill(5), ...Array<number>(20).fill(200)]);
    expect(passed.slice(10)).toEqual([false, false, false, ...Array<boolean>(17).fill(true)]);
  });
});
