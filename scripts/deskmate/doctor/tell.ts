import type { Dictionaries, Language } from '../command/language.ts';
import { type Paint, painted, type Terminal, wrapped } from '../command/terminal.ts';
import type { DoctorWords, Phrase, Verdict } from './check.ts';
import { type Examined, worst } from './examine.ts';
import { en } from './words/en.ts';
import { nl } from './words/nl.ts';
import { sv } from './words/sv.ts';

export const doctorWords: Dictionaries<typeof en> = { en, nl, sv };

const MARK: Readonly<Record<Verdict, string>> = {
  ok: '✓',
  notExamined: '–',
  warning: '!',
  problem: '✗',
};
const VERDICTS = Object.keys(MARK) as Verdict[];
const PAINT: Readonly<Record<Verdict, Paint>> = {
  ok: 'green',
  notExamined: 'soft',
  warning: 'yellow',
  problem: 'red',
};
/** Column of the findings, after mark, verdict and name. */
const GAP = 2;
const LEAST_COLUMNS = 50;

/** The table for people. Verdicts are also words, not only colours. */
export function tell(terminal: Terminal, examined: readonly Examined[], language: Language): void {
  const words = doctorWords[language];
  const verdictWidth = width(VERDICTS.map((one) => words[one]));
  const nameWidth = width(examined.map(({ name }) => words[name]));
  const indent = GAP + 2 + verdictWidth + GAP + nameWidth + GAP;
  const columns = Math.max(LEAST_COLUMNS, terminal.columns) - indent;
  for (const { name, findings } of examined) {
    let shownName: string = words[name];
    for (const { verdict, ...said } of findings) {
      const mark = painted(
        terminal,
        PAINT[verdict],
        `${MARK[verdict]} ${words[verdict].padEnd(verdictWidth)}`,
      );
      const { what, todo } = sentence(said, language);
      const [first = '', ...more] = wrapped(what, columns);
      terminal.line(`${' '.repeat(GAP)}${mark}  ${shownName.padEnd(nameWidth)}  ${first}`);
      for (const line of more) terminal.line(`${' '.repeat(indent)}${line}`);
      for (const [i, line] of todo ? wrapped(todo, columns - 2).entries() : [])
        terminal.line(`${' '.repeat(indent)}${i === 0 ? '→ ' : '  '}${line}`);
      shownName = '';
    }
  }
  terminal.line();
  terminal.line(`  ${sum(examined, language)}`);
}

/** JSON for programs: stable keys, and the sentences. */
export function asJson(examined: readonly Examined[], language: Language): object {
  return {
    verdict: worst(examined),
    checks: examined.map(({ name, verdict, findings }) => ({
      check: name,
      verdict,
      findings: findings.map((one) => ({
        verdict: one.verdict,
        finding: one.key,
        ...sentence(one, language),
      })),
    })),
  };
}

interface Sentence {
  readonly what: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly todo: string;
}

export function sentence({ key, values }: Phrase, language: Language): Sentence {
  const [what = '', todo = ''] = filled(key, values, language).split('|');
  return { what, todo };
}

function filled(key: keyof DoctorWords, values: Phrase['values'], language: Language): string {
  return doctorWords[language][key].replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    if (typeof value === 'object') return filled(value.key, value.values, language);
    // A bar would end the sentence, a line break would break the table.
    return String(value).replaceAll('|', '/').replace(/\s+/g, ' ');
  });
}

function sum(examined: readonly Examined[], language: Language): string {
  const all = examined.flatMap(({ findings }) => findings);
  const count = (verdict: Verdict): number => all.filter((one) => one.verdict === verdict).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  // Devices that the board does not have are not examined.
  const unseen = all.some((one) => one.verdict === 'notExamined' && one.key !== 'notOnBoard');
  const well = unseen ? 'wellAsSeen' : 'allWell';
  const key = problems ? 'sumProblems' : warnings ? 'sumWarnings' : well;
  return sentence({ key, values: { problems, warnings } }, language).what;
}

const width = (words: readonly string[]): number => Math.max(...words.map((word) => word.length));
