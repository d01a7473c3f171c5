/** Parts that every section of a report is made of, in the reader's language. */
import { type Language, type Translate, translator } from '../../../hal/common/phrases.ts';
import { dayOfDate } from './calendar.ts';
import { type ReportWords, reportWords } from './html-words.ts';
import { type Child, html, type Markup } from './markup.ts';

const DAY_MS = 86_400_000;

/** Words and numbers as one language writes them. */
export interface Writing {
  readonly language: Language;
  readonly words: Translate<ReportWords>;
  /** One decimal under 100, none above. */
  readonly number: (value: number) => string;
  /** Of a part 0..1, whole percents, never rounded up: 79.9 % of orange does not become 80 % of yellow. */
  readonly percent: (share: number) => string;
  /** With its sign, "±0" included. */
  readonly change: (value: number) => string;
  /** Of a date YYYY-MM-DD: "24 aug". */
  readonly shortDate: (date: string) => string;
  /** "24 augustus 2026" */
  readonly longDate: (date: string) => string;
}

export function writingOf(language: Language): Writing {
  // Days before months: our English is read in Europe.
  const locale = language === 'en' ? 'en-GB' : language;
  const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, useGrouping: 'min2' });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: 'min2' });
  const signed = new Intl.NumberFormat(locale, {
    ...{
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero' as const,
      useGrouping: 'min2' as const,
    },
  });
  const short = dateFormat(locale, { day: 'numeric', month: 'short' });
  const long = dateFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  return {
    language,
    words: translator(reportWords, language),
    number: (value) => (Math.abs(value) < 100 ? fine : whole).format(value),
    percent: (share) => `${whole.format(Math.floor(share * 100 + 1e-9))} %`,
    change: (value) => (Math.abs(value) < 0.05 ? '±0' : signed.format(value)),
    shortDate: short,
    longDate: long,
  };
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (date: string): string => {
    const day = dayOfDate(date);
    return day === undefined ? date : format.format(day * DAY_MS).replace(/\.$/, '');
  };
}

export interface Cell {
  readonly text: string | number;
  /** Numbers stand right, so that their places are under each other. */
  readonly right?: boolean;
}

export interface Table {
  readonly caption: string;
  readonly head: readonly Cell[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Wide tables scroll on a phone: by keyboard too, so they take the focus and have a name. */
export function tableOf({ caption, head, rows }: Table): Markup {
  const align = ({ right }: Cell): Markup => (right ? html` class="right"` : html``);
  const heads = head.map((cell) => html`<th scope="col"${align(cell)}>${cell.text}</th>`);
  const lines = rows.map(([name, ...cells]) => {
    const rest = cells.map((cell) => html`<td${align(cell)}>${cell.text}</td>`);
    return html`<tr><th scope="row"><bdi>${name?.text ?? ''}</bdi></th>${rest}</tr>\n`;
  });
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody></table></div>`;
}

/** A section with a plot: what it says in words, the plot, and its figures as a table. */
export function plotSection(
  writing: Writing,
  id: string,
  title: string,
  summary: string,
  plot: Child,
  table: Table,
): Markup {
  return sectionOf(
    id,
    title,
    html`<p>${summary}</p>
${plot}
<details><summary>${writing.words('asTable')}</summary>${tableOf(table)}</details>`,
  );
}

export function sectionOf(id: string, title: string, content: Child): Markup {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`;
}

export const right = (text: string | number): Cell => ({ text, right: true });
export const left = (text: string): Cell => ({ text });
