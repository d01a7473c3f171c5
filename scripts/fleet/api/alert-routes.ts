/** Alerts, and who sees to them. */
import { z } from 'zod';
import { ApiAlert } from '../../../agent/wire/fleet-api.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { Problem } from './problem.ts';
import { type Route, route } from './route.ts';
import { known, limit, type RouteParts, STAFF, visibleIds, visibleRobot } from './shared.ts';

export function alertRoutes(parts: RouteParts): Route[] {
  const { store, log } = parts;
  return [
    route({
      ...{ method: 'GET', path: '/v1/alerts', summary: 'Alerts, newest first', roles: STAFF },
      query: z.object({ limit, open: z.stringbool().default(true) }),
      answer: z.object({ items: z.array(ApiAlert) }),
      handle: async ({ person, query }) => {
        const robots = await visibleIds(parts, person);
        const items = await store.alerts.list({ ...query, ...(robots && { robots }) });
        return {
          json: { items: items.map(({ body, ...one }) => ({ ...one, facts: JSON.parse(body) })) },
        };
      },
    }),
    route({
      ...{ method: 'POST', path: '/v1/alerts/acknowledge', roles: STAFF },
      summary: 'Somebody sees to it',
      body: z.strictObject({
        ...{ robot: RobotId, kind: z.string().max(40), since: z.int().nonnegative() },
        note: z.string().max(300).optional(),
      }),
      answer: z.object({}),
      handle: async ({ person, body }) => {
        await visibleRobot(parts, person, body.robot);
        const { key, role } = known(person);
        const by = { key, note: body.note ?? null, at: parts.wall() };
        if (!(await store.alerts.acknowledge(body, by))) throw new Problem('notFound');
        const facts = { robot: body.robot, alert: body.kind };
        await log.note({ what: 'acknowledged', by: key, role, outcome: 'done', facts });
        return { json: {} };
      },
    }),
  ];
}
