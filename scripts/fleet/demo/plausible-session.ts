/** Made-up sessions of a pupil's lessons, as a robot would record them. */
import type { UsageRecord } from '../../../agent/wire/fleet.ts';
import type { FakeRandom } from '../../../hal/fake/random.ts';
import type { PlannedLesson } from '../reports/usage-input.ts';

const MINUTE_MS = 60_000;
/** Lessons with a shorter break between them are usually one session. */
const SHORT_BREAK_MS = 21 * MINUTE_MS;

/** What is particular to a robot. */
export interface RobotNature {
  readonly robot: string;
  /** Median delay of the picture at its place in the network, milliseconds. */
  readonly latencyMs: number;
  /** A poor network loses sessions and packets. */
  readonly network: 'good' | 'poor';
  /** Minutes that its battery lasts at a part of the term, 0..1. */
  readonly batteryMinutes: (progress: number) => number;
}

/** Consecutive lessons, in one session mostly. */
export function blocksOf(lessons: readonly PlannedLesson[], random: FakeRandom): PlannedLesson[][] {
  const blocks: PlannedLesson[][] = [];
  for (const lesson of lessons) {
    const block = blocks.at(-1);
    const last = block?.at(-1);
    const near = last && lesson.start - last.end < SHORT_BREAK_MS;
    if (block && near && block.length < 4 && random.next() < 0.75) block.push(lesson);
    else blocks.push([lesson]);
  }
  return blocks;
}

/**
 * One session, or two when the first ended too early and the pupil came back.
 *
 * @param after - end of the robot's session before: it holds one at a time
 */
export function sessionsOf(
  block: readonly PlannedLesson[],
  after: number,
  nature: RobotNature,
  progress: number,
  random: FakeRandom,
): UsageRecord[] {
  const [first] = block;
  const last = block.at(-1);
  if (!first || !last) return [];
  const start = Math.max(first.start + around(random, -1, 2.5) * MINUTE_MS, after + 10_000);
  const tired = random.next() < 0.08;
  const share = tired ? 0.3 + 0.5 * random.next() : 1;
  const wished = start + (last.end - start) * share + around(random, 0, 2) * MINUTE_MS;
  const cut = cutOf(start, wished, nature, progress, random);
  const made = recordOf(
    block,
    start,
    cut?.end ?? wished,
    cut?.why ?? byItself(wished),
    nature,
    random,
  );
  const again = (cut?.end ?? wished) + (2 + random.below(5)) * MINUTE_MS;
  const returns = cut && cut.why !== 'revoked' && random.next() < 0.6;
  if (!returns || again >= wished - 4 * MINUTE_MS) return [made];
  return [made, recordOf(block, again, wished, 'hangUp', nature, random)];
}

interface Cut {
  readonly end: number;
  readonly why: UsageRecord['why'];
}

/** What ended a session before the pupil wished, if anything did. */
function cutOf(
  start: number,
  wished: number,
  { network, batteryMinutes }: RobotNature,
  progress: number,
  random: FakeRandom,
): Cut | undefined {
  const empty = start + batteryMinutes(progress) * (0.8 + 0.4 * random.next()) * MINUTE_MS;
  if (empty < wished) return { end: empty, why: 'batteryEmpty' };
  const lost = network === 'poor' ? 0.16 : 0.025;
  const end = start + (wished - start) * (0.15 + 0.8 * random.next());
  const chance = random.next();
  if (chance < lost) return { end, why: 'lost' };
  const rare = ['robotStopped', 'robotStopped', 'tooHot', 'powerLost', 'revoked'] as const;
  return chance < lost + 0.02 ? { end, why: random.pick(rare) } : undefined;
}

function recordOf(
  block: readonly PlannedLesson[],
  from: number,
  to: number,
  why: UsageRecord['why'],
  nature: RobotNature,
  random: FakeRandom,
): UsageRecord {
  const { robot, network } = nature;
  // Robots keep time in whole milliseconds, and no session is shorter than one second here.
  const start = Math.round(from);
  const end = Math.max(start + 1000, Math.round(to));
  const minutes = hundredths((end - start) / MINUTE_MS);
  const handsRaised = Math.floor(random.gap(minutes / 18));
  const unseen = random.next() < 0.3 ? 1 : 0;
  const lessons = block.flatMap((lesson) => lessonAttended(lesson, start, end));
  return {
    ...{ id: hex(random, 32), robot, start, end, minutes, why },
    clock: { boot: `boot-${hex(random, 8)}`, monotonicMs: 60_000, trust: 'sure', source: 'ntp' },
    ...{ handsRaised, handsAcknowledged: Math.max(0, handsRaised - unseen) },
    pauses: random.next() < 0.08 ? 1 : 0,
    interruptions: Math.floor(random.gap(network === 'poor' ? 1.2 : 0.15)),
    ...qualityOf(nature, random),
    lessons,
  };
}

function qualityOf({ latencyMs, network }: RobotNature, random: FakeRandom) {
  // A short session on an old device measures nothing.
  if (random.next() < 0.02) return { videoLatencyMs: null, lossRatio: null };
  const p50 = Math.round(latencyMs * (0.85 + 0.4 * random.next()));
  const loss = network === 'poor' ? 0.012 : 0.001;
  const lossP50 = Number(Math.min(0.2, random.gap(loss)).toFixed(4));
  return {
    videoLatencyMs: { p50, p95: Math.round(p50 * (1.3 + 0.7 * random.next())) },
    lossRatio: { p50: lossP50, p95: Number((lossP50 * 3 + 0.002).toFixed(4)) },
  };
}

function lessonAttended(lesson: PlannedLesson, start: number, end: number) {
  const attended = Math.min(end, lesson.end) - Math.max(start, lesson.start);
  if (attended <= 0 || lesson.lesson === undefined) return [];
  const plannedMinutes = (lesson.end - lesson.start) / MINUTE_MS;
  const attendedMinutes = hundredths(attended / MINUTE_MS);
  return [{ lesson: lesson.lesson, plannedMinutes, attendedMinutes }];
}

const hundredths = (minutes: number): number => Math.round(minutes * 100) / 100;

/** Roughly normal: the sum of three even ones. */
function around(random: FakeRandom, mean: number, spread: number): number {
  const sum = random.next() + random.next() + random.next();
  return mean + (sum - 1.5) * 2 * spread;
}

export function hex(random: FakeRandom, digits: number): string {
  return Array.from({ length: digits }, () => random.below(16).toString(16)).join('');
}

/** Now and then a pupil stays until the robot ends the lesson. */
const byItself = (endMs: number): 'hangUp' | 'lessonOver' =>
  Math.floor(endMs / MINUTE_MS) % 11 === 0 ? 'lessonOver' : 'hangUp';
