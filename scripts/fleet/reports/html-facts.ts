/** The largest figures at the top of a report, tables of all rows, and the notes at its end. */
import { dateOf, type LocalCalendar } from './calendar.ts';
import { left, right, sectionOf, tableOf, type Writing } from './html-parts.ts';
import { nameOfBand } from './html-sections.ts';
import { html, type Markup } from './markup.ts';
import type { AboveSchoolReport, AboveSchoolRow } from './small-groups.ts';
import { figuresOf, type UsageFigures } from './tally.ts';
import type { RobotUsage } from './usage-report.ts';

interface Facts {
  readonly figures: UsageFigures;
  readonly pupils: number;
  readonly pupilsNote: 'pupilsAWeek' | 'pupilsWithLessons';
  /** Differences with the period before, where there is one to compare with. */
  readonly change?: { readonly hours: number; readonly sessions: number };
}

export function factsOf(w: Writing, { figures, pupils, pupilsNote, change }: Facts): Markup {
  const against = (value: number | undefined): string =>
    value === undefined ? '' : w.words('before', { change: w.change(value) });
  const { share, band, latencyMs, hours, sessions } = figures;
  const named = band === null ? '' : ` · ${nameOfBand(w, band).toLowerCase()}`;
  const delay = latencyMs ? w.words('milliseconds', { ms: latencyMs.p50 }) : '–';
  return html`<dl class="facts">
${fact(w.words('hours'), w.number(hours), against(change?.hours))}
${fact(w.words('sessions'), w.number(sessions), against(change?.sessions))}
${fact(w.words('attendance'), share === null ? '–' : w.percent(share), `${w.words('attendanceOf')}${named}`)}
${fact(w.words('pupils'), w.number(pupils), w.words(pupilsNote))}
${fact(w.words('delay'), delay, latencyMs ? w.words('delayOf') : w.words('noneKnown'))}
</dl>`;
}

function fact(name: string, number: string, note: string): Markup {
  const below = note ? html`<dd class="soft">${note}</dd>` : null;
  return html`<div><dt>${name}</dt><dd class="number">${number}</dd>${below}</div>`;
}

/** Robots that nobody used, and whether anybody should have; nothing when there are none. */
export function unusedSection(w: Writing, robots: readonly RobotUsage[]): Markup | null {
  const unused = robots.filter(({ figures }) => figures.sessions === 0);
  if (unused.length === 0) return null;
  const title = w.words('unusedTitle');
  const rows = unused.map(({ name, figures }) => [
    left(name),
    left(figures.lessons > 0 ? w.words('unusedPlanned') : w.words('unusedSpare')),
    right(figures.lessons),
  ]);
  const head = [left(w.words('robot')), left(w.words('reason')), right(w.words('lessons'))];
  return sectionOf('unused', title, tableOf({ caption: title, head, rows }));
}

export function robotsSection(
  w: Writing,
  robots: readonly RobotUsage[],
  calendar: LocalCalendar,
): Markup {
  const title = w.words('robotsTitle');
  const used = (at: number | null): string =>
    at === null ? '–' : w.shortDate(dateOf(calendar.dayOf(at)));
  const rows = robots.map(({ name, figures, phase, lastUsed }) => [
    ...[left(name), right(phase ?? '–'), right(w.number(figures.hours)), right(figures.sessions)],
    ...[right(attendanceOf(w, figures)), right(used(lastUsed))],
  ]);
  const head = [
    ...[left(w.words('robot')), right(w.words('phase')), right(w.words('hours'))],
    ...[right(w.words('sessions')), right(w.words('attendance')), right(w.words('lastUsed'))],
  ];
  return sectionOf('robots', title, tableOf({ caption: title, head, rows }));
}

export function schoolsSection(w: Writing, schools: readonly AboveSchoolRow[]): Markup {
  const title = w.words('schoolsTitle');
  const rows = schools.map(({ name, tally, pupils, meanPhase }) => {
    const figures = figuresOf(tally);
    return [
      ...[
        left(name),
        right(w.number(pupils)),
        right(meanPhase === null ? '–' : w.number(meanPhase)),
      ],
      ...[right(w.number(figures.hours)), right(figures.sessions)],
      right(attendanceOf(w, figures)),
    ];
  });
  const head = [
    ...[left(w.words('school')), right(w.words('pupils')), right(w.words('phase'))],
    ...[right(w.words('hours')), right(w.words('sessions')), right(w.words('attendance'))],
  ];
  return sectionOf('schools', title, tableOf({ caption: title, head, rows }));
}

/** The percentage and its band in words. */
function attendanceOf(w: Writing, { share, band }: UsageFigures): string {
  if (share === null || band === null) return '–';
  return `${w.percent(share)} · ${nameOfBand(w, band).toLowerCase()}`;
}

export function aboveSchoolNotes(w: Writing, { missing, leftOut }: AboveSchoolReport): string[] {
  const weeks = missing.map(w.shortDate).join(', ');
  return [
    w.words('noteSmall'),
    ...(leftOut > 0 ? [w.words('noteLeftOut', { schools: leftOut })] : []),
    ...(missing.length > 0 ? [w.words('noteMissing', { weeks })] : []),
  ];
}

export function notesSection(
  w: Writing,
  { undatedSessions }: UsageFigures,
  more: readonly string[],
): Markup {
  const undated =
    undatedSessions > 0 ? [w.words('noteUndated', { sessions: undatedSessions })] : [];
  const notes = [...more, w.words('noteBands'), w.words('noteDelay'), ...undated];
  const list = notes.map((note) => html`<li>${note}</li>`);
  return sectionOf('notes', w.words('notesTitle'), html`<ul class="notes soft">${list}</ul>`);
}
