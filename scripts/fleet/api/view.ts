/** How stored facts become a row of the table, and which rows a query names. */
import { z } from 'zod';
import { Alert, alertsOf } from '../../../agent/fleet-client/alerts.ts';
import { parseQuery } from '../../../agent/fleet-client/query-parser.ts';
import { compileQuery } from '../../../agent/fleet-client/query-predicate.ts';
import { foldedRow } from '../../../agent/fleet-client/service-row.ts';
import { Identity } from '../../../agent/wire/order.ts';
import { jsonOf } from '../../../hal/common/json.ts';
import type { NewAlert } from '../store/alert-table.ts';
import type { RobotFacts } from '../store/robot-table.ts';

export type Row = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly school: string | null;
};

export type Matcher =
  | { readonly ok: true; readonly matches: (row: Row, nowMs: number) => boolean }
  | { readonly ok: false; readonly why: string };

/** Made of the query language, rows and alerts that page and command use too. */
export interface FleetView {
  row(facts: RobotFacts, nowMs: number): Row;
  matcher(query: string): Matcher;
  /** The open alerts from now on. `open`: those until now; their bodies are of this view. */
  alerts(
    facts: readonly RobotFacts[],
    open: readonly NewAlert[],
    nowMs: number,
  ): readonly NewAlert[];
}

const StoredIdentity = z.looseObject({ token: z.string(), signer: z.string(), payload: Identity });

/** Facts as they came, beside what they amount to. An identity is shown once the robot's own key signed it. */
export const fleetView: FleetView = {
  row: ({ latest, lastUsed, ...robot }) => {
    const identity = StoredIdentity.safeParse(jsonOf(latest.identity?.body ?? '')).data;
    const proven = identity !== undefined && identity.signer === robot.robotKey;
    return {
      ...{ ...robot, lastUsedMs: lastUsed },
      state: jsonOf(latest.state?.body ?? '') ?? null,
      telemetry: jsonOf(latest.telemetry?.body ?? '') ?? null,
      reported: jsonOf(latest.reported?.body ?? '') ?? null,
      identity: proven ? identity.token : null,
    };
  },
  matcher: (query) => {
    if (query === '') return { ok: true, matches: () => true };
    const parsed = parseQuery(query);
    if (!parsed.ok) return { ok: false, why: `${parsed.why} (at character ${parsed.at + 1})` };
    const fits = compileQuery(parsed.value);
    return { ok: true, matches: (row, nowMs) => fits(foldedRow(row), nowMs) };
  },
  alerts: (facts, open, nowMs) => {
    const rows = facts.map((one) => foldedRow(fleetView.row(one, nowMs)));
    const before = open.flatMap(({ body }) => Alert.safeParse(jsonOf(body)).data ?? []);
    return alertsOf(rows, before, nowMs).map((alert) => ({
      ...{ robot: alert.robot, kind: alert.id.slice(alert.robot.length + 1) },
      body: JSON.stringify(alert),
    }));
  },
};

/** What a teacher needs to see: where a robot is, and whether it is there. */
export function teacherRow({ id, school, name, robotKey, state }: Row): object {
  const said = z.looseObject({ state: z.string() }).safeParse(state).data;
  return {
    ...{ id, school, name: name ?? null, state: said ? { state: said.state } : null },
    // With it a teacher verifies the robot's answers.
    ...(robotKey !== undefined && { robotKey }),
  };
}
