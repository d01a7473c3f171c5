import { describe, expect, it } from 'vitest';
import { levelDb, noise, sum } from './room.ts';
import { speechOf } from './scene.ts';
import { stoi } from './stoi.ts';

const speech = speechOf([0]);

const withNoise = (snrDb: number): Float64Array =>
  sum(speech, noise(1, speech.length, levelDb(speech) - snrDb));

describe('intelligibility', () => {
  it('is 1 of the speech itself, at any level', () => {
    expect(stoi(speech, speech)).toBeCloseTo(1, 5);
    expect(
      stoi(
        speech,
        speech.map((value) => value * 0.01),
      ),
    ).toBeCloseTo(1, 5);
  });

  it('is 0 of noise against other noise', () => {
    const [one, other] = [noise(2, 240_000, -20), noise(3, 240_000, -20)];
    expect(stoi(one, other)).toBeCloseTo(0, 1);
  });

  it('falls with the noise', () => {
    const falls = [20, 10, 0, -10].map((snrDb) => stoi(speech, withNoise(snrDb)));
    expect([...falls].sort((a, b) => b - a)).toEqual(falls);
    expect(falls[0]).toBeGreaterThan(0.98);
    expect(falls[3]).toBeLessThan(0.75);
  });
});
