/**
 * The shipped firmware and Linux drivers on a bus with seeded faults of every kind, during a lesson
 * of a pupil and a teacher. `FAULT_SEEDS`: number of schedules; `FAULT_FIRST`: first seed.
 * `FAULT_SEEDS=1 FAULT_FIRST=123` repeats one.
 */
import { expect, it } from 'vitest';
import { FaultSchedule } from '../hal/fake/fault-schedule.ts';
import { FakeRandom } from '../hal/fake/random.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import type { Worst } from './testing/fault-invariants.ts';
import { Lesson } from './testing/fault-lesson.ts';
import { buildRobot } from './testing/fault-robot.ts';

const SEEDS = Number(process.env.FAULT_SEEDS ?? 200);
const FIRST = Number(process.env.FAULT_FIRST ?? 1);
const VERBOSE = process.env.FAULT_LOG !== undefined;

const LESSON_MS = 4_000;
const LONGEST_FAULT_MS = 1_500;
/** Time to recover after the last fault: everything works and no fault code is left. */
const RECOVERY_MS = 10_000;

interface Outcome {
  readonly problem: string | undefined;
  readonly recoveryMs: number;
  readonly faultsLeft: string;
  readonly worst: Worst;
}

async function run(seed: number): Promise<Outcome> {
  const clock = new SimClock();
  const random = new FakeRandom(seed);
  const schedule = new FaultSchedule(seed, {
    forMs: LESSON_MS,
    longestMs: LONGEST_FAULT_MS,
    meanGapMs: 150 + 600 * random.next(),
    meanMs: 100 + 400 * random.next(),
  });
  const log = VERBOSE && SEEDS === 1 ? consoleLog(clock) : undefined;
  let robot: Awaited<ReturnType<typeof buildRobot>> | undefined;
  const opening = buildRobot(clock, {
    seed,
    spoil: (bus) => schedule.attach(bus),
    log,
    logLine: VERBOSE && SEEDS === 1 ? (line) => console.log(clock.now(), line) : undefined,
  }).then((built) => (robot = built));
  while (!robot) await clock.advance(5);
  await opening;
  const { firmware, invariants, fake } = robot;
  const lesson = new Lesson({
    clock,
    random: () => random.next(),
    attach: (pipe) => firmware.attach(pipe),
    press: (pressed) => robot?.press('teacherButton', pressed),
    permitted: invariants.permitted,
  });
  const step = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms && !invariants.broken; passed += 10) {
      await clock.advance(10);
      fake.head.update();
      invariants.check();
    }
  };
  await firmware.start();
  await step(400);
  lesson.begin();
  await step(LESSON_MS);
  lesson.calm();
  // A button pressed now is released by then.
  await step(300);
  while (!invariants.broken && schedule.healedAtMs === undefined) await step(50);
  lesson.settle();
  const healedMs = clock.now();
  let [problem, recoveryMs] = ['not well', 0];
  while (!invariants.broken && clock.now() - healedMs < RECOVERY_MS) {
    await step(100);
    problem = stillWrong(robot, lesson);
    recoveryMs = clock.now() - healedMs;
    if (!problem) break;
  }
  lesson.end();
  const faultsLeft = `${lesson.last?.faults ?? ''}`;
  return {
    problem: invariants.broken ?? (problem || undefined),
    recoveryMs,
    faultsLeft,
    worst: invariants.worst,
  };
}

/** Deviations from a healthy lesson; the empty string: none. */
function stillWrong(robot: Awaited<ReturnType<typeof buildRobot>>, lesson: Lesson): string {
  const { fake } = robot;
  const { last, looked } = lesson;
  if (!last || !looked) return 'no word of the body';
  if (last.faults.length > 0) return `faults ${last.faults}`;
  if (last.paused || !last.cameraOn || !robot.lineOn('cameraRail')) return 'camera has no power';
  if (last.motion !== 'holding') return `motion is ${last.motion}`;
  const off = Math.max(
    Math.abs(fake.head.panDeg - last.pan.targetDeg),
    Math.abs(fake.head.tiltDeg - last.tilt.targetDeg),
    Math.abs(fake.head.panDeg - last.pan.deg),
    Math.abs(fake.head.tiltDeg - last.tilt.deg),
  );
  if (off > 3) return `the head is ${off.toFixed(1)} degrees from where firmware takes it to be`;
  if (![0, 1, 2].every((channel) => fake.lights.duty(channel) > 0)) return 'the ring is dark';
  if (Math.round(fake.lights.rateHz) < 900) return `the ring flickers at ${fake.lights.rateHz} Hz`;
  for (const eye of [fake.leftEye, fake.rightEye])
    if (!eye.rowsSeen().some((row) => row > 0)) return `an eye is dark`;
  return '';
}

function consoleLog(clock: SimClock) {
  const logLine = (fields: object, message: string): void =>
    console.log(clock.now().toFixed(0), message, JSON.stringify(fields));
  const log = { debug: () => {}, info: logLine, warn: logLine, error: logLine, child: () => log };
  return log;
}

it(`${SEEDS} schedules of bus faults: never outside limits, always recovered and no fault left`, async () => {
  const wrong: string[] = [];
  const left = new Map<string, number>();
  const worst = new Map<string, number>();
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const outcome = await run(seed);
    const done = seed - FIRST + 1;
    if (done % 1_000 === 0) console.log(`${done} schedules, ${wrong.length} wrong`);
    if (VERBOSE) console.log(seed, JSON.stringify(outcome));
    if (outcome.problem) wrong.push(`FAULT_SEEDS=1 FAULT_FIRST=${seed}: ${outcome.problem}`);
    if (outcome.faultsLeft) left.set(outcome.faultsLeft, (left.get(outcome.faultsLeft) ?? 0) + 1);
    const figures = { ...outcome.worst, recoveryMs: outcome.recoveryMs };
    for (const [name, value] of Object.entries(figures))
      worst.set(name, Math.max(worst.get(name) ?? 0, value));
  }
  console.log(
    JSON.stringify({
      seeds: SEEDS,
      wrong: wrong.length,
      left: [...left],
      worst: Object.fromEntries(worst),
    }),
  );
  expect(wrong).toEqual([]);
}, 3_600_000);
