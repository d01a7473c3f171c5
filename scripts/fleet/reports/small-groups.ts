/**
 * What of usage may leave a school: docs/reports.md gives the reasoning. A week that is over and
 * settled is closed once, and never computed again. Its figures are of units that do not overlap, each
 * of at least 5 pupils; everything shown above a school is a sum of whole units of whole weeks, so
 * no subtraction of reports gives less than a unit.
 */
import { z } from 'zod';
import { PlaceId } from '../../../agent/wire/topics.ts';
import { type Entries, entriesOf } from './attendance.ts';
import { dateOf, dayOfDate, type LocalCalendar, mondayOf, type Window } from './calendar.ts';
import { phaseCounts } from './phases.ts';
import { sumTallies, Tally } from './tally.ts';
import type { UsageInput } from './usage-input.ts';
import { pupilsOf, tallyOf } from './usage-report.ts';

/** Fewer pupils are shown inside their own school only. */
export const SMALLEST_GROUP = 5;
/** How long a week waits for records of robots that were off-line, after its end. */
export const SETTLE_DAYS = 7;

/** One school, or several that are too small alone. Additive figures only. */
const Unit = z.looseObject({
  schools: z.array(PlaceId).min(1),
  pupils: z.int().min(SMALLEST_GROUP),
  tally: Tally,
  /** Sum of the phases of the pupils who have one, and how many; both 0 of fewer than 5. */
  phaseSum: z.int().nonnegative(),
  phasePupils: z.int().nonnegative(),
});
export type Unit = z.infer<typeof Unit>;

/** A closed week: to be stored when made, and read back ever after. */
export const ClosedWeek = z.looseObject({
  version: z.literal(1),
  zone: z.string().min(1).max(64),
  monday: z.string().refine(isMonday, 'expected the date of a Monday, YYYY-MM-DD'),
  units: z.array(Unit),
  /** Schools with pupils that no unit could take: they are in no figure above a school. */
  leftOut: z.int().nonnegative(),
});
export type ClosedWeek = z.infer<typeof ClosedWeek>;

interface SchoolSize {
  readonly school: string;
  readonly pupils: number;
}

/**
 * A school of 5 pupils or more is a unit; all smaller ones together are one, if without any one of
 * them 5 pupils are left: somebody who knows the figures of one school then still cannot tell those
 * of the others. Else they are left out.
 */
export function unitsOf(sizes: readonly SchoolSize[]): { units: SchoolSize[][]; leftOut: number } {
  const units = sizes.filter(({ pupils }) => pupils >= SMALLEST_GROUP).map((one) => [one]);
  const small = sizes.filter(({ pupils }) => pupils < SMALLEST_GROUP);
  const largest = Math.max(0, ...small.map(({ pupils }) => pupils));
  if (pupilsIn(small) - largest >= SMALLEST_GROUP) return { units: [...units, small], leftOut: 0 };
  // A school without any pupil in the week has nothing to leave out.
  return { units, leftOut: small.filter(({ pupils }) => pupils > 0).length };
}

type Closed = { ok: true; week: ClosedWeek } | { ok: false; reason: 'notMonday' | 'notYet' };

/** Closes the week of a Monday (calendar.ts), once it is over and settled at `input.asOf`. */
export function closeWeek(input: UsageInput, calendar: LocalCalendar, monday: number): Closed {
  if (mondayOf(monday) !== monday) return { ok: false, reason: 'notMonday' };
  if (input.asOf < calendar.startOf(monday + 7 + SETTLE_DAYS))
    return { ok: false, reason: 'notYet' };
  const window = calendar.days(monday, 7);
  const entries = entriesOf(input);
  const schools = new Set(
    [...entries.sessions, ...entries.lessons, ...input.robots].flatMap(
      ({ school }) => school ?? [],
    ),
  );
  const sizes = [...schools].sort().map((school) => ({
    school,
    pupils: pupilsOf(inSchools(entries, [school]).lessons, window),
  }));
  const { units, leftOut } = unitsOf(sizes);
  const { zone } = calendar;
  const made = units.map((unit) => unitOf(unit, entries, window, input));
  return { ok: true, week: { version: 1, zone, monday: dateOf(monday), units: made, leftOut } };
}

function unitOf(
  sizes: readonly SchoolSize[],
  entries: Entries,
  window: Window,
  { phases }: UsageInput,
): Unit {
  const schools = sizes.map(({ school }) => school);
  const own = inSchools(entries, schools);
  const held = own.lessons.filter(({ start }) => window.from <= start && start < window.to);
  const counts = phaseCounts(phases, new Set(held.map(({ assignment }) => assignment)), window.to);
  const phasePupils = counts.reduce((sum, count) => sum + count, 0);
  const phaseSum = counts.reduce((sum, count, index) => sum + count * (index + 1), 0);
  const known = phasePupils >= SMALLEST_GROUP && schools.length === 1;
  return {
    ...{ schools, pupils: pupilsIn(sizes), tally: tallyOf(own, window) },
    // Of several schools, those without phases would narrow the group that the sum is of.
    ...(known ? { phaseSum, phasePupils } : { phaseSum: 0, phasePupils: 0 }),
  };
}

