/** What the page understands of rows beyond showing them: queries, and why a robot is off. */
import type { Clock } from '../../../../hal/ports/clock.ts';
import { whyOff } from '../../../fleet-client/diagnosis.ts';
import { tellDiagnosis } from '../../../fleet-client/diagnosis-words.ts';
import { parseQuery } from '../../../fleet-client/query-parser.ts';
import { compileQuery } from '../../../fleet-client/query-predicate.ts';
import { RobotRow } from '../../../fleet-client/robot-row.ts';
import { newRow, withReported, withState, withTelemetry } from '../../../fleet-client/row-folds.ts';
import { StateMessage, Telemetry } from '../../../wire/fleet.ts';
import { Reported } from '../../../wire/settings.ts';
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
    const row = rowOf(robot);
    this.rows.set(robot, row);
    return row;
  }
}

/** As the service has folded it, else of what the robot said last. */
function rowOf({ id, name, school, seenMs, row }: Robot): RobotRow {
  const { own, lostMs, measured, state, telemetry, reported } = row;
  const isFolded = own !== undefined || measured !== undefined || lostMs !== undefined;
  const folded = isFolded ? RobotRow.safeParse(row).data : undefined;
  if (folded) return folded;
  const known = { ...(name !== undefined && { name }), ...(school !== undefined && { school }) };
  let made = newRow(id, known);
  const receivedMs = seenMs ?? 0;
  const said = StateMessage.safeParse(state).data;
  const measuring = Telemetry.safeParse(telemetry).data;
  const settings = Reported.safeParse(reported).data;
  if (measuring) made = withTelemetry(made, measuring, { receivedMs });
  if (settings) made = withReported(made, settings, { receivedMs });
  if (said) made = withState(made, said, { receivedMs });
  return made;
}

function wordMatcher(text: string): (robot: Robot) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ id, name, school, state }) =>
    words.every((word) =>
      [id, name?.toLowerCase(), school, state].some((one) => one?.includes(word)),
    );
}
