import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES, placesOf } from '../../../hal/common/phrases.ts';
import { plausibleTerm } from '../demo/plausible-term.ts';
import { LocalCalendar } from './calendar.ts';
import { aboveSchoolHtml, schoolHtml } from './html-report.ts';
import { reportWords } from './html-words.ts';
import { escapeText } from './markup.ts';
import { scaleOf } from './plots.ts';
import { aboveSchool, closeWeek } from './small-groups.ts';
import { usage } from './testing/usage.ts';
import { usageReport } from './usage-report.ts';

const DAY = 86_400_000;
const WEEKS = 4;
const calendar = new LocalCalendar('Europe/Amsterdam');
const MONDAY = calendar.dayOf(Date.parse('2026-10-05T10:00Z'));
const window = calendar.days(MONDAY, 7 * WEEKS);
const { input } = plausibleTerm({
  ...{ seed: 7, robots: 20, schools: 3, weeks: WEEKS },
  ...{ zone: 'Europe/Amsterdam', firstMonday: '2026-10-05' },
});
const madeAt = input.asOf;
const exact = usageReport(input, { window, calendar, school: 'norra' });
const closed = Array.from({ length: WEEKS }, (_, n) =>
  closeWeek({ ...input, asOf: input.asOf + 20 * DAY }, calendar, MONDAY + 7 * n),
).flatMap((made) => (made.ok ? [made.week] : []));
const above = aboveSchool(closed.slice(0, 3), { from: '2026-10-05', to: '2026-11-02' });
if (!above.ok) throw new Error(above.reason);

const ofSchool = LANGUAGES.map((language) => schoolHtml(exact, { language, madeAt }));
const ofAll = LANGUAGES.map((language) => aboveSchoolHtml(above.report, { language, madeAt }));
const documents = [...ofSchool, ...ofAll];
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/** Names of elements that are open when they should not be, or close what is not open. */
function unbalanced(text: string): string[] {
  const VOID = new Set(['meta', '!doctype']);
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = '', own] of text.matchAll(/<(\/?)([!a-z0-9]+)[^<>]*?(\/?)>/g)) {
    if (own || VOID.has(name)) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

test.each(documents)('a report is whole, alone and without script (%#)', (text) => {
  expect(unbalanced(text)).toEqual([]);
  expect(text).not.toMatch(
    /<script|\son[a-z]+=|\ssrc=|\shref=|https?:|@import|NaN|undefined|\{\w+/,
  );
  expect(text.replaceAll(/url\(#(yellow|orange|red)\)/g, '')).not.toContain('url(');
  expect(text).toContain("default-src 'none'");
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(documents)('each plot has a label, a sentence and a table (%#)', (text) => {
  const plots = text.split('<section ').filter((section) => section.includes('role="img"'));
  expect(plots).toHaveLength(5);
  for (const plot of plots) {
    expect(plot).toMatch(/role="img" aria-label="[^"]{40,}"/);
    expect(plot).toMatch(/<h2 id="[a-z]+">[^<]+<\/h2>\s*<p>[^<]{20,}<\/p>/);
    expect(plot).toMatch(/<details><summary>[^<]+<\/summary><div class="scroll" role="region"/);
    expect(plot).toMatch(/tabindex="0"><table>[\s\S]*<th scope="col"[\s\S]*<th scope="row"/);
  }
});

test('the language is that of the reader, numbers too', () => {
  expect(ofSchool.map((text) => /<html lang="(..)">/.exec(text)?.[1])).toEqual(['nl', 'sv', 'en']);
  const hours = exact.total.figures.hours.toFixed(1);
  expect(ofSchool[2]).toContain(
    `${Number(hours) < 100 ? hours : Math.round(Number(hours))} hours in`,
  );
  expect(ofSchool[0]).toContain('Uren per week');
  expect(ofSchool[1]).toContain('Timmar per vecka');
});

test('above a school there is no robot and no small school', () => {
  const small = input.robots.filter(({ school }) => school === 'eken');
  expect(small.length).toBeLessThan(5);
  for (const text of ofAll) {
    expect(input.robots.filter(({ robot }) => text.includes(robot))).toEqual([]);
    expect(text).not.toContain('>eken<');
  }
  expect(ofAll[2]).toMatch(/[12] schools? (is|are) too small/);
  expect(ofAll[2]).toContain('No figures yet of the weeks of 26 Oct.');
  expect(ofSchool[2]).toContain('norra-01');
});

test('bands differ by pattern and by word, not by colour alone', () => {
  const [nl = ''] = ofSchool;
  for (const band of ['green', 'yellow', 'orange', 'red']) expect(nl).toContain(`band ${band}`);
  expect(count(nl, /<pattern /g)).toBe(3);
  expect(nl).toContain('Rood: minder dan 50 %');
});

test('what is nearly the next band is not written as it', () => {
  const at = window.from + 10 * 3_600_000;
  const lesson = { robot: 'r', school: 's', assignment: 'a', start: at, end: at + 50 * 60_000 };
  const records = [usage({ robot: 'r', start: at, end: at + 39.9 * 60_000 })];
  const robots = [{ robot: 'r', school: 's' }];
  const made = usageReport(
    { records, lessons: [lesson], phases: [], robots, asOf: madeAt },
    { window, calendar },
  );
  expect(schoolHtml(made, { language: 'en', madeAt })).toContain('79 % · orange');
});

test('names are text, whatever is in them', () => {
  const at = window.from + 10 * 3_600_000;
  const made = (name: string): string => {
    const lesson = { robot: name, school: name, assignment: 'a', start: at, end: at + 3_000_000 };
    const more = [{ robot: `${name}-spare`, school: name }];
    const robots = [{ robot: name, school: name }, ...more];
    const records = [usage({ robot: name, start: at, end: at + 2_000_000 })];
    const used = { records, lessons: [lesson], phases: [], robots, asOf: madeAt };
    const report = usageReport(used, { window, calendar, school: name });
    return schoolHtml(report, { language: 'nl', madeAt });
  };
  const plain = made('[plain]');
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img onerror=x>',
      "'--></style>",
      '\u202E\0&lt;',
    ),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const name = `[${text}]`;
      expect(made(name).replaceAll(escapeText(name), () => '[plain]')).toBe(plain);
    }),
    { numRuns: 40 },
  );
});

test('a report of nothing says so', () => {
  const nothing = { records: [], lessons: [], phases: [], robots: [], asOf: madeAt };
  const text = schoolHtml(usageReport(nothing, { window, calendar }), { language: 'en', madeAt });
  expect(text).toContain('There were no sessions in this period.');
  expect(text).toContain('No phases are known in this period.');
  expect(unbalanced(text)).toEqual([]);
  expect(text).not.toMatch(/NaN|Infinity/);
});

test('translations name the same values', () => {
  for (const language of LANGUAGES) {
    for (const [key, phrase] of Object.entries(reportWords.en)) {
      const other = reportWords[language][key as keyof typeof reportWords.en];
      expect([key, placesOf(other)]).toEqual([key, placesOf(phrase)]);
    }
  }
});

test('scales are round and reach over the largest value', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (most) => {
      const { top, step } = scaleOf(most);
      expect(top).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      expect(top / step).toBeGreaterThan(2);
      expect(top / step).toBeLessThan(7);
    }),
  );
  expect(scaleOf(0)).toEqual({ top: 1, step: 1 });
});
