/** Phases 1..6 of the return to school, over time. */
import type { PhaseChange } from './usage-input.ts';

/** Pupils in phase 1, 2, ... 6. */
export type PhaseCounts = readonly number[];

/** The phase of an assignment just before `at`; null before its first. */
export function phaseAt(
  changes: readonly PhaseChange[],
  assignment: string,
  at: number,
): number | null {
  let latest: PhaseChange | undefined;
  for (const change of changes) {
    if (change.assignment !== assignment || change.at >= at) continue;
    if (!latest || change.at >= latest.at) latest = change;
  }
  return latest?.phase ?? null;
}

/** Of these assignments just before `at`; those without a phase are in none. */
export function phaseCounts(
  changes: readonly PhaseChange[],
  assignments: ReadonlySet<string>,
  at: number,
): PhaseCounts {
  const counts = [0, 0, 0, 0, 0, 0];
  const latest = new Map<string, PhaseChange>();
  for (const change of changes) {
    if (!assignments.has(change.assignment) || change.at >= at) continue;
    const known = latest.get(change.assignment);
    if (!known || change.at >= known.at) latest.set(change.assignment, change);
  }
  for (const { phase } of latest.values()) counts[phase - 1] = (counts[phase - 1] ?? 0) + 1;
  return counts.slice(0, 6);
}

/** The mean phase; null of nobody. */
export function meanPhase(counts: PhaseCounts): number | null {
  const pupils = counts.reduce((sum, count) => sum + count, 0);
  const sum = counts.reduce((total, count, index) => total + count * (index + 1), 0);
  return pupils > 0 ? sum / pupils : null;
}
