import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, placesOf } from '../../hal/common/phrases.ts';
import { alertWords, tellAlert } from './alert-words.ts';
import { Alert, acknowledge, alertsOf, CALM_MS } from './alerts.ts';
import type { RobotRow } from './robot-row.ts';
import { newRow } from './row-folds.ts';
import { DAY, HOUR, MINUTE, NOON, rowOf } from './testing/rows.ts';

const mark = rowOf().measured?.mark ?? { atMs: 0, receivedMs: 0, trusted: false };
const kinds = (row: RobotRow, nowMs = NOON + MINUTE, previous: Alert[] = []) =>
  alertsOf([row], previous, nowMs).map(({ id, severity }) => `${id.split('/')[1]} ${severity}`);
const withBattery = (batteryPercent: number) => rowOf({ telemetry: { batteryPercent } });

describe('alerts', () => {
  it.each<[string[], RobotRow, number]>([
    [[], rowOf(), NOON + MINUTE],
    [[], rowOf({ lostMs: NOON }), NOON + 2 * DAY],
    [['offline warning'], rowOf({ lostMs: NOON + 1 }), NOON + 4 * DAY],
    [['offline warning'], newRow('av-1', { addedMs: NOON }), NOON + 4 * DAY],
    [[], rowOf({ state: { state: 'disconnected' } }), NOON + 9 * DAY],
    [['batteryLow warning'], withBattery(20), NOON],
    [['batteryLow critical'], withBattery(4), NOON],
    [[], rowOf({ telemetry: { batteryPercent: 4, charging: true } }), NOON],
    [['batteryWorn notice'], { ...rowOf(), wear: { percent: 80, hours: 2 } }, NOON],
    [[], { ...rowOf(), wear: { percent: 80, hours: 1 } }, NOON],
    [[], { ...rowOf(), wear: { percent: 40, hours: 2 } }, NOON],
    [['certificateEnds notice'], rowOf({ telemetry: { certificateUntil: NOON + 29 * DAY } }), NOON],
    [['certificateEnds warning'], rowOf({ telemetry: { certificateUntil: NOON + 7 * DAY } }), NOON],
    [['certificateEnds critical'], rowOf({ telemetry: { certificateUntil: NOON - DAY } }), NOON],
    [['unused notice'], rowOf({ telemetry: { devices: 1, nextLesson: NOON + DAY } }), NOON],
    [[], rowOf({ telemetry: { devices: 1, nextLesson: null } }), NOON],
    [[], rowOf({ telemetry: { devices: 0, nextLesson: NOON + DAY } }), NOON],
    [['diskFull warning'], rowOf({ telemetry: { diskFreeMB: 499 } }), NOON],
    [['diskFull critical'], rowOf({ telemetry: { diskFreeMB: 99 } }), NOON],
    [['clockUnsure warning'], { ...rowOf(), clockUnsureMs: NOON - DAY }, NOON],
    [['hotOften warning'], { ...rowOf(), hotMs: [NOON - DAY, NOON - HOUR, NOON] }, NOON],
    [[], { ...rowOf(), hotMs: [NOON - 8 * DAY, NOON - HOUR, NOON] }, NOON],
    [
      ['repeatedFault:eyes warning'],
      {
        ...rowOf(),
        faultsCame: ['eyes', 'eyes', 'fan', 'eyes'].map((code) => ({ code, atMs: NOON })),
      },
      NOON,
    ],
    [
      ['settingsRejected:wifi warning'],
      { ...rowOf(), settings: { mark, sections: { wifi: { version: 1, state: 'rejected' } } } },
      NOON,
    ],
  ])('%j', (expected, row, nowMs) => expect(kinds(row, nowMs)).toEqual(expected));

  it('are one while the trouble comes and goes, and end when it has been gone for long', () => {
    let alerts = alertsOf([withBattery(19)], [], NOON);
    const [first] = alerts;
    for (let n = 1; n < 20; n++)
      alerts = alertsOf([withBattery(n % 2 ? 90 : 19)], alerts, NOON + n * 10 * MINUTE);
    expect(alerts).toEqual([{ ...first, lastMs: NOON + 180 * MINUTE }]);
    alerts = alertsOf([withBattery(25)], alerts, NOON + 5 * HOUR);
    expect(alerts).toHaveLength(1);
    expect(alertsOf([withBattery(25)], [], NOON)).toEqual([]);
    expect(alertsOf([withBattery(31)], alerts, NOON + 5 * HOUR + CALM_MS)).toEqual([]);
  });

  it('stay acknowledged while they last, until they get worse or the time is over', () => {
    const at = NOON;
    const [alert] = alertsOf([withBattery(19)], [], NOON);
    const said = acknowledge(alert ? [alert] : [], 'av-1/batteryLow', {
      by: 'k',
      at,
      note: 'on it',
    });
    if (!said.ok) throw new Error(said.reason);
    const ackAfter = (row: RobotRow, nowMs: number, alerts = said.alerts) =>
      alertsOf([row], alerts, nowMs)[0]?.acknowledged;
    expect(ackAfter(withBattery(18), NOON + DAY)).toMatchObject({ note: 'on it' });
    expect(ackAfter(withBattery(90), NOON + MINUTE)).toMatchObject({ note: 'on it' });
    expect(ackAfter(withBattery(5), NOON + DAY)).toBeUndefined();
    const calm = alertsOf([withBattery(90)], said.alerts, NOON + CALM_MS);
    expect(alertsOf([withBattery(19)], calm, NOON + DAY)[0]).not.toHaveProperty('acknowledged');
    const short = acknowledge(said.alerts, 'av-1/batteryLow', {
      by: 'k',
      at,
      note: '',
      until: NOON + 1,
    });
    expect(short.ok && ackAfter(withBattery(19), NOON + 1, short.alerts)).toBeUndefined();
    expect(acknowledge(said.alerts, 'av-1/offline', { by: 'k', at, note: '' })).toEqual({
      ...{ ok: false, reason: 'over' },
    });
    expect(acknowledge(said.alerts, 'av-1/batteryLow', { by: '', at, note: '' }).ok).toBe(false);
  });

  it('come to the same when repeated, in any order, after any past, and are told whole', () => {
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('av-1', 'av-2', 'av-3', 'av-4'),
        telemetry: fc.record({
          batteryPercent: fc.integer({ min: 0, max: 100 }),
          diskFreeMB: fc.integer({ min: 0, max: 1_000 }),
          certificateUntil: fc.integer({ min: NOON, max: NOON + 60 * DAY }),
        }),
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    );
    const later = fc.integer({ min: 0, max: 2 * HOUR });
    const run = fc.property(rows, rows, rows, later, (first, second, order, ms) => {
      const past = alertsOf(first.map(rowOf), [], NOON);
      const now = second.map(rowOf);
      const alerts = alertsOf(now, past, NOON + ms);
      expect(alertsOf(now, alerts, NOON + ms)).toEqual(alerts);
      const turned = order.length % 2 ? [...now].reverse() : [...now.slice(1), ...now.slice(0, 1)];
      expect(alertsOf(turned, [...past].reverse(), NOON + ms)).toEqual(alerts);
      expect(Alert.array().parse(JSON.parse(JSON.stringify(alerts)))).toEqual(alerts);
    });
    fc.assert(run);
  });

  it('are told in each language with the same places', () => {
    const [alert] = alertsOf([rowOf({ telemetry: { certificateUntil: NOON + DAY } })], [], NOON);
    if (!alert) throw new Error('one alert');
    expect(LANGUAGES.map((language) => tellAlert(alert, { language, nowMs: NOON }))).toEqual([
      'Het certificaat verloopt over 1 dag.',
      'Certifikatet går ut om 1 dag.',
      'The certificate ends in 1 day.',
    ]);
    for (const [kind, phrase] of Object.entries(alertWords.en))
      for (const language of LANGUAGES)
        expect(placesOf(alertWords[language][kind as Alert['kind']])).toEqual(placesOf(phrase));
  });
});
