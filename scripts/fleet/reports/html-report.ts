/**
 * A report as one HTML file: no network, no script, nothing from elsewhere. It can be read, printed
 * on A4, sent and kept. `schoolHtml` is for people of that school, `aboveSchoolHtml` for everybody
 * above schools: its figures are those of small-groups.ts only.
 */
import type { Language } from '../../../hal/common/phrases.ts';
import { dateOf, dayOfDate, LocalCalendar } from './calendar.ts';
import {
  aboveSchoolNotes,
  factsOf,
  notesSection,
  robotsSection,
  schoolsSection,
  unusedSection,
} from './html-facts.ts';
import { type Writing, writingOf } from './html-parts.ts';
import {
  bandsSection,
  delaySection,
  endsSection,
  hoursSection,
  meanPhaseSection,
  phaseCountsSection,
} from './html-sections.ts';
import { REPORT_STYLE } from './html-style.ts';
import { type Child, html, Markup } from './markup.ts';
import { BAND_PATTERNS } from './plots.ts';
import type { AboveSchoolReport, AboveSchoolRow } from './small-groups.ts';
import { figuresOf } from './tally.ts';
import type { UsageReport } from './usage-report.ts';

export interface HtmlRequest {
  readonly language: Language;
  /** Now, milliseconds since 1970: the day on which the report was made. */
  readonly madeAt: number;
}

/** Exact figures, robot by robot: only for people of that school. */
export function schoolHtml(report: UsageReport, { language, madeAt }: HtmlRequest): string {
  const w = writingOf(language);
  const calendar = new LocalCalendar(report.zone);
  const { total, robots, weeks, tally, window } = report;
  const { figures, before, pupils } = total;
  // Nothing was before the first period: all of it would be called growth.
  const compared = before.sessions > 0 ? { change: total.change } : {};
  const sections = [
    factsOf(w, { figures, pupils, ...compared, pupilsNote: 'pupilsWithLessons' }),
    hoursSection(w, weeks, figures),
    bandsSection(w, 'robot', robots, figures),
    unusedSection(w, robots),
    phaseCountsSection(w, weeks),
    delaySection(w, tally.spreads.latencyP50, figures),
    endsSection(w, figures),
    robotsSection(w, robots, calendar),
    notesSection(w, figures, []),
  ];
  const dateAt = (at: number): string => dateOf(calendar.dayOf(at));
  const period = { first: dateAt(window.from), last: dateAt(window.to - 1) };
  const head = { of: total.name, ...period, made: dateAt(madeAt), zone: report.zone };
  return documentOf(w, head, sections);
}

/** Figures that may leave a school: no robots, no group of fewer than 5 pupils. */
export function aboveSchoolHtml(
  report: AboveSchoolReport,
  { language, madeAt }: HtmlRequest,
): string {
  const w = writingOf(language);
  const calendar = new LocalCalendar(report.zone);
  const { fleet, weeks } = report;
  const figures = figuresOf(fleet.tally);
  const rows = report.rows.map((row) => ({ ...row, name: nameOfRow(w, row) }));
  const attendance = rows.map(({ name, tally }) => ({ name, figures: figuresOf(tally) }));
  const hours = weeks.map(({ monday, row }) => ({ monday, hours: row.tally.counts.minutes / 60 }));
  const phases = weeks.map(({ monday, row }) => ({ monday, meanPhase: row.meanPhase }));
  const sections = [
    factsOf(w, { figures, pupils: fleet.pupils, pupilsNote: 'pupilsAWeek' }),
    hoursSection(w, hours, figures),
    bandsSection(w, 'school', attendance, figures),
    meanPhaseSection(w, phases),
    delaySection(w, fleet.tally.spreads.latencyP50, figures),
    endsSection(w, figures),
    schoolsSection(w, rows),
    notesSection(w, figures, aboveSchoolNotes(w, report)),
  ];
  const period = { first: report.from, last: dateOf((dayOfDate(report.to) ?? 0) - 1) };
  const made = dateOf(calendar.dayOf(madeAt));
  const head = { of: w.words('allSchools'), ...period, made, zone: report.zone };
  return documentOf(w, head, sections);
}

function nameOfRow(w: Writing, { kind, name }: AboveSchoolRow): string {
  return kind === 'smallSchools' ? w.words('smallSchools') : name;
}

interface Head {
  /** Whose report it is. */
  readonly of: string;
  readonly zone: string;
  /** YYYY-MM-DD, as `last`, which belongs to the period, and the day on which it was made. */
  readonly first: string;
  readonly last: string;
  readonly made: string;
}

function documentOf(w: Writing, head: Head, sections: readonly Child[]): string {
  const title = w.words('title');
  const dates = { first: w.longDate(head.first), last: w.longDate(head.last) };
  const period = w.words('period', dates);
  const made = w.words('madeOn', { date: w.longDate(head.made), zone: head.zone });
  return html`<!doctype html>
<html lang="${w.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title}: ${head.of}, ${period}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
${BAND_PATTERNS}
<main>
<header>
<p class="of"><bdi>${head.of}</bdi></p>
<h1>${title}</h1>
<p>${period}</p>
<p class="soft">${made} ${w.words('pseudonyms')}</p>
</header>
${sections}
</main>
</body>
</html>
`.text;
}
