/**
 * Plots as inline SVG. Positions across are in percent and the rest in pixels, so that a plot is as
 * wide as its page and its text keeps its size. Each plot is one image with a label; the same figures
 * stand beside it in a table. No meaning is in a colour alone.
 */
import { type Child, html, type Markup } from './markup.ts';
import { BANDS, type Band } from './tally.ts';

const PLOT_HEIGHT = 176;
const TOP = 22;
const BASE = TOP + PLOT_HEIGHT;

export interface Column {
  readonly label: string;
  /** 0 or more. */
  readonly value: number;
  /** Above the column; none when empty. */
  readonly shown: string;
}

export interface PlotText {
  /** What the image is and says: all that a screen reader reads of it. */
  readonly label: string;
  readonly written: (value: number) => string;
  /** What is counted, above the scale. */
  readonly unit: string;
}

/** Upright columns of one measure, from zero. */
export function columnPlot(columns: readonly Column[], text: PlotText): Markup {
  const { top, step } = scaleOf(Math.max(0, ...columns.map(({ value }) => value)));
  const yOf = (value: number): number => BASE - (value / top) * PLOT_HEIGHT;
  const width = 100 / Math.max(1, columns.length);
  const bars = columns.map(({ value, shown }, n) => {
    const centre = (n + 0.5) * width;
    const few = columns.length > 10 ? 'value narrow' : 'value';
    const name = html`<text class="${few}" x="${centre}%" y="${yOf(value) - 6}">${shown}</text>`;
    const [x, y, wide, high] = [(n + 0.16) * width, yOf(value), width * 0.68, BASE - yOf(value)];
    return html`<rect class="bar" x="${x}%" y="${y}" width="${wide}%" height="${high}" rx="2"/>${shown ? name : null}`;
  });
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step);
  const lines = ticks.map((value) => gridLine(yOf(value), text.written(value), value === 0));
  const labels = columns.map(({ label }) => label);
  return frame(text, BASE + 26, [lines, bars, labelsBelow(labels, BASE + 19)]);
}

/** Rows 1..6 upwards: how many there were of each at each moment, as discs with their number. */
export function phaseDiscs(
  labels: readonly string[],
  counts: readonly (readonly number[])[],
  text: PlotText,
): Markup {
  const most = Math.max(1, ...counts.flat());
  const discs = counts.flatMap((ofWeek, week) =>
    ofWeek.map((count, index) => {
      if (count === 0) return null;
      const [x, y] = [acrossOf(week, counts.length), phaseY(index + 1)];
      const radius = 7 + 5 * Math.sqrt(count / most);
      return html`<circle class="disc" cx="${x}%" cy="${y}" r="${radius}"/><text class="count" x="${x}%" y="${y + 4}">${count}</text>`;
    }),
  );
  return phaseFrame(labels, discs, text);
}

/** Rows 1..6 upwards: one value at each moment, joined where there is one at the next too. */
export function phaseLine(
  labels: readonly string[],
  values: readonly (number | null)[],
  text: PlotText,
): Markup {
  const points = values.map((value, n) => {
    if (value === null) return null;
    const x = acrossOf(n, values.length);
    const next = values[n + 1] ?? null;
    const line =
      next === null
        ? null
        : html`<line class="trend" x1="${x}%" y1="${phaseY(value)}" x2="${acrossOf(n + 1, values.length)}%" y2="${phaseY(next)}"/>`;
    return html`${line}<circle class="point" cx="${x}%" cy="${phaseY(value)}" r="4.5"/><text class="value narrow" x="${x}%" y="${phaseY(value) - 11}">${text.written(value)}</text>`;
  });
  return phaseFrame(labels, points, text);
}

const phaseY = (phase: number): number => TOP + 16 + (6 - phase) * 32;
const acrossOf = (index: number, count: number): number => ((index + 0.5) * 100) / count;

function phaseFrame(labels: readonly string[], marks: Child, text: PlotText): Markup {
  const lines = [1, 2, 3, 4, 5, 6].map((phase) => gridLine(phaseY(phase), String(phase), false));
  const base = phaseY(1) + 20;
  return frame(text, base + 26, [lines, marks, labelsBelow(labels, base + 19)]);
}

export interface BandRow {
  readonly name: string;
  /** At the end of the row's line. */
  readonly shown: string;
  readonly bands: Readonly<Record<Band, number>>;
}

