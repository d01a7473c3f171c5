/** Lessons for the simulated robot, from a file, before it starts. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OptionError } from '../../agent/host/given.ts';
import { calendarIssueText, readCalendar } from '../../agent/timetable/icalendar.ts';
import { TimetableStore } from '../../agent/timetable/timetable-store.ts';
import { parseWeekPlan, rowErrorText } from '../../agent/timetable/week-plan.ts';
import type { Timetable } from '../../agent/wire/timetable.ts';
import { FileStorage } from '../../hal/linux/storage/file-storage.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';

const DAY_MS = 86_400_000;
const AHEAD_DAYS = 180;
const GRACE_MIN = 5;
/** Errors that are shown. */
const MAX_SHOWN = 5;

/** `file` undefined: the robot keeps what it has; `none`: it forgets it. Throws OptionError. */
export async function giveTimetable(
  file: string | undefined,
  folder: string,
  clock: Clock,
): Promise<void> {
  if (file === undefined) return;
  const timetable = file === 'none' ? undefined : await readTimetable(file, clock.wall());
  const store = await TimetableStore.open(FileStorage.at(folder), silentLog);
  const stored = timetable
    ? await store.accept(timetable, {
        ...{ monotonicMs: clock.now(), boot: 'launcher', wallMs: clock.wall() },
        ...{ trust: 'sure', source: 'system' },
      })
    : await store.clear();
  if (!stored.ok) throw new OptionError(`timetable: ${file}: ${stored.why}`);
}

/** By the time zone of this computer; each start is a newer version. */
export async function readTimetable(file: string, wallMs: number): Promise<Timetable> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new OptionError(`timetable: expected a readable file, or none: ${String(error)}`);
  });
  const base = {
    ...{
      id: createHash('sha256').update(file).digest('hex').slice(0, 32),
      version: Math.round(wallMs),
    },
    ...{ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, phase: 1 as const },
    ...{ graceBeforeMin: GRACE_MIN, graceAfterMin: GRACE_MIN },
  };
  if (bytes.includes('BEGIN:VCALENDAR')) {
    const [from, until] = [dateOf(wallMs), dateOf(wallMs + AHEAD_DAYS * DAY_MS)];
    const read = readCalendar(bytes, { ...base, from, until });
    if (read.ok) return read.timetable;
    throw refused(file, read.errors.map(calendarIssueText));
  }
  const plan = parseWeekPlan(bytes.toString('utf8'));
  if (!plan.ok) throw refused(file, plan.errors.map(rowErrorText));
  return { ...base, week: [...plan.week], dated: [], holidays: [] };
}

function refused(file: string, errors: readonly string[]): OptionError {
  return new OptionError(`timetable: ${file}: ${errors.slice(0, MAX_SHOWN).join('; ')}`);
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
