/** What the routes share: their parts, the roles, pages, and what a person may see. */
import { z } from 'zod';
import { RobotId } from '../../../agent/wire/topics.ts';
import type { FleetLog } from '../audit/fleet-log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Access, type Person, sees } from './access.ts';
import type { OrderParts } from './orders.ts';
import { Problem } from './problem.ts';
import { type FleetView, type Row, teacherRow } from './view.ts';

export interface RouteParts extends OrderParts {
  readonly access: Access;
  readonly log: FleetLog;
  readonly metrics: Metrics;
  readonly view: FleetView;
  readonly openApi: () => object;
  readonly health: () => Promise<{ readonly store: boolean; readonly broker: boolean }>;
  /** Calls with a robot's id when what it says has changed; returns how to stop. */
  readonly onChange: (listener: (robot: string) => void) => () => void;
}

export const EVERYBODY = ['root', 'central', 'support', 'coordinator', 'teacher'] as const;
export const STAFF = ['root', 'central', 'support', 'coordinator'] as const;
export const SCHOOL = ['root', 'central', 'coordinator'] as const;
export const CENTRAL = ['root', 'central'] as const;

export const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const cursor = z.string().max(500).optional();
export const Page = z.object({ limit, cursor });
export const robotParams = z.object({ robot: RobotId });

export function known(person: Person | undefined): Person {
  if (!person) throw new Problem('badToken');
  return person;
}

export const shown = (row: Row, person: Person | undefined): object =>
  person?.role === 'teacher' ? teacherRow(row) : row;

export async function visibleRows(
  { store, view, wall }: RouteParts,
  person?: Person,
): Promise<Row[]> {
  const who = known(person);
  const facts = await store.robots.facts();
  const now = wall();
  return facts.filter(({ id, school }) => sees(who, id, school)).map((one) => view.row(one, now));
}

/** Undefined: all of them. */
export async function visibleIds(
  { store }: RouteParts,
  person?: Person,
): Promise<string[] | undefined> {
  const who = known(person);
  if (who.scopes.every(({ kind }) => kind === 'fleet')) return undefined;
  const robots = await store.robots.list();
  return robots.filter(({ id, school }) => sees(who, id, school)).map(({ id }) => id);
}

/** A robot that is not theirs is not there: who asks learns nothing of other schools. */
export async function visibleRobot(
  { store }: RouteParts,
  person: Person | undefined,
  robot: string,
) {
  const found = await store.robots.get(robot);
  if (!found || !sees(known(person), robot, found.school)) throw new Problem('notFound');
}
