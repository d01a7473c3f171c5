/** What the page understands of rows beyond showing them: queries, and why a robot is off. */
import type { Clock } from '../../../../hal/ports/clock.ts';
import { whyOff } from '../../../fleet-client/diagnosis.ts';
import { tellDiagnosis } from '../../../fleet-client/diagnosis-words.ts';
import { parseQuery } from '../../../fleet-client/query-parser.ts';
import { compileQuery } from '../../../fleet-client/query-predicate.ts';
import type { RobotRow } from '../../../fleet-client/robot-row.ts';
import { foldedRow } from '../../../fleet-client/service-row.ts';
import type { Language } from '../../shared/i18n.ts';
import type { Robot } from './robot.ts';

export type Matcher =
  | { readonly ok: true; readonly matches: (robot: Robot) => boolean }
  | { readonly ok: false; readonly why: string };

const PREPARED_AT_ONCE = 100;

/** Keeps the rows that it has folded: a query runs on each robot at each key that is pressed. */
export class Insight {
  private readonly rows = new WeakMap<Robot, RobotRow>();

  /** Words fit names, ids, schools and states; what has an operator is a query (query.ts). */
  matcher(text: string, nowMs: number, language: Language): Matcher {
    if (!/[:=<>!()]/.test(text)) return { ok: true, matches: wordMatcher(text) };
    const parsed = parseQuery(text, language);
    if (!parsed.ok) return { ok: false, why: parsed.why };
    const fits = compileQuery(parsed.value);
    return { ok: true, matches: (robot) => fits(this.rowOf(robot), nowMs) };
  }

  /** One sentence; undefined: it is on. `all`: the robots of its school are among them. */
  whyOff(
    robot: Robot,
    all: Iterable<Robot>,
    nowMs: number,
    language: Language,
  ): string | undefined {
    const school = [...all]
      .filter((other) => other.school === robot.school)
      .map((other) => this.rowOf(other));
    const diagnosis = whyOff(this.rowOf(robot), school, nowMs);
    return diagnosis && tellDiagnosis(diagnosis, { language, nowMs });
  }

  /** Folds rows a few at a time, so that the first query of a large fleet waits for none. */
  prepare(robots: readonly Robot[], clock: Pick<Clock, 'after'>): void {
    const next = (from: number): void => {
      for (const robot of robots.slice(from, from + PREPARED_AT_ONCE)) this.rowOf(robot);
      if (from < robots.length) clock.after(0, () => next(from + PREPARED_AT_ONCE));
    };
    next(0);
  }

  private rowOf(robot: Robot): RobotRow {
    const known = this.rows.get(robot);
    if (known) return known;
    const row = foldedRow(robot.row);
    this.rows.set(robot, row);
    return row;
  }
}

function wordMatcher(text: string): (robot: Robot) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ id, name, school, state }) =>
    words.every((word) =>
      [id, name?.toLowerCase(), school, state].some((one) => one?.includes(word)),
    );
}
