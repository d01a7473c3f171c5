/** Usage, audit logs of robots, timetables. */
import { z } from 'zod';
import { ApiPlan, ApiUsage, pageOf } from '../../../agent/wire/fleet-api.ts';
import { DocumentId } from '../../../agent/wire/grant.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import type { StoredRecord } from '../store/intake-table.ts';
import { type Route, readCursor, route, writeCursor } from './route.ts';
import {
  EVERYBODY,
  Page,
  type RouteParts,
  robotParams,
  SCHOOL,
  STAFF,
  visibleIds,
  visibleRobot,
} from './shared.ts';

export function recordRoutes(parts: RouteParts): Route[] {
  const { store } = parts;
  const Window = Page.extend({
    from: z.coerce.number().min(0).optional(),
    until: z.coerce.number().min(0).optional(),
  });
  return [
    route({
      ...{ method: 'GET', path: '/v1/usage', summary: 'Usage records, by start', roles: SCHOOL },
      ...{ query: Window, answer: pageOf(ApiUsage) },
      handle: async ({ person, query }) => {
        const found = readCursor(z.tuple([z.number(), RobotId, DocumentId]), query.cursor);
        const robots = await visibleIds(parts, person);
        const records = await store.intake.records({
          ...{ kind: 'usage', limit: query.limit },
          ...(robots && { robots }),
          ...(query.from !== undefined && { from: query.from }),
          ...(query.until !== undefined && { until: query.until }),
          ...(found && { after: { at: found[0], robot: found[1], id: found[2] } }),
        });
        const last = records.length === query.limit ? records.at(-1) : undefined;
        const next = last ? writeCursor([last.at, last.robot, last.id]) : null;
        return { json: { items: records.map(({ body }) => JSON.parse(body)), next } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/robots/:robot/audit', params: robotParams, roles: STAFF },
      ...{ summary: "The robot's audit log, a token a line, to verify off-line", answer: 'text' },
      handle: async ({ person, params: { robot } }) => {
        await visibleRobot(parts, person, robot);
        return { text: auditText(parts, robot), type: 'text/plain; charset=utf-8' };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/plans', summary: 'Timetables in force', roles: EVERYBODY },
      answer: z.object({ items: z.array(ApiPlan) }),
      handle: async ({ person }) => ({
        json: { items: await store.orders.plans(await visibleIds(parts, person)) },
      }),
    }),
  ];
}

async function* auditText({ store }: RouteParts, robot: string): AsyncGenerator<string> {
  let after: StoredRecord | undefined;
  do {
    const page = await store.intake.records({
      ...{ kind: 'audit', robots: [robot], limit: 500 },
      ...(after && { after }),
    });
    yield page.map(({ body }) => `${JSON.parse(body).entry}\n`).join('');
    after = page.at(-1);
  } while (after);
}
