/** The sections of a report: hours, attendance, phases, delay and ends. */
import { SESSION_ENDS } from '../../../agent/wire/fleet.ts';
import { left, plotSection, right, sectionOf, type Writing } from './html-parts.ts';
import { html, type Markup } from './markup.ts';
import type { PhaseCounts } from './phases.ts';
import { bandRows, bandSwatch, columnPlot, phaseDiscs, phaseLine, valueRows } from './plots.ts';
import { BANDS, type Band, type Spread, type UsageFigures } from './tally.ts';

export interface WeekHours {
  readonly monday: string;
  readonly hours: number;
}

export function hoursSection(
  w: Writing,
  weeks: readonly WeekHours[],
  { hours, sessions }: UsageFigures,
): Markup {
  const title = w.words('hoursTitle');
  const most = weeks.reduce<WeekHours | undefined>(
    (best, one) => (best && best.hours >= one.hours ? best : one),
    undefined,
  );
  if (!most || sessions === 0) return emptySection('hours', title, w.words('hoursNone'));
  const columns = weeks.map(({ monday, hours }) => ({
    label: w.shortDate(monday),
    value: hours,
    shown: w.number(Math.round(hours)),
  }));
  const summary = w.words('hoursSummary', {
    ...{ sessions, hours: w.number(hours) },
    ...{ week: w.shortDate(most.monday), most: w.number(most.hours) },
  });
  const text = { label: `${title}. ${summary}`, unit: w.words('hoursUnit'), written: w.number };
  return plotSection(w, 'hours', title, summary, columnPlot(columns, text), {
    caption: title,
    head: [left(w.words('week')), right(w.words('hours'))],
    rows: weeks.map(({ monday, hours }) => [left(w.longDate(monday)), right(w.number(hours))]),
  });
}

export interface AttendanceRow {
  readonly name: string;
  readonly figures: UsageFigures;
}

export function bandsSection(
  w: Writing,
  of: 'robot' | 'school',
  rows: readonly AttendanceRow[],
  { bands, lessons }: UsageFigures,
): Markup {
  const title = w.words(of === 'robot' ? 'bandsByRobot' : 'bandsBySchool');
  if (lessons === 0) return emptySection('bands', title, w.words('bandsNone'));
  const summary = w.words('bandsSummary', { lessons, green: bands.green, red: bands.red });
  const bars = rows.map(({ name, figures }) => ({
    ...{ name, bands: figures.bands },
    shown: figures.share === null ? w.words('noLessons') : w.percent(figures.share),
  }));
  const legend = BANDS.map((band) => html`<li>${bandSwatch(band)}${w.words(band)}</li>`);
  const plot = html`<p class="soft">${w.words('bandsRead')}</p>
<ul class="legend">${legend}</ul>
${bandRows(bars, `${title}. ${summary}`)}`;
  return plotSection(w, 'bands', title, summary, plot, {
    caption: title,
    head: [
      left(w.words(of)),
      ...[right(w.words('attendance')), right(w.words('lessons'))],
      ...BANDS.map((band) => right(nameOfBand(w, band))),
    ],
    rows: rows.map(({ name, figures }) => [
      left(name),
      right(figures.share === null ? '–' : w.percent(figures.share)),
      right(figures.lessons),
      ...BANDS.map((band) => right(figures.bands[band])),
    ]),
  });
}

/** "Green" of "Green: 95 % or more". */
export function nameOfBand(w: Writing, band: Band): string {
  return w.words(band).split(':')[0] ?? '';
}

/** Pupils by phase, week by week: for a school. */
export function phaseCountsSection(
  w: Writing,
  weeks: readonly { readonly monday: string; readonly phases: PhaseCounts }[],
): Markup {
  const title = w.words('phaseTitle');
  const last = weeks.findLast(({ phases }) => phases.some((count) => count > 0));
  if (!last) return emptySection('phases', title, w.words('phaseNone'));
  const parts = last.phases.flatMap((count, index) =>
    count > 0 ? [w.words('phasePart', { count, phase: index + 1 })] : [],
  );
  const summary = `${w.words('phasePupils', { list: parts.join(', ') })} ${w.words('phaseBack')}`;
  const labels = weeks.map(({ monday }) => w.shortDate(monday));
  const text = { label: `${title}. ${summary}`, unit: w.words('phaseUnit'), written: w.number };
  const plot = phaseDiscs(
    labels,
    weeks.map(({ phases }) => phases),
    text,
  );
  return plotSection(w, 'phases', title, summary, plot, {
    caption: title,
    head: [
      left(w.words('week')),
      ...[1, 2, 3, 4, 5, 6].map((n) => right(`${w.words('phase')} ${n}`)),
    ],
    rows: weeks.map(({ monday, phases }) => [left(w.longDate(monday)), ...phases.map(right)]),
  });
}

