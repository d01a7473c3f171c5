import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { Moment } from '../time/moment.ts';
import { LessonGate } from './lesson-gate.ts';
import { Lessons } from './lessons.ts';
import { ID, moment, timetable } from './testing/timetables.ts';
import { TIMETABLE_FILE } from './timetable-file.ts';
import { TimetableStore } from './timetable-store.ts';
import { UNCONFIRMED_MS, type WakeFacts, wakeVerdict } from './wake.ts';

const at = (text: string): number => Date.parse(text);
const LESSON = at('2027-01-11T08:00Z');
const MIN = 60_000;
const lessons = new Lessons(timetable({ holidays: [{ from: '2027-01-13', until: '2027-01-13' }] }));
const facts = (wallMs: number, fields: Partial<WakeFacts> = {}): WakeFacts => ({
  ...{ lessons, allowances: [], now: moment(wallMs), confirmedMs: wallMs, running: undefined },
  ...fields,
});
const wake = (wallMs: number, fields: Partial<WakeFacts> = {}) =>
  wakeVerdict(facts(wallMs, fields)).wakeNow;

describe('whether the robot may wake', () => {
  it('is as before without a timetable, whatever the clock', () => {
    const now = moment(0, { trust: 'none' });
    expect(wake(0, { lessons: undefined, now })).toBe('noTimetable');
  });

  it('is in lessons with their grace, to the millisecond', () => {
    const edges = [
      LESSON - 5 * MIN - 1,
      LESSON - 5 * MIN,
      LESSON + 55 * MIN - 1,
      LESSON + 55 * MIN,
    ];
    expect(edges.map((ms) => wake(ms))).toEqual(['tooEarly', 'granted', 'granted', 'tooEarly']);
    expect(wakeVerdict(facts(LESSON - 6 * MIN))).toMatchObject({
      ...{ next: { from: LESSON }, changesInMs: MIN },
    });
    expect(wake(at('2027-01-13T10:00Z'))).toBe('holiday');
    const over = new Lessons(timetable({ until: '2027-01-12' }));
    expect(wake(at('2027-01-14T10:00Z'), { lessons: over })).toBe('over');
  });

  it('is not without a trusted clock, but for what the monotonic clock counts', () => {
    for (const trust of ['none', 'lent'] as const) {
      const now = moment(LESSON, { trust });
      expect(wake(LESSON, { now })).toBe('clockUnknown');
      const running = {
        boot: 'a',
        untilMonotonicMs: now.monotonicMs + 1,
        lesson: { from: 0, until: 1 },
      };
      expect(wake(LESSON, { now, running })).toBe('granted');
      expect(wake(LESSON, { now, running: { ...running, boot: 'b' } })).toBe('clockUnknown');
      const counted = { boot: 'a', fromMonotonicMs: now.monotonicMs };
      const allowances = [{ id: ID, from: 0, until: MIN, counted }];
      expect(wake(LESSON, { now, allowances })).toBe('granted');
    }
  });

  it('is not 14 days after the last confirmation, nor by one from the future', () => {
    expect(wake(LESSON, { confirmedMs: LESSON - UNCONFIRMED_MS })).toBe('granted');
    expect(wake(LESSON, { confirmedMs: LESSON - UNCONFIRMED_MS - 1 })).toBe('expired');
    expect(wake(LESSON, { confirmedMs: LESSON + 2 * 86_400_000 })).toBe('expired');
    const allowances = [{ id: ID, from: LESSON, until: LESSON + MIN }];
    expect(wake(LESSON, { confirmedMs: 0, allowances })).toBe('granted');
  });
});

describe('timetable on disk', () => {
  let disk: MemoryStorage;
  let store: TimetableStore;
  const now = moment(LESSON - 60 * MIN);
  beforeEach(async () => {
    disk = new MemoryStorage();
    store = await TimetableStore.open(disk, silentLog);
  });

  it('takes newer versions, also with a lower phase, and refuses older and other ones', async () => {
    const given = timetable({ version: 5, phase: 4 });
    expect(await store.accept(given, now)).toEqual({ ok: true, changed: true });
    expect(await store.accept(given, now)).toEqual({ ok: true, changed: false });
    expect(await store.accept({ ...given, version: 4 }, now)).toMatchObject({ reason: 'older' });
    expect(await store.accept({ ...given, phase: 5 }, now)).toMatchObject({ reason: 'conflict' });
    expect(await store.accept({ ...given, version: 6, phase: 1 }, now)).toMatchObject({ ok: true });
    const again = await TimetableStore.open(disk, silentLog);
    expect([again.timetable?.phase, again.confirmedMs]).toEqual([1, now.wallMs]);
  });

  it('keeps allowances, and refuses those that are over', async () => {
    const one = { id: ID, from: LESSON, until: LESSON + MIN };
    expect(await store.allow(one, now, 0)).toMatchObject({ ok: true });
    expect(await store.allow({ ...one, until: 5, from: 1 }, now, 0)).toMatchObject({
      reason: 'over',
    });
    const again = await TimetableStore.open(disk, silentLog);
    const counted = { boot: 'a', fromMonotonicMs: now.monotonicMs + 60 * MIN };
    expect(again.allowances).toEqual([{ ...one, counted }]);
    await again.disallow(ID);
    expect(again.allowances).toEqual([]);
  });

  it('fails closed when its file is damaged, until another timetable comes', async () => {
    disk.leave(TIMETABLE_FILE, '{"timetable":');
    store = await TimetableStore.open(disk, silentLog);
    expect(store.damaged).toBe(true);
    const gate = new LessonGate({
      clock: new SimClock(),
      now: () => now,
      store,
      onChange: () => {},
    });
    expect(gate.mayWake).toBe(false);
    await store.accept(timetable(), now);
    expect([store.damaged, gate.verdict().wakeNow]).toEqual([false, 'tooEarly']);
    gate.stop();
  });

  it('opens and closes the gate by itself, and keeps a lesson when trust is lost', async () => {
    const clock = new SimClock();
    const startMs = clock.now();
    let trust: Moment['trust'] = 'sure';
    const present = (): Moment => {
      const passed = clock.now() - startMs;
      return moment(now.wallMs + passed, { trust, monotonicMs: clock.now() });
    };
    const seen: string[] = [];
    const onChange = ({ wakeNow }: { wakeNow: string }): unknown => seen.push(wakeNow);
    const gate = new LessonGate({ clock, now: present, store, onChange });
    gate.start();
    expect(gate.mayWake).toBe(true);
    await store.accept(timetable(), present());
    expect([gate.mayWake, gate.next]).toEqual([false, { from: LESSON, zone: 'Europe/Amsterdam' }]);
    await clock.advance(60 * MIN);
    trust = 'none';
    gate.look();
    expect(gate.mayWake).toBe(true);
    await clock.advance(55 * MIN);
    expect(seen).toEqual(['tooEarly', 'granted', 'clockUnknown']);
    gate.stop();
  });
});
