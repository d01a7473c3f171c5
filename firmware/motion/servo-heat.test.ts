import { describe, expect, it } from 'vitest';
import { ServoHeat } from './servo-heat.ts';

describe('servo temperature', () => {
  it('stays cool holding, warms in use, and becomes hot when stalled', () => {
    const run = (degPerS: number, errorDeg: number, minutes: number): number => {
      const heat = new ServoHeat();
      for (let s = 0; s < minutes * 60; s++) heat.add(1, true, degPerS, errorDeg);
      return heat.celsius;
    };
    expect(run(0, 1, 120)).toBeLessThan(40);
    expect(run(60, 3, 120)).toBeLessThan(60);
    expect(run(0, 15, 10)).toBeGreaterThan(75);
  });
});
