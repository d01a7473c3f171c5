/** Import, schools, people, the fleet log. */
import { z } from 'zod';
import { ApiPerson, ApiSchool, Imported, SchoolPlace } from '../../../agent/wire/fleet-api.ts';
import { PlaceId } from '../../../agent/wire/topics.ts';
import { Problem } from './problem.ts';
import { parseRobotsCsv } from './robots-csv.ts';
import { type Route, route } from './route.ts';
import { CENTRAL, EVERYBODY, known, type RouteParts, visibleRows } from './shared.ts';

export function adminRoutes(parts: RouteParts): Route[] {
  const { store, log, keys } = parts;
  return [
    route({
      ...{ method: 'POST', path: '/v1/robots/import', roles: CENTRAL, body: 'csv' },
      ...{ summary: 'Robots as CSV: id, school, name, robotKey; all rows or none' },
      answer: Imported,
      handle: async ({ person, body }) => {
        const parsed = parseRobotsCsv(typeof body === 'string' ? body : '');
        if (!parsed.ok) throw new Problem('unprocessable', undefined, parsed.errors);
        const { key, role } = known(person);
        const count = parsed.robots.length;
        await log.note({
          what: 'import',
          by: key,
          role,
          outcome: 'done',
          facts: { robots: count },
        });
        await store.robots.put(parsed.robots, parts.wall());
        keys.forget();
        return { json: { robots: count } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/schools', summary: 'Schools with robots', roles: EVERYBODY },
      answer: z.object({ items: z.array(ApiSchool) }),
      handle: async ({ person }) => {
        const rows = await visibleRows(parts, person);
        const mine = new Set(rows.map(({ school }) => school));
        const all = await store.robots.schools();
        return { json: { items: all.filter(({ id }) => mine.has(id)) } };
      },
    }),
    route({
      ...{ method: 'PUT', path: '/v1/schools/:school', summary: 'Name and place', roles: CENTRAL },
      ...{ params: z.object({ school: PlaceId }), body: SchoolPlace, answer: z.object({}) },
      handle: async ({ params, body }) => {
        await store.robots.putSchool({ id: params.school, ...body });
        return { json: {} };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/people', summary: 'Who has logged in', roles: CENTRAL },
      answer: z.object({ items: z.array(ApiPerson) }),
      handle: async () => ({
        json: { items: (await store.access.people()).map(({ chain: _, ...one }) => one) },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/v1/audit', roles: CENTRAL, answer: 'text' },
      ...{ summary: "The fleet's own audit log, a token a line, to verify off-line" },
      handle: async () => ({ text: log.text(), type: 'text/plain; charset=utf-8' }),
    }),
    route({
      ...{ method: 'POST', path: '/v1/logout', summary: 'Ends the token', roles: EVERYBODY },
      answer: z.object({}),
      handle: async ({ person }) => {
        await store.access.dropToken(known(person).tokenHash);
        return { json: {} };
      },
    }),
  ];
}