/** The mean of large schools, week by week: above schools. */
export function meanPhaseSection(
  w: Writing,
  weeks: readonly { readonly monday: string; readonly meanPhase: number | null }[],
): Markup {
  const title = w.words('phaseTitle');
  const known = weeks.flatMap(({ meanPhase }) => meanPhase ?? []);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined)
    return emptySection('phases', title, w.words('phaseNone'));
  const mean = w.words('phaseMean', { first: w.number(first), last: w.number(last) });
  const summary = `${mean} ${w.words('phaseBack')}`;
  const text = { label: `${title}. ${summary}`, unit: w.words('phaseUnit'), written: w.number };
  const plot = phaseLine(
    weeks.map(({ monday }) => w.shortDate(monday)),
    weeks.map(({ meanPhase }) => meanPhase),
    text,
  );
  return plotSection(w, 'phases', title, summary, plot, {
    caption: title,
    head: [left(w.words('week')), right(w.words('phase'))],
    rows: weeks.map(({ monday, meanPhase }) => [
      left(w.longDate(monday)),
      right(meanPhase === null ? '–' : w.number(meanPhase)),
    ]),
  });
}

/** Classes of a tally are 10 ms wide; a plot joins two, and everything from 400 ms on. */
const DELAY_CLASS_MS = 20;
const DELAY_CLASSES = 20;

export function delaySection(w: Writing, medians: Spread, figures: UsageFigures): Markup {
  const title = w.words('delayTitle');
  const { latencyMs } = figures;
  if (!latencyMs) return emptySection('delay', title, w.words('delayNone'));
  const shares = delayShares(medians);
  const summary = w.words('delaySummary', latencyMs);
  const text = { label: `${title}. ${summary}`, unit: w.words('delayUnit'), written: w.percent };
  const edge = (n: number): string => String(n * DELAY_CLASS_MS);
  const columns = shares.map((value, n) => ({
    ...{ value, shown: '' },
    label: n % 5 === 0 ? (n === DELAY_CLASSES ? `${edge(n)}+` : `${edge(n)} ms`) : '',
  }));
  const range = (n: number): string =>
    n === DELAY_CLASSES
      ? w.words('delayOver', { ms: `${edge(n)} ms` })
      : `${edge(n)}–${edge(n + 1)} ms`;
  return plotSection(w, 'delay', title, summary, columnPlot(columns, text), {
    caption: title,
    head: [left(w.words('delayClass')), right(w.words('share'))],
    rows: shares.flatMap((share, n) =>
      share > 0 ? [[left(range(n)), right(share < 0.005 ? '< 1 %' : w.percent(share))]] : [],
    ),
  });
}

/** Parts of all minutes with a known delay, by class. */
function delayShares(medians: Spread): number[] {
  const shares = new Array<number>(DELAY_CLASSES + 1).fill(0);
  const total = Object.values(medians).reduce((sum, minutes) => sum + minutes, 0);
  for (const [index, minutes] of Object.entries(medians)) {
    const n = Math.min(DELAY_CLASSES, Math.floor((Number(index) * 10) / DELAY_CLASS_MS));
    shares[n] = (shares[n] ?? 0) + minutes / Math.max(total, 1e-9);
  }
  return shares;
}

export function endsSection(w: Writing, { ends, sessions }: UsageFigures): Markup {
  const title = w.words('endsTitle');
  if (sessions === 0) return emptySection('ends', title, w.words('hoursNone'));
  const summary = w.words('endsSummary', { good: ends.hangUp, sessions });
  const rows = SESSION_ENDS.filter((end) => ends[end] > 0)
    .map((end) => ({ name: w.words(end), value: ends[end], shown: String(ends[end]) }))
    .sort((a, b) => b.value - a.value);
  return plotSection(w, 'ends', title, summary, valueRows(rows, `${title}. ${summary}`), {
    caption: title,
    head: [left(w.words('reason')), right(w.words('sessions'))],
    rows: rows.map(({ name, value }) => [left(name), right(value)]),
  });
}

function emptySection(id: string, title: string, text: string): Markup {
  return sectionOf(id, title, html`<p>${text}</p>`);
}
