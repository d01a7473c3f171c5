/** Figures of usage as CSV. Names of columns are stable: new ones come last. */
import { SESSION_ENDS } from '../../../agent/wire/fleet.ts';
import { type CsvStyle, type CsvValue, csvOf } from './csv.ts';
import type { AboveSchoolReport } from './small-groups.ts';
import { BANDS, figuresOf, type UsageFigures } from './tally.ts';
import type { UsageReport } from './usage-report.ts';

type Figure = readonly [string, (figures: UsageFigures) => CsvValue];

const FIGURES: readonly Figure[] = [
  ['hours', (of) => of.hours],
  ['sessions', (of) => of.sessions],
  ['undated_hours', (of) => of.undatedHours],
  ['planned_minutes', (of) => of.plannedMinutes],
  ['attended_minutes', (of) => of.attendedMinutes],
  ['attended_share', (of) => of.share],
  ['band', (of) => of.band],
  ['lessons', (of) => of.lessons],
  ...BANDS.map((band): Figure => [`lessons_${band}`, (of) => of.bands[band]]),
  ['latency_p50_ms', (of) => of.latencyMs?.p50 ?? null],
  ['latency_p95_ms', (of) => of.latencyMs?.p95 ?? null],
  ['loss_p50', (of) => of.lossRatio?.p50 ?? null],
  ['loss_p95', (of) => of.lossRatio?.p95 ?? null],
  ['interruptions', (of) => of.interruptions],
  ['pauses', (of) => of.pauses],
  ['hands_raised', (of) => of.handsRaised],
  ['hands_acknowledged', (of) => of.handsAcknowledged],
  ...SESSION_ENDS.map((end): Figure => [`ended_${end}`, (of) => of.ends[end]]),
];

const FIGURE_NAMES = FIGURES.map(([name]) => name);
const valuesOf = (figures: UsageFigures): CsvValue[] => FIGURES.map(([, of]) => of(figures));

/** Robots and their school: only for people of that school. */
export function schoolCsv(report: UsageReport, style?: CsvStyle): string {
  const rows = [
    ...report.robots.map((row) => ({ kind: 'robot', ...row })),
    ...report.schools.map((row) => ({ kind: 'school', ...row })),
  ].map(({ kind, name, pupils, lastUsed, change, figures }) => [
    ...[kind, name, pupils, lastUsed === null ? null : new Date(lastUsed).toISOString()],
    ...[change.hours, change.sessions, ...valuesOf(figures)],
  ]);
  const change = ['change_hours', 'change_sessions'];
  return csvOf(['kind', 'name', 'pupils', 'last_used', ...change, ...FIGURE_NAMES], rows, style);
}

export function aboveSchoolCsv(report: AboveSchoolReport, style?: CsvStyle): string {
  const rows = [...report.rows, report.fleet].map(
    ({ kind, name, weeks, pupils, meanPhase, tally }) => [
      ...[kind, name, weeks, pupils, meanPhase],
      ...valuesOf(figuresOf(tally)),
    ],
  );
  return csvOf(['kind', 'name', 'weeks', 'pupils', 'mean_phase', ...FIGURE_NAMES], rows, style);
}
