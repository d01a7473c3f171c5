/**
 * A made-up term of a fleet, for demonstrations and for the fleet simulator: nobody's data, but what
 * schools do to figures. School days and holidays, pupils who go forward and back, fall ill and hand
 * their robot on, a robot that nobody uses, one whose battery wears out, poor networks. The same
 * request gives the same term. Each robot draws from numbers of its own: one more robot changes no
 * other, as long as it is in the same school.
 */
import type { UsageRecord } from '../../../agent/wire/fleet.ts';
import { FakeRandom } from '../../../hal/fake/random.ts';
import { dateOf, dayOfDate, LocalCalendar, mondayOf } from '../reports/calendar.ts';
import type { PhaseChange, PlannedLesson, RobotRow, UsageInput } from '../reports/usage-input.ts';
import { plausiblePupil } from './plausible-pupil.ts';
import { blocksOf, hex, type RobotNature, sessionsOf } from './plausible-session.ts';
import { type Holiday, SchoolDays } from './school-days.ts';

export interface TermRequest {
  /** An integer. */
  readonly seed: number;
  /** At least one for each school. */
  readonly robots: number;
  readonly schools: number;
  /** IANA name. */
  readonly zone: string;
  /** YYYY-MM-DD of a Monday. */
  readonly firstMonday: string;
  /** 1..60 */
  readonly weeks: number;
  /** Absent: the middle week of a term of 8 weeks or more. */
  readonly holidays?: readonly Holiday[];
}

export interface PlausibleTerm {
  /** As reports read it; records are in order of their start. */
  readonly input: UsageInput;
  readonly schools: readonly string[];
  readonly holidays: readonly Holiday[];
}

/** What becomes of a robot. */
type Fate = 'steady' | 'handedOn' | 'poorNetwork' | 'failingBattery' | 'abandoned' | 'spare';
/** Each of the first comes to be in a fleet of eight or more; then by chance. */
const FATES: readonly Fate[] = [
  ...(['steady', 'failingBattery', 'steady', 'abandoned', 'handedOn', 'poorNetwork'] as const),
  ...(['steady', 'spare'] as const),
];
const LATER: readonly Fate[] = [
  ...(['steady', 'steady', 'steady', 'steady', 'steady', 'handedOn', 'poorNetwork'] as const),
  ...(['steady', 'steady', 'steady', 'steady', 'handedOn', 'failingBattery', 'spare'] as const),
];
const NAMES = ['norra', 'de-linde', 'eken', 'het-anker', 'soder', 'de-brug', 'bjorken', 'de-ster'];

/** @throws RangeError that names the field of the request which is wrong. */
export function plausibleTerm(request: TermRequest): PlausibleTerm {
  const monday = checked(request);
  const { seed, weeks, zone } = request;
  const holidays = request.holidays ?? middleWeek(monday, weeks);
  const days = new SchoolDays(new LocalCalendar(zone), monday, weeks, holidays);
  const rows = robotRows(request);
  const parts = rows.map((row, index) => robotTerm(row, fateOf(index, seed), days, seed));
  const records = parts.flatMap((part) => part.records).sort((a, b) => a.start - b.start);
  const input = {
    records: records.map((record) => ({ record, receivedAt: record.end + 5000 })),
    lessons: parts.flatMap((part) => part.lessons),
    phases: parts.flatMap((part) => part.phases),
    robots: rows,
    asOf: days.calendar.startOf(monday + weeks * 7),
  };
  return { input, schools: [...new Set(rows.map(({ school }) => school))], holidays };
}

interface RobotTerm {
  readonly records: readonly UsageRecord[];
  readonly lessons: readonly PlannedLesson[];
  readonly phases: readonly PhaseChange[];
}

const NOTHING: RobotTerm = { records: [], lessons: [], phases: [] };

