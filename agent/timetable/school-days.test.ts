/** A robot with a timetable, through lessons, a daylight-saving weekend, and weeks without a fleet. */
import { expect, test } from 'vitest';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { ANNA, ROBOT, TestAgent } from '../testing/test-agent.ts';
import { UsageRecord } from '../wire/fleet.ts';
import type { Timetable } from '../wire/timetable.ts';
import { encodeTimetable } from '../wire/timetable-code.ts';
import { topics } from '../wire/topics.ts';
import { ID, timetable } from './testing/timetables.ts';
import { TIMETABLE_FILE } from './timetable-file.ts';

const MIN = 60_000;
const zone = 'Europe/Amsterdam';
/** Two minutes of maths, each Monday. */
const week: Timetable['week'] = [{ day: 'mon', from: '09:30', to: '09:32' }];
const mondays = timetable({ week, graceBeforeMin: 1, graceAfterMin: 1 });

class SchoolDays {
  readonly clock = new SimClock();
  readonly storage = new MemoryStorage();
  robot = new TestAgent(this.clock, this.storage);

  static async begin(plan?: Timetable): Promise<SchoolDays> {
    const days = new SchoolDays();
    await days.robot.agent.start();
    await days.clock.advance(100);
    if (plan) expect(await days.give(plan)).toMatchObject({ ok: true });
    return days;
  }

  give(plan: Timetable) {
    const code = encodeTimetable(plan);
    return this.robot.agent.timetable.accept(code.ok ? code.value : code.why);
  }

  /** Switched off, and on again at this time, UTC. */
  async at(time: string): Promise<void> {
    const { clock, storage } = this;
    const stopped = this.robot.agent.stop();
    await clock.advance(3_000);
    await stopped;
    clock.jumpWall(Date.parse(time) - clock.wall() - 100);
    this.robot = new TestAgent(clock, storage);
    await this.robot.agent.start();
    await clock.advance(100);
  }

  /** `let in`, or the reason with the next lesson, UTC. */
  async knock(): Promise<string> {
    const reply = await this.robot.agent.session.offer(ANNA, 'v=0', { lessons: true });
    if (reply.ok) return 'let in';
    const { reason, nextLesson } = reply;
    return nextLesson ? `${reason} ${new Date(nextLesson.from).toISOString()}` : reason;
  }

  /** Connected, with heartbeats. */
  async attend(ms: number): Promise<void> {
    const { peer } = this.robot;
    if (this.robot.agent.phase === 'waking') peer.become('connected');
    const heartbeat = this.clock.every(2_000, () => peer.say({ kind: 'alive', sentAtMs: 1 }));
    await this.clock.advance(ms);
    heartbeat.cancel();
  }

  get records(): UsageRecord[] {
    return this.robot.broker.on(topics.usage(ROBOT)).map((record) => UsageRecord.parse(record));
  }
}

test('without a timetable nobody is refused for one, and records say nothing of lessons', async () => {
  const days = await SchoolDays.begin();
  expect(await days.knock()).toBe('let in');
  days.robot.agent.session.bye(ANNA);
  await days.clock.advance(1_000);
  expect(days.records.map(({ lessons }) => lessons)).toEqual([undefined]);
  expect(days.robot.agent.timetable.nextLesson).toBeUndefined();
});

test('lets in from the grace before to the grace after, and says what was attended', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-01-12T08:20:00Z');
  expect(await days.knock()).toBe('notInLesson 2026-01-12T08:30:00.000Z');
  await days.at('2026-01-12T08:31:00Z');
  expect(await days.knock()).toBe('let in');
  days.robot.firmware.happen('paused');
  await days.attend(1_000);
  // A pause is the teacher's, and the pupil was there.
  expect(days.robot.agent.phase).toBe('paused');
  days.robot.firmware.freeze();
  await days.attend(115_000);
  expect(days.robot.agent.phase).toBe('blind');
  await days.attend(6_000);
  expect(days.robot.agent.phase).toBe('asleep');
  const nextLesson = { from: Date.UTC(2026, 0, 19, 8, 30), zone };
  expect(days.robot.peer.last('ended')).toEqual({ kind: 'ended', why: 'lessonOver', nextLesson });
  const [record] = days.records;
  expect(record).toMatchObject({ why: 'lessonOver', pauses: 1 });
  expect(record?.minutes).toBeCloseTo(2, 1);
  expect(record?.lessons).toHaveLength(1);
  const [attended] = record?.lessons ?? [];
  expect(attended).toMatchObject({ lesson: `${ID}@2026-01-12T08:30Z/PT2M`, plannedMinutes: 2 });
  expect(attended?.attendedMinutes).toBeCloseTo(1, 1);
  expect(await days.knock()).toBe('notInLesson 2026-01-19T08:30:00.000Z');
});

