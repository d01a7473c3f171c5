/** How stored facts become a row of the table, and which rows a query names. */
import { z } from 'zod';
import { Identity } from '../../../agent/wire/order.ts';
import { jsonOf } from '../../../hal/common/json.ts';
import type { NewAlert } from '../store/alert-table.ts';
import type { RobotFacts } from '../store/robot-table.ts';

export type Row = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly school: string | null;
};

export type Matcher =
  | { readonly ok: true; readonly matches: (row: Row) => boolean }
  | { readonly ok: false; readonly why: string };

/** Made of the query language, rows and alerts that page and command use too. */
export interface FleetView {
  row(facts: RobotFacts, nowMs: number): Row;
  matcher(query: string): Matcher;
  alerts(row: Row, nowMs: number): readonly NewAlert[];
}

const StoredIdentity = z.looseObject({ token: z.string(), signer: z.string(), payload: Identity });

/** Facts as they are. An identity is shown once the robot's own key signed it. */
export const plainView: FleetView = {
  row: ({ latest, ...robot }) => {
    const identity = StoredIdentity.safeParse(jsonOf(latest.identity?.body ?? '')).data;
    const proven = identity !== undefined && identity.signer === robot.robotKey;
    return {
      ...robot,
      state: jsonOf(latest.state?.body ?? '') ?? null,
      telemetry: jsonOf(latest.telemetry?.body ?? '') ?? null,
      reported: jsonOf(latest.reported?.body ?? '') ?? null,
      identity: proven ? identity.token : null,
    };
  },
  matcher: (query) =>
    query === ''
      ? { ok: true, matches: () => true }
      : { ok: false, why: 'this service has no query language' },
  alerts: () => [],
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
