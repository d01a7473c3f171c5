import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RobotRow, stateOf } from './robot-row.ts';
import { newRow, withReported, withState, withTelemetry, withUsage } from './row-folds.ts';
import { HOUR, MINUTE, markAt, measuredAt, NOON, rowOf, said, usedAt } from './testing/rows.ts';

type Step = (row: RobotRow) => RobotRow;
const fold = (steps: readonly Step[], from = newRow('av-1')): RobotRow =>
  steps.reduce((row, step) => step(row), from);
const state =
  (atMs: number, more = {}, receivedMs = atMs): Step =>
  (row) =>
    withState(row, said(atMs, more), { receivedMs });
const lost = (receivedMs: number): Step => state(NOON, { state: 'lost' }, receivedMs);
const telemetry =
  (atMs: number, more = {}, receivedMs = atMs): Step =>
  (row) =>
    withTelemetry(row, measuredAt(atMs, more), { receivedMs });

/** A day of a robot as the fleet receives it: state, measurements, vanished, back, used. */
const story: readonly Step[] = [
  state(NOON),
  telemetry(NOON + 1),
  state(NOON + MINUTE, { state: 'live' }),
  telemetry(NOON + 2 * MINUTE, { batteryPercent: 70 }),
  lost(NOON + 10 * MINUTE),
  state(NOON + MINUTE, { state: 'live' }, NOON + 11 * MINUTE),
  state(NOON + 20 * MINUTE, { state: 'alert', faults: ['storage'] }),
  (row) => withUsage(row, usedAt(NOON + 20 * MINUTE), { receivedMs: NOON + HOUR }),
  lost(NOON + 30 * MINUTE),
];

describe('folds of what a robot says', () => {
  it('come to the same, in whatever order and however often messages arrive', () => {
    const what = ({ own, lostMs, measured, seenMs, lastUsedMs }: RobotRow) => ({
      ...{ own, lostMs, measured, seenMs, lastUsedMs },
    });
    const expected = what(fold(story));
    fc.assert(
      fc.property(fc.shuffledSubarray([...story, ...story], { minLength: 18 }), (steps) => {
        expect(what(fold(steps))).toEqual(expected);
      }),
    );
  });

  it('change nothing when repeated at once', () => {
    for (let n = 1; n <= story.length; n++) {
      const row = fold(story.slice(0, n));
      expect(fold(story.slice(n - 1, n), row)).toEqual(row);
    }
  });

  it('travel as JSON', () => {
    const row = fold(story);
    expect(RobotRow.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
  });

  it('take a vanished robot as back when it says again what it said before', () => {
    expect(stateOf(fold(story.slice(0, 5)))?.state).toBe('lost');
    expect(stateOf(fold(story.slice(0, 6)))).toEqual({ state: 'live', sinceMs: NOON + MINUTE });
    // What was said before, arriving later, does not bring it back.
    const late = state(NOON, {}, NOON + HOUR);
    expect(stateOf(fold([...story, late]))?.state).toBe('lost');
  });

  it('do not let a robot with a wrong clock outdate the right one', () => {
    const future = { since: NOON * 2, clock: { ...markAt(0, 'none'), boot: 'b0' } };
    const row = fold([state(NOON, future), state(NOON + MINUTE, { state: 'live' })]);
    expect(stateOf(row)?.state).toBe('live');
    expect(stateOf(fold([state(NOON, future)]))?.sinceMs).toBe(NOON);
    const unsure = fold([telemetry(NOON, { clock: markAt(NOON, 'lent') }), telemetry(NOON + 1)]);
    expect(unsure.clockUnsureMs).toBeUndefined();
  });

  it('do not take the memory of the broker for a sign of life', () => {
    const arrival = { receivedMs: NOON + HOUR, retained: true };
    expect(withState(newRow('av-1'), said(NOON), arrival).seenMs).toBe(NOON);
    const guess = said(NOON, { clock: markAt(NOON, 'none') });
    expect(withState(newRow('av-1'), guess, arrival).seenMs).toBeUndefined();
  });

  it('pass over levels of newer robots, and do without what old robots lack', () => {
    const row = fold([telemetry(NOON, { batteryLevel: 'mythical' })]);
    expect(row.measured).not.toHaveProperty('batteryLevel');
    const { clock: _, charging: __, ...old } = measuredAt(NOON);
    const arrival = { receivedMs: NOON };
    expect(withTelemetry(newRow('av-1'), old, arrival).measured).not.toHaveProperty('charging');
  });

  it('count the charge that lessons on battery use, and nothing else', () => {
    const at = (minute: number, batteryPercent: number, more = {}) =>
      telemetry(NOON + minute * MINUTE, { batteryPercent, ...more });
    const live = state(NOON, { state: 'live' });
    expect(fold([live, at(0, 80), at(6, 78), at(12, 76), at(12, 76)]).wear).toEqual({
      ...{ percent: 4, hours: 0.2 },
    });
    expect(fold([at(0, 80), at(6, 70)]).wear).toBeUndefined();
    expect(fold([live, at(0, 80), at(30, 70)]).wear).toBeUndefined();
    expect(fold([live, at(0, 80), at(6, 70, { charging: true })]).wear).toBeUndefined();
  });

  it('remember when it became hot, and which faults came', () => {
    const hot = (minute: number, heatLevel: string) =>
      telemetry(NOON + minute * MINUTE, { heatLevel });
    const times = fold([hot(0, 'hot'), hot(1, 'critical'), hot(2, 'good'), hot(3, 'hot')]).hotMs;
    expect(times).toEqual([NOON, NOON + 3 * MINUTE]);
    const faults = (minute: number, codes: string[]) =>
      state(NOON + minute * MINUTE, { faults: codes });
    const came = fold([
      faults(0, ['eyes']),
      faults(1, ['eyes']),
      faults(2, []),
      faults(3, ['eyes']),
    ]);
    expect(came.faultsCame?.map(({ atMs }) => atMs)).toEqual([NOON, NOON + 3 * MINUTE]);
  });

  it('keep of settings how they stand, not their values', () => {
    const sections = {
      wifi: { version: 2, state: 'rejected', tried: 3, reason: 'networks', value: { ssid: 'x' } },
    } as const;
    const row = withReported(rowOf(), { robot: 'av-1', at: 1, sections }, { receivedMs: NOON });
    const { value: _, ...kept } = sections.wifi;
    expect(row.settings?.sections).toEqual({ wifi: kept });
  });
});
