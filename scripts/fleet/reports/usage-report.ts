/**
 * Usage of robots, schools and the fleet in any window of time, exact. Robots and their school may be
 * shown inside that school only; what may leave it is made by small-groups.ts.
 *
 * A session's minutes are divided between windows as the session is; everything else of it (that it
 * was, how it ended, its quality) belongs to the window in which it began. A lesson belongs, whole, to
 * the window in which it begins.
 */
import {
  type Entries,
  entriesOf,
  groupBy,
  type LessonEntry,
  type SessionEntry,
} from './attendance.ts';
import { dateOf, type LocalCalendar, type Window } from './calendar.ts';
import { type PhaseCounts, phaseAt, phaseCounts } from './phases.ts';
import {
  addPercentile,
  bandOf,
  emptyTally,
  figuresOf,
  type Tally,
  type UsageFigures,
} from './tally.ts';
import type { PhaseChange, UsageInput } from './usage-input.ts';

/** Against the window before; null where either has nothing to compare. */
export interface Change {
  readonly hours: number;
  readonly sessions: number;
  /** Difference of shares, -1..1. */
  readonly share: number | null;
}

export interface UsageRow {
  readonly name: string;
  readonly figures: UsageFigures;
  readonly before: UsageFigures;
  readonly change: Change;
  /** Start of the latest session up to the window's end whose time is known. */
  readonly lastUsed: number | null;
  /** Pupils with a lesson in the window. */
  readonly pupils: number;
}

export interface RobotUsage extends UsageRow {
  /** Where it is at the end of the window, as far as its sessions and lessons say. */
  readonly school: string | null;
  /** Phase of its latest pupil at the end of the window. */
  readonly phase: number | null;
}

export interface Week {
  /** YYYY-MM-DD of its Monday. */
  readonly monday: string;
  /** Of the part of the week within the window. */
  readonly hours: number;
  readonly figures: UsageFigures;
  /** Pupils by phase at the end of the week or of the window. */
  readonly phases: PhaseCounts;
}

export interface UsageReport {
  readonly window: Window;
  readonly previous: Window;
  readonly zone: string;
  readonly robots: readonly RobotUsage[];
  readonly schools: readonly UsageRow[];
  /** Of everything in the report, with robots of no school too. */
  readonly total: UsageRow;
  /** Of everything in the report. */
  readonly weeks: readonly Week[];
  readonly tally: Tally;
}

interface ReportRequest {
  readonly window: Window;
  readonly calendar: LocalCalendar;
  /** Only this school. */
  readonly school?: string;
}

/** @throws RangeError when the window is empty or not of finite numbers. */
export function usageReport(input: UsageInput, request: ReportRequest): UsageReport {
  const { window, calendar, school } = request;
  if (!(Number.isFinite(window.from) && Number.isFinite(window.to) && window.from < window.to))
    throw new RangeError(`window: expected from < to, got ${window.from} and ${window.to}`);
  const entries = ofSchool(entriesOf(input), school);
  const previous = calendar.previous(window);
  const row = (name: string, of: Entries): UsageRow => usageRow(name, of, window, previous);
  const robots = new Set(
    input.robots.filter((one) => !school || one.school === school).map((one) => one.robot),
  );
  const schools = new Set(
    input.robots.filter((one) => !school || one.school === school).map((one) => one.school),
  );
  const byRobot = split(entries, ({ robot }) => robot, robots);
  const bySchool = split(entries, ({ school }) => school, schools);
  return {
    ...{ window, previous, zone: calendar.zone },
    robots: byRobot.map(([name, of]) => ({
      ...row(name, of),
      ...stateOf(of, input, window, name),
    })),
    schools: bySchool.map(([name, of]) => row(name, of)),
    total: row(school ?? 'fleet', entries),
    weeks: calendar.mondays(window).map((monday) => {
      const { from, to } = calendar.days(monday, 7);
      const part = { from: Math.max(from, window.from), to: Math.min(to, window.to) };
      return weekOf(monday, entries, part, input.phases);
    }),
    tally: tallyOf(entries, window),
  };
}

export function tallyOf(entries: Entries, window: Window): Tally {
  const tally = emptyTally();
  for (const session of entries.sessions) addSession(tally, session, window);
  for (const lesson of entries.lessons) {
    if (isIn(window, lesson.start)) addLesson(tally, lesson);
  }
  return tally;
}

/** Pupils with a lesson in the window: never more than robots, so that no pupil counts twice. */
export function pupilsOf(lessons: readonly LessonEntry[], window: Window): number {
  const held = lessons.filter(({ start }) => isIn(window, start));
  const robots = new Set(held.map(({ robot }) => robot));
  return Math.min(robots.size, new Set(held.map(({ assignment }) => assignment)).size);
}

