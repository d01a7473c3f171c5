/** Made-up pupils: their phases, their plan, and the days on which they are ill. */
import type { FakeRandom } from '../../../hal/fake/random.ts';
import type { PhaseChange, PlannedLesson } from '../reports/usage-input.ts';
import { type SchoolDays, SLOTS, type Slot } from './school-days.ts';

/** Lessons a week by the robot in phase 1..6: more at first, fewer as the pupil comes to school. */
const LESSONS_OF_PHASE = [4, 7, 11, 13, 9, 5];
const STEP_BACK = 0.2;
const FALLS_ILL = 0.015;

export interface PupilPlan {
  readonly robot: string;
  readonly school: string;
  readonly assignment: string;
  /** First and last day of the assignment. */
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface Pupil {
  readonly lessons: readonly PlannedLesson[];
  readonly phases: readonly PhaseChange[];
  readonly illDays: ReadonlySet<number>;
}

/** A pupil's term: steps forward and sometimes back, each with its number of lessons. */
export function plausiblePupil(plan: PupilPlan, school: SchoolDays, random: FakeRandom): Pupil {
  const days = school.all().filter((day) => plan.firstDay <= day && day <= plan.lastDay);
  const preferred = shuffledSlots(random);
  const steps = phaseSteps(plan, random);
  const phaseOn = (day: number): number => steps.findLast((step) => step.day <= day)?.phase ?? 1;
  const lessons = days.flatMap((day) =>
    preferred
      .slice(0, LESSONS_OF_PHASE[phaseOn(day) - 1])
      .filter(({ weekday }) => weekday === school.weekdayOf(day))
      .sort((a, b) => a.period - b.period)
      .map(({ period }) => plannedLesson(plan, school, day, period)),
  );
  const phases = steps.map(({ day, phase }) => ({
    ...{ assignment: plan.assignment, phase, at: school.calendar.startOf(day) },
  }));
  return { lessons, phases, illDays: illDaysOf(days, random) };
}

function plannedLesson(
  { robot, school, assignment }: PupilPlan,
  days: SchoolDays,
  day: number,
  period: number,
): PlannedLesson {
  const { start, end } = days.lessonOf(day, period);
  return { lesson: `${assignment}-${day}-${period}`, robot, assignment, school, start, end };
}

/** Every two to four weeks a step, up to phase 6. */
function phaseSteps({ firstDay, lastDay }: PupilPlan, random: FakeRandom) {
  const steps = [{ day: firstDay, phase: 1 + random.below(3) }];
  let phase = steps[0]?.phase ?? 1;
  for (let day = firstDay + nextStep(random); day <= lastDay; day += nextStep(random)) {
    const back = phase === 6 || (phase > 1 && random.next() < STEP_BACK);
    phase += back ? -1 : 1;
    steps.push({ day, phase });
  }
  return steps;
}

const nextStep = (random: FakeRandom): number => 14 + 7 * random.below(3);

/** A weighted order of the week's slots: a plan of fewer lessons is part of one of more. */
function shuffledSlots(random: FakeRandom): Slot[] {
  return SLOTS.map(({ slot, weight }) => ({ slot, key: random.gap(1 / weight) }))
    .sort((a, b) => a.key - b.key)
    .map(({ slot }) => slot);
}

function illDaysOf(days: readonly number[], random: FakeRandom): Set<number> {
  const ill = new Set<number>();
  let until = Number.NEGATIVE_INFINITY;
  for (const day of days) {
    if (day > until && random.next() < FALLS_ILL) until = day + random.below(4);
    if (day <= until) ill.add(day);
  }
  return ill;
}
