import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  largest,
  nextSession,
  type PictureHealth,
  type Sizing,
  stepSizing,
} from './picture-size.ts';

const well: PictureHealth = { encodeMs: 7, lossRatio: 0, roundTripMs: 30, delayMs: 70 };
const busy: PictureHealth = { ...well, encodeMs: 27 };
const lossy: PictureHealth = { ...well, lossRatio: 0.1 };
const queued: PictureHealth = { ...well, roundTripMs: 900, delayMs: 600 };

const seconds = (health: PictureHealth, times: number): PictureHealth[] =>
  Array.from({ length: times }, () => health);
const from720p = (...healths: PictureHealth[]): Sizing => healths.reduce(stepSizing, largest);

describe('picture size', () => {
  it('starts at 720p, and stays there while processor and path allow', () => {
    expect(largest.size).toBe('720p');
    expect(from720p(...seconds(well, 600)).size).toBe('720p');
  });

  it.each([
    ['processor', busy],
    ['path', lossy],
    ['path', queued],
  ] as const)('steps down for the %s within three seconds, not for less', (why, health) => {
    expect(from720p(well, health, health).size).toBe('720p');
    expect(from720p(well, health, health, well, health, health).size).toBe('720p');
    expect(from720p(well, health, health, health)).toMatchObject({ size: '480p', why });
  });

  it('does not mistake distance for a bad path', () => {
    const far: PictureHealth = { ...well, roundTripMs: 620, delayMs: 420 };
    expect(from720p(...seconds(far, 60)).size).toBe('720p');
    expect(from720p(...seconds(far, 9), ...seconds({ ...far, delayMs: 900 }, 3)).size).toBe('480p');
  });

  it('steps up after enough room, waiting twice as long after each failed attempt', () => {
    const room: PictureHealth = { ...well, encodeMs: 4 };
    let sizing = from720p(...seconds(lossy, 3));
    const tries: number[] = [];
    for (let fall = 0; fall < 5; fall += 1) {
      let waited = 0;
      while (sizing.size === '480p') {
        sizing = stepSizing(sizing, room);
        waited += 1;
      }
      tries.push(waited);
      sizing = seconds(lossy, 3).reduce(stepSizing, sizing);
    }
    expect(tries).toEqual([15, 30, 60, 120, 240]);
  });

  it('resets the waiting time after a good minute at 720p', () => {
    const room: PictureHealth = { ...well, encodeMs: 4 };
    const up = [...seconds(lossy, 3), ...seconds(room, 15)];
    expect(from720p(...up).patience).toBe(30);
    expect(from720p(...up, ...seconds(well, 61)).patience).toBe(15);
  });

  it('does not step up to what the processor cannot encode', () => {
    const small: PictureHealth = { ...well, encodeMs: 9 };
    expect(from720p(...seconds(busy, 3), ...seconds(small, 900)).size).toBe('480p');
    expect(from720p(...seconds(busy, 3), ...seconds({ ...small, encodeMs: 7 }, 900)).size).toBe(
      '720p',
    );
  });

  it('remembers the processor’s limit across sessions, not the path’s', () => {
    expect(nextSession(from720p(...seconds(busy, 3))).size).toBe('480p');
    expect(nextSession(from720p(...seconds(lossy, 3)))).toEqual(largest);
  });

  it('treats missing measurements as no trouble', () => {
    const nothing: PictureHealth = {
      ...{ encodeMs: undefined, lossRatio: undefined, roundTripMs: undefined, delayMs: undefined },
    };
    expect(from720p(...seconds(nothing, 60)).size).toBe('720p');
  });

  it('never changes twice within three seconds, whatever is measured', () => {
    const measure = fc.record({
      encodeMs: fc.option(fc.double({ min: 0, max: 60, noNaN: true }), { nil: undefined }),
      lossRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      roundTripMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
      delayMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(measure, { maxLength: 200 }), (healths) => {
        let sizing = largest;
        let stayed = 0;
        for (const health of healths) {
          const next = stepSizing(sizing, health);
          stayed += 1;
          if (next.size === sizing.size) {
            sizing = next;
            continue;
          }
          expect(stayed).toBeGreaterThanOrEqual(sizing.size === '720p' ? 3 : 15);
          stayed = 0;
          sizing = next;
        }
      }),
    );
  });
});