function ofSchool({ sessions, lessons }: Entries, school: string | undefined): Entries {
  if (school === undefined) return { sessions, lessons };
  return {
    sessions: sessions.filter((one) => one.school === school),
    lessons: lessons.filter((one) => one.school === school),
  };
}

function usageRow(name: string, entries: Entries, window: Window, previous: Window): UsageRow {
  const figures = figuresOf(tallyOf(entries, window));
  const before = figuresOf(tallyOf(entries, previous));
  const dated = entries.sessions.filter((one) => one.dated && one.from < window.to);
  const lastUsed = dated.reduce((last, { from }) => Math.max(last, from), Number.NEGATIVE_INFINITY);
  return {
    ...{ name, figures, before, change: changeOf(figures, before) },
    lastUsed: Number.isFinite(lastUsed) ? lastUsed : null,
    pupils: pupilsOf(entries.lessons, window),
  };
}

export function changeOf(now: UsageFigures, before: UsageFigures): Change {
  return {
    hours: now.hours - before.hours,
    sessions: now.sessions - before.sessions,
    share: now.share === null || before.share === null ? null : now.share - before.share,
  };
}

function stateOf(entries: Entries, input: UsageInput, { to }: Window, robot: string) {
  const lessons = entries.lessons.filter(({ start }) => start < to);
  const latest = lessons.reduce<LessonEntry | undefined>(
    (last, one) => (last && last.start >= one.start ? last : one),
    undefined,
  );
  const row = input.robots.find((one) => one.robot === robot);
  return {
    school: latest?.school ?? entries.sessions.at(-1)?.school ?? row?.school ?? null,
    phase: latest ? phaseAt(input.phases, latest.assignment, to) : null,
  };
}

function weekOf(
  monday: number,
  entries: Entries,
  part: Window,
  phases: readonly PhaseChange[],
): Week {
  const figures = figuresOf(tallyOf(entries, part));
  const pupils = entries.lessons.filter(({ start }) => isIn(part, start));
  const assignments = new Set(pupils.map(({ assignment }) => assignment));
  return {
    ...{ monday: dateOf(monday), hours: figures.hours, figures },
    phases: phaseCounts(phases, assignments, part.to),
  };
}

/** By key, sorted, with an empty group for each known name that nothing happened to. */
function split(
  { sessions, lessons }: Entries,
  keyOf: (entry: SessionEntry | LessonEntry) => string | undefined,
  known: ReadonlySet<string>,
): [string, Entries][] {
  const s = groupBy(sessions, (one) => keyOf(one) ?? '');
  const l = groupBy(lessons, (one) => keyOf(one) ?? '');
  const names = [...new Set([...known, ...s.keys(), ...l.keys()])].filter((name) => name !== '');
  return names
    .sort()
    .map((name) => [name, { sessions: s.get(name) ?? [], lessons: l.get(name) ?? [] }]);
}

const isIn = ({ from, to }: Window, at: number): boolean => from <= at && at < to;

function addSession(tally: Tally, session: SessionEntry, window: Window): void {
  const { record, from, to, dated } = session;
  const starts = isIn(window, from);
  const inside = Math.max(0, Math.min(to, window.to) - Math.max(from, window.from));
  const part = to > from ? inside / (to - from) : Number(starts);
  const { counts } = tally;
  counts.minutes += record.minutes * part;
  if (!dated) counts.undatedMinutes += record.minutes * part;
  if (!starts) return;
  counts.sessions += 1;
  if (!dated) counts.undatedSessions += 1;
  tally.ends[record.why] += 1;
  for (const name of ['interruptions', 'pauses', 'handsRaised', 'handsAcknowledged'] as const)
    counts[name] += record[name];
  addQuality(tally, record);
}

function addQuality(tally: Tally, { videoLatencyMs, lossRatio, minutes }: SessionEntry['record']) {
  if (videoLatencyMs) {
    addPercentile(tally, 'latencyP50', videoLatencyMs.p50, minutes);
    addPercentile(tally, 'latencyP95', videoLatencyMs.p95, minutes);
  }
  if (!lossRatio) return;
  addPercentile(tally, 'lossP50', lossRatio.p50, minutes);
  addPercentile(tally, 'lossP95', lossRatio.p95, minutes);
}

function addLesson(tally: Tally, { plannedMinutes, attendedMinutes }: LessonEntry): void {
  tally.counts.lessons += 1;
  if (attendedMinutes > 0) tally.counts.lessonsVisited += 1;
  tally.counts.plannedMinutes += plannedMinutes;
  tally.counts.attendedMinutes += attendedMinutes;
  const band = bandOf(attendedMinutes, plannedMinutes);
  if (band) tally.bands[band] += 1;
}
