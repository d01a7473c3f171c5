import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, placesOf } from '../../hal/common/phrases.ts';
import { whyOff } from './diagnosis.ts';
import { whyNotUsed } from './diagnosis-unused.ts';
import { diagnosisWords, tellDiagnosis } from './diagnosis-words.ts';
import type { RobotRow } from './robot-row.ts';
import { newRow, withUsage } from './row-folds.ts';
import { DAY, HOUR, MINUTE, markAt, NOON, rowOf, usedAt } from './testing/rows.ts';

const LOST = NOON + 2 * MINUTE;
const telling = { language: 'en', nowMs: NOON + HOUR, zone: 'Europe/Stockholm' } as const;
const causeOf = (row: RobotRow, nowMs = NOON + HOUR, school: RobotRow[] = []) => {
  const found = whyOff(row, school, nowMs);
  return found && `${found.cause} ${found.certainty}`;
};
const off = (cause?: string) =>
  rowOf({ state: { state: 'disconnected', ...(cause !== undefined && { cause }) } });
const vanished = (telemetry = {}, state = {}) => rowOf({ telemetry, state, lostMs: LOST });

describe('why it is off', () => {
  it.each<[string | undefined, RobotRow]>([
    [undefined, rowOf()],
    ['neverSeen sure', newRow('av-1', { addedMs: NOON })],
    ['switchedOff sure', off('switchedOff')],
    ['batteryEmpty sure', off('batteryEmpty')],
    ['tooHot sure', off('tooHot')],
    ['asleep sure', rowOf({ state: { state: 'sleeping', cause: 'timetable' } })],
    ['stopped sure', off()],
    ['stopped sure', off('a newer cause')],
    ['asleepSpent likely', rowOf({ state: { state: 'sleeping' } })],
    ['batteryEmpty likely', vanished({ batteryPercent: 4 })],
    ['connectionLost unknown', vanished({ batteryPercent: 4, charging: true })],
    ['tooHot likely', vanished({ heatLevel: 'critical' })],
    ['weakSignal likely', vanished({ signal: { dBm: -84 } })],
    ['certificateEnded likely', vanished({ certificateUntil: NOON + MINUTE })],
    ['clockWrong likely', vanished({ clock: markAt(NOON, 'none') })],
    ['updateStuck likely', vanished({}, { state: 'updating' })],
    ['connectionLost unknown', vanished()],
  ])('%s', (expected, row) => expect(causeOf(row)).toBe(expected));

  it('does not conclude from measurements of long before', () => {
    const row = rowOf({ telemetry: { batteryPercent: 4 }, lostMs: NOON + HOUR });
    expect(causeOf(row, NOON + 2 * HOUR)).toBe('connectionLost unknown');
  });

  it('a restart is one for a quarter of an hour', () => {
    expect(causeOf(off('restart'), NOON + MINUTE)).toBe('restarting sure');
    expect(causeOf(off('restart'))).toBe('notBackFromRestart likely');
    expect(causeOf(off('update'), NOON + MINUTE)).toBe('updating sure');
    expect(causeOf(off('update'))).toBe('updateStuck likely');
  });

  it('is the school’s network when many robots of it vanish at once', () => {
    const [a, b, c] = ['av-1', 'av-2', 'av-3'].map((id) =>
      rowOf({ id, lostMs: LOST, telemetry: { signal: { dBm: -84 } } }),
    );
    if (!a || !b || !c) throw new Error('three rows');
    expect(causeOf(a, NOON + HOUR, [a, b, c])).toBe('regionOffline likely');
    expect(causeOf(a, NOON + HOUR, [a, b])).toBe('weakSignal likely');
    const others = ['av-4', 'av-5', 'av-6'].map((id) => rowOf({ id, atMs: NOON + MINUTE }));
    expect(causeOf(a, NOON + HOUR, [a, b, c, ...others])).toBe('weakSignal likely');
    const elsewhere = [b, c].map((row) => ({ ...row, school: 'sodra' }));
    expect(causeOf(a, NOON + HOUR, [a, ...elsewhere])).toBe('weakSignal likely');
  });

  it('is one sentence, with the moment as people say it', () => {
    const row = vanished({ batteryPercent: 4 });
    const found = whyOff(row, [], telling.nowMs);
    if (!found) throw new Error('it is off');
    expect(tellDiagnosis(found, telling)).toBe(
      'Its battery probably ran empty, Tuesday 13:02: the charge was 4 % at the end.',
    );
    expect(tellDiagnosis(found, { ...telling, language: 'nl', nowMs: NOON + 9 * DAY })).toBe(
      'De batterij is waarschijnlijk leeggelopen, 1 dec 2026, 13:02: de lading was op het laatst 4 %.',
    );
    expect(tellDiagnosis(found, { ...telling, language: 'sv' })).toContain('tisdag 13:02');
  });

  it('has the same places in each language, and leaves none open', () => {
    for (const [name, phrase] of Object.entries(diagnosisWords.en))
      for (const language of LANGUAGES) {
        const translated = diagnosisWords[language][name as keyof typeof diagnosisWords.en];
        expect(placesOf(translated)).toEqual(placesOf(phrase));
      }
    const causes = ['batteryEmpty', 'tooHot', 'switchedOff', 'timetable', 'restart', 'x'];
    const rows = fc.record({
      state: fc.constantFrom('ready', 'sleeping', 'disconnected', 'updating'),
      cause: fc.constantFrom(...causes),
    });
    fc.assert(
      fc.property(rows, fc.boolean(), fc.boolean(), (state, lost, measured) => {
        const { measured: _, ...bare } = rowOf({ state, ...(lost && { lostMs: LOST }) } as object);
        const row = measured ? rowOf({ state, ...(lost && { lostMs: LOST }) } as object) : bare;
        for (const found of [whyOff(row, [], NOON + HOUR), whyNotUsed(row, [], NOON + HOUR)])
          for (const language of LANGUAGES)
            if (found) expect(tellDiagnosis(found, { ...telling, language })).not.toMatch(/[{}]/);
      }),
      { numRuns: 40 },
    );
  });
});

describe('why it is not used', () => {
  it.each<[string | undefined, RobotRow]>([
    [undefined, withUsage(rowOf(), usedAt(NOON - DAY), { receivedMs: NOON })],
    [undefined, rowOf({ state: { state: 'live' } })],
    ['nobodyAssigned', rowOf({ telemetry: { devices: 0 }, lostMs: LOST })],
    ['noTimetable', rowOf({ telemetry: { devices: 1, nextLesson: null } })],
    ['offAtLessons', rowOf({ telemetry: { devices: 1 }, lostMs: LOST })],
    ['faulty', rowOf({ state: { state: 'alert', faults: ['eyes'] } })],
    ['clockWrong', rowOf({ telemetry: { clock: markAt(NOON, 'lent') } })],
    ['pupilStayedAway', rowOf({ state: { state: 'sleeping', cause: 'timetable' } })],
  ])('%s', (expected, row) => expect(whyNotUsed(row, [], NOON + HOUR)?.cause).toBe(expected));
});