function robotTerm(row: RobotRow, fate: Fate, days: SchoolDays, seed: number): RobotTerm {
  const random = new FakeRandom(seed ^ hashOf(row.robot));
  if (fate === 'spare') return NOTHING;
  const nature = natureOf(row.robot, fate, random);
  const last = days.firstMonday + days.weeks * 7 - 1;
  const middle = days.firstMonday + Math.ceil(days.weeks / 2) * 7;
  const shares =
    fate === 'handedOn' && days.weeks > 1
      ? [
          [days.firstMonday, middle - 1] as const,
          // A few days in a cupboard, and the next pupil begins.
          [middle + 7 * random.below(2), last] as const,
        ]
      : [[days.firstMonday, last] as const];
  const parts = shares.map(([firstDay, lastDay]) => {
    const assignment = `pupil-${hex(random, 8)}`;
    const plan = { ...row, assignment, firstDay, lastDay };
    return pupilTerm(plan, nature, fate === 'abandoned', days, random);
  });
  return {
    records: parts.flatMap(({ records }) => records),
    lessons: parts.flatMap(({ lessons }) => lessons),
    phases: parts.flatMap(({ phases }) => phases),
  };
}

function pupilTerm(
  plan: Parameters<typeof plausiblePupil>[0],
  nature: RobotNature,
  abandoned: boolean,
  days: SchoolDays,
  random: FakeRandom,
): RobotTerm {
  const { lessons, phases, illDays } = plausiblePupil(plan, days, random);
  const dayOf = ({ start }: PlannedLesson): number => days.calendar.dayOf(start);
  // Some skip a lesson now and then; one stops after a few weeks, and nobody has told the school.
  const diligence = 0.89 + 0.11 * random.next();
  const stops = abandoned ? days.firstMonday + Math.ceil(days.weeks * 7 * 0.2) : Infinity;
  const attended = lessons.filter((lesson) => {
    const comes = random.next() < diligence;
    return comes && !illDays.has(dayOf(lesson)) && dayOf(lesson) < stops;
  });
  const records: UsageRecord[] = [];
  for (const block of blocksOf(attended, random)) {
    const progress = block[0] ? days.progressOf(dayOf(block[0])) : 0;
    records.push(...sessionsOf(block, records.at(-1)?.end ?? 0, nature, progress, random));
  }
  return { records, lessons, phases };
}

function natureOf(robot: string, fate: Fate, random: FakeRandom): RobotNature {
  const poor = fate === 'poorNetwork';
  const lasts = fate === 'failingBattery' ? (progress: number) => 190 - 165 * progress : () => 400;
  return {
    ...{ robot, network: poor ? 'poor' : 'good', batteryMinutes: lasts },
    latencyMs: 95 + random.gap(22) + (poor ? 120 : 0),
  };
}

/** Schools get smaller one by one, as they do: 13, 9, 5 and 3 of thirty robots. */
function robotRows({ robots, schools }: TermRequest): RobotRow[] {
  const weights = Array.from({ length: schools }, (_, n) => schools - n + (n === 0 ? 1 : 0));
  const sum = weights.reduce((all, one) => all + one, 0);
  const sizes = weights.map((weight) => 1 + Math.floor(((robots - schools) * weight) / sum));
  const left = robots - sizes.reduce((all, one) => all + one, 0);
  return sizes.flatMap((size, n) => {
    const school = NAMES[n] ?? `school-${n + 1}`;
    return Array.from({ length: size + (n === 0 ? left : 0) }, (_, robot) => ({
      ...{ robot: `${school}-${String(robot + 1).padStart(2, '0')}`, school },
    }));
  });
}

function fateOf(index: number, seed: number): Fate {
  return FATES[index] ?? new FakeRandom(seed ^ (index * 7919)).pick(LATER);
}

function middleWeek(monday: number, weeks: number): Holiday[] {
  if (weeks < 8) return [];
  const from = monday + Math.floor(weeks / 2) * 7;
  return [{ from: dateOf(from), to: dateOf(from + 6) }];
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}

/** The first Monday as a day. */
function checked({ seed, robots, schools, weeks, firstMonday }: TermRequest): number {
  const whole = (name: string, value: number, from: number, to: number): void => {
    if (!Number.isInteger(value) || value < from || value > to)
      throw new RangeError(`${name}: expected an integer of ${from}..${to}, got ${value}`);
  };
  whole('seed', seed, -0x7fffffff, 0x7fffffff);
  whole('schools', schools, 1, 10_000);
  whole('robots', robots, schools, 100_000);
  whole('weeks', weeks, 1, 60);
  const monday = dayOfDate(firstMonday);
  if (monday === undefined || mondayOf(monday) !== monday)
    throw new RangeError(`firstMonday: expected the date of a Monday, got "${firstMonday}"`);
  return monday;
}
