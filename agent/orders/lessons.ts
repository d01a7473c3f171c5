import type { RobotTimetable } from '../timetable/robot-timetable.ts';
import type { LessonsPort, Result } from './ports.ts';

type Stored = Awaited<ReturnType<RobotTimetable['accept']>>;

/** Orders about lessons, on this robot's timetable. */
export function lessonsOn(timetable: RobotTimetable): LessonsPort {
  return {
    allow: async ({ id, from, until, saidMs }) =>
      resultOf(await timetable.allow({ id, from, until }, saidMs)),
    replace: async (code) => resultOf(await timetable.accept(code)),
  };
}

function resultOf(stored: Stored): Result {
  if (stored.ok) return { ok: true };
  return { ok: false, reason: `${stored.reason}: ${stored.why}`.slice(0, 300) };
}

/** Rejects when the disk refuses, so that a wipe is not taken for done. */
export async function clearTimetable(timetable: RobotTimetable): Promise<void> {
  const stored = await timetable.clear();
  if (!stored.ok) throw new Error(`timetable: ${stored.why}`);
}