/** A bar a row, divided by band; each band has a pattern, and its number where there is room. */
export function bandRows(rows: readonly BandRow[], label: string): Markup {
  return rowsOf(
    rows.map(({ name, shown, bands }) => {
      const total = BANDS.reduce((sum, band) => sum + bands[band], 0);
      let reached = 0;
      const parts = BANDS.map((band) => {
        const share = total > 0 ? (bands[band] / total) * 100 : 0;
        const x = reached;
        reached += share;
        if (share === 0) return null;
        const number = html`<text class="inside ${band}" x="${x + share / 2}%" y="15">${bands[band]}</text>`;
        return html`<rect class="band ${band}" x="${x}%" y="1" width="${share}%" height="20"/>${share > 7 ? number : null}`;
      });
      const empty = html`<rect class="none" x="0" y="1" width="100%" height="20"/>`;
      return { name, shown, bar: html`${total === 0 ? empty : parts}`, height: 22 };
    }),
    label,
  );
}

/** A bar a row, as long as its value is a part of the largest. */
export function valueRows(
  rows: readonly { readonly name: string; readonly value: number; readonly shown: string }[],
  label: string,
): Markup {
  const most = Math.max(1e-9, ...rows.map(({ value }) => value));
  return rowsOf(
    rows.map(({ name, value, shown }) => ({
      ...{ name, shown, height: 12 },
      bar: html`<rect class="rail" width="100%" height="12" rx="2"/><rect class="bar" width="${(value / most) * 100}%" height="12" rx="2"/>`,
    })),
    label,
  );
}

/** The patterns of bands: once in a document that has `bandRows`. */
export const BAND_PATTERNS: Markup = html`<svg class="patterns" aria-hidden="true" width="0" height="0"><defs>
<pattern id="yellow" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="yellow-ground" width="8" height="8"/><rect class="yellow-mark" width="2" height="8"/></pattern>
<pattern id="orange" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="orange-ground" width="8" height="8"/><circle class="orange-mark" cx="4" cy="4" r="1.6"/></pattern>
<pattern id="red" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="red-ground" width="7" height="7"/><path class="red-mark" d="M0 3.5H7M3.5 0V7"/></pattern>
</defs></svg>`;

export function bandSwatch(band: Band): Markup {
  return html`<svg class="swatch" aria-hidden="true" width="22" height="16"><rect class="band ${band}" x="1" y="1" width="20" height="14"/></svg>`;
}

interface Row {
  readonly name: string;
  readonly shown: string;
  readonly bar: Markup;
  readonly height: number;
}

/** Rows stand alone, so that a page may break between them. */
function rowsOf(rows: readonly Row[], label: string): Markup {
  const made = rows.map(
    ({ name, shown, bar, height }) =>
      html`<div class="row"><span><bdi>${name}</bdi></span><span class="shown">${shown}</span><svg width="100%" height="${height}">${bar}</svg></div>`,
  );
  return html`<div class="rows" role="img" aria-label="${label}">${made}</div>`;
}

function frame({ label, unit }: PlotText, height: number, marks: Child): Markup {
  return html`<div class="plot"><p class="unit" aria-hidden="true">${unit}</p><svg role="img" aria-label="${label}" width="100%" height="${height}">${marks}</svg></div>`;
}

function gridLine(y: number, label: string, isBase: boolean): Markup {
  return html`<line class="${isBase ? 'base' : 'grid'}" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="scale" x="-8" y="${y + 4}">${label}</text>`;
}

/** As many labels as there is room for; the class `narrow` is left out on a phone. */
function labelsBelow(labels: readonly string[], y: number): Markup[] {
  const named = labels.map((label, n) => ({ label, n })).filter(({ label }) => label !== '');
  const wide = Math.ceil(named.length / 12);
  const narrow = wide * Math.ceil(named.length / (wide * 5));
  return named.flatMap(({ label, n }, index) => {
    if (index % wide !== 0) return [];
    const kind = index % narrow === 0 ? 'tick' : 'tick narrow';
    return [
      html`<text class="${kind}" x="${acrossOf(n, labels.length)}%" y="${y}">${label}</text>`,
    ];
  });
}

/** A round scale from 0 to at least `most`, in three to six steps of 1, 2 or 5 times a power of ten. */
export function scaleOf(most: number): { readonly top: number; readonly step: number } {
  if (!(most > 0)) return { top: 1, step: 1 };
  const power = 10 ** Math.floor(Math.log10(most / 3));
  const step =
    [1, 2, 5, 10].map((one) => one * power).findLast((one) => one <= most / 2.4) ?? power;
  return { top: Math.ceil(most / step - 1e-9) * step, step };
}