export interface AboveSchoolRequest {
  /** Both are dates of Mondays; `to` is the first that is not included. */
  readonly from: string;
  readonly to: string;
  /** Only units that lie wholly in these; all when absent. */
  readonly schools?: readonly string[];
}

export interface AboveSchoolRow {
  /** A school, `smallSchools` or `fleet`. */
  readonly kind: 'school' | 'smallSchools' | 'fleet';
  readonly name: string;
  readonly tally: Tally;
  /** Weeks of the window in which there was such a unit. */
  readonly weeks: number;
  /** Mean number of pupils of those weeks. */
  readonly pupils: number;
  readonly meanPhase: number | null;
}

export interface AboveSchoolReport {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly rows: readonly AboveSchoolRow[];
  readonly fleet: AboveSchoolRow;
  readonly weeks: readonly { readonly monday: string; readonly row: AboveSchoolRow }[];
  /** Mondays of weeks in the window that are not closed. */
  readonly missing: readonly string[];
  /** The most schools that any week left out. */
  readonly leftOut: number;
}

export type AboveSchoolRefusal = 'notWholeWeeks' | 'noWeeks' | 'differentZones' | 'weekTwice';
type AboveSchool =
  | { ok: true; report: AboveSchoolReport }
  | { ok: false; reason: AboveSchoolRefusal };

/** The only way to figures of more than one school. */
export function aboveSchool(
  weeks: readonly ClosedWeek[],
  request: AboveSchoolRequest,
): AboveSchool {
  const { from, to, schools } = request;
  if (!isMonday(from) || !isMonday(to) || from >= to) return { ok: false, reason: 'notWholeWeeks' };
  const inside = weeks.filter(({ monday }) => from <= monday && monday < to);
  const [first] = inside;
  if (!first) return { ok: false, reason: 'noWeeks' };
  if (inside.some(({ zone }) => zone !== first.zone))
    return { ok: false, reason: 'differentZones' };
  const known = new Set(inside.map(({ monday }) => monday));
  if (known.size < inside.length) return { ok: false, reason: 'weekTwice' };
  const isChosen = (unit: Unit) => unit.schools.every((one) => !schools || schools.includes(one));
  const chosen = inside.map(({ monday, units }) => ({ monday, units: units.filter(isChosen) }));
  const fleet = rowOf(
    'fleet',
    'fleet',
    chosen.map(({ units }) => units),
  );
  const alone = [...new Set(chosen.flatMap(({ units }) => units.flatMap(soleSchool)))].sort();
  const rows = alone.map((name) =>
    rowOf(
      'school',
      name,
      chosen.map(({ units }) => units.filter((unit) => soleSchool(unit)[0] === name)),
    ),
  );
  const small = chosen.map(({ units }) => units.filter((unit) => unit.schools.length > 1));
  if (small.some((units) => units.length > 0))
    rows.push(rowOf('smallSchools', 'smallSchools', small));
  const report = {
    ...{ zone: first.zone, from, to, rows, fleet },
    weeks: chosen
      .map(({ monday, units }) => ({ monday, row: rowOf('fleet', 'fleet', [units]) }))
      .sort((a, b) => a.monday.localeCompare(b.monday)),
    missing: mondaysBetween(from, to).filter((monday) => !known.has(monday)),
    leftOut: Math.max(...inside.map((week) => week.leftOut)),
  };
  return { ok: true, report };
}

function rowOf(
  kind: AboveSchoolRow['kind'],
  name: string,
  weeks: readonly Unit[][],
): AboveSchoolRow {
  const units = weeks.flat();
  const present = weeks.filter((of) => of.length > 0).length;
  const sum = (of: (unit: Unit) => number): number =>
    units.reduce((all, unit) => all + of(unit), 0);
  const phased = sum(({ phasePupils }) => phasePupils);
  return {
    ...{ kind, name, tally: sumTallies(units.map(({ tally }) => tally)), weeks: present },
    pupils: present > 0 ? sum(({ pupils }) => pupils) / present : 0,
    meanPhase: phased > 0 ? sum(({ phaseSum }) => phaseSum) / phased : null,
  };
}

const soleSchool = ({ schools }: Unit): string[] => (schools.length === 1 ? schools : []);

function inSchools({ sessions, lessons }: Entries, schools: readonly string[]): Entries {
  return {
    sessions: sessions.filter(({ school }) => school !== undefined && schools.includes(school)),
    lessons: lessons.filter(({ school }) => schools.includes(school)),
  };
}

const pupilsIn = (sizes: readonly SchoolSize[]): number =>
  sizes.reduce((sum, { pupils }) => sum + pupils, 0);

function mondaysBetween(from: string, to: string): string[] {
  const mondays: string[] = [];
  for (let day = dayOfDate(from) ?? 0; dateOf(day) < to; day += 7) mondays.push(dateOf(day));
  return mondays;
}

function isMonday(date: string): boolean {
  const day = dayOfDate(date);
  return day !== undefined && mondayOf(day) === day;
}