test('a page of version 0.1.0 is told what it knows when the lesson is over', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-01-12T08:32:50Z');
  expect(await days.robot.offer()).toMatchObject({ ok: true });
  await days.attend(11_000);
  expect(days.robot.peer.last('ended')).toEqual({ kind: 'ended', why: 'robotStopped' });
});

test('a power cut leaves what was attended so far', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-01-12T08:30:00Z');
  await days.knock();
  days.robot.firmware.freeze();
  await days.attend(MIN + 1_000);
  const disk = new MemoryStorage();
  for (const name of ['usage-open.json', TIMETABLE_FILE])
    await disk.write(name, (await days.storage.read(name)) ?? '');
  const after = new TestAgent(days.clock, disk);
  await after.agent.start();
  await days.clock.advance(500);
  expect(after.broker.on(topics.usage(ROBOT))).toMatchObject([
    { why: 'powerLost', lessons: [{ plannedMinutes: 2, attendedMinutes: 1 }] },
  ]);
});

test('over a daylight-saving weekend the lesson stays at its time on the school’s clock', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-03-23T08:40:00Z');
  await days.robot.agent.timetable.confirmed();
  expect(await days.knock()).toBe('notInLesson 2026-03-30T07:30:00.000Z');
  await days.at('2026-03-30T07:31:00Z');
  expect(await days.knock()).toBe('let in');
  await days.at('2026-03-30T08:33:00Z');
  expect(await days.knock()).toBe('notInLesson 2026-04-06T07:30:00.000Z');
});

test('a teacher allows one lesson more, which counts as such', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-01-13T10:00:00Z');
  expect(await days.knock()).toContain('notInLesson');
  const now = days.clock.wall();
  const id = 'f'.repeat(32);
  const allowance = { id, from: now, until: now + 5 * MIN };
  expect(await days.robot.agent.timetable.allow(allowance, now)).toMatchObject({ ok: true });
  expect(await days.knock()).toBe('let in');
  await days.attend(6_000);
  await days.robot.agent.timetable.disallow(id);
  await days.clock.advance(1_000);
  const [record] = days.records;
  expect(record?.why).toBe('lessonOver');
  expect(record?.lessons).toMatchObject([{ lesson: id, plannedMinutes: 5 }]);
  expect(record?.lessons?.[0]?.attendedMinutes).toBeCloseTo(0.1, 2);
});

test('runs 14 days off-line and no longer; a word of the fleet begins them anew', async () => {
  const days = await SchoolDays.begin(mondays);
  await days.at('2026-01-19T08:31:00Z');
  expect(await days.knock()).toBe('let in');
  await days.at('2026-02-02T08:31:00Z');
  expect(await days.knock()).toBe('notInLesson');
  await days.robot.agent.timetable.confirmed();
  expect(await days.knock()).toBe('let in');
});

test('a damaged timetable lets nobody in until another one comes; a wipe lifts it', async () => {
  const days = await SchoolDays.begin(mondays);
  for (const name of [TIMETABLE_FILE, `${TIMETABLE_FILE}.bak`])
    await days.storage.write(name, '{"version":1,"timetable":{"zone":');
  await days.at('2026-01-19T08:31:00Z');
  expect(await days.knock()).toBe('notInLesson');
  expect(days.robot.agent.health.faults).toContain('storage');
  expect(await days.give({ ...mondays, zone: 'Mars' })).toMatchObject({ reason: 'malformed' });
  expect(await days.knock()).toBe('notInLesson');
  expect(await days.give(mondays)).toMatchObject({ ok: true });
  expect(await days.knock()).toBe('let in');
  days.robot.agent.session.bye(ANNA);
  await days.robot.agent.timetable.clear();
  expect(days.robot.agent.health.faults).not.toContain('storage');
  await days.at('2026-01-20T02:00:00Z');
  expect(await days.knock()).toBe('let in');
});
