/** Robots: rows, history, and rows as they change. */
import { z } from 'zod';
import { ApiRobot, HistoryItem, pageOf } from '../../../agent/wire/fleet-api.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { type Person, sees } from './access.ts';
import { Problem } from './problem.ts';
import { type Route, readCursor, route, type SendEvent, writeCursor } from './route.ts';
import {
  EVERYBODY,
  known,
  Page,
  type RouteParts,
  robotParams,
  STAFF,
  shown,
  visibleRobot,
  visibleRows,
} from './shared.ts';
import type { Row } from './view.ts';

export function robotRoutes(parts: RouteParts): Route[] {
  const { store, view } = parts;
  return [
    route({
      ...{ method: 'GET', path: '/v1/robots', summary: 'Robots, by id', roles: EVERYBODY },
      query: Page.extend({ query: z.string().max(500).default('') }),
      answer: pageOf(ApiRobot),
      handle: async ({ person, query }) => {
        const matcher = view.matcher(query.query);
        if (!matcher.ok)
          throw new Problem('badRequest', undefined, [{ field: 'query', message: matcher.why }]);
        const after = readCursor(z.tuple([RobotId]), query.cursor)?.[0] ?? '';
        const rows =
          query.query === ''
            ? await nextRows(parts, person, { after, limit: query.limit + 1 })
            : (await visibleRows(parts, person)).filter(
                (row) => row.id > after && matcher.matches(row, parts.wall()),
              );
        const page = rows.slice(0, query.limit);
        const last = rows.length > page.length ? page.at(-1) : undefined;
        const next = last ? writeCursor([last.id]) : null;
        return { json: { items: page.map((row) => shown(row, person)), next } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/robots/:robot', summary: 'One robot', roles: EVERYBODY },
      ...{ params: robotParams, answer: ApiRobot },
      handle: async ({ person, params }) => {
        await visibleRobot(parts, person, params.robot);
        const [facts] = await store.robots.facts([params.robot]);
        if (!facts) throw new Problem('notFound');
        return { json: shown(view.row(facts, parts.wall()), person) };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/robots/:robot/history', roles: STAFF },
      ...{ summary: 'State changes and hourly measurements, newest first', params: robotParams },
      query: Page,
      answer: pageOf(HistoryItem),
      handle: async ({ person, params: { robot }, query }) => {
        await visibleRobot(parts, person, robot);
        const before = readCursor(z.tuple([z.number()]), query.cursor)?.[0];
        const found = await store.intake.history(robot, {
          ...{ limit: query.limit },
          ...(before !== undefined && { before }),
        });
        const items = found.map(({ kind, what, at, body }) => ({
          ...{ kind, what, at, said: JSON.parse(body) },
        }));
        const last = items.length === query.limit ? items.at(-1) : undefined;
        return { json: { items, next: last ? writeCursor([last.at]) : null } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/events', roles: EVERYBODY, answer: 'events' },
      summary: 'Server-sent events: `robot` with a row that changed, `gone` with an id',
      handle: async ({ person }) => ({ events: (send) => liveRows(parts, person, send) }),
    }),
  ];
}

/** A page of a large fleet costs what is on it: ten pages are not ten fleets. */
async function nextRows(
  { store, view, wall }: RouteParts,
  person: Person | undefined,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Row[]> {
  const who = known(person);
  const ids = (await store.robots.list())
    .filter(({ id, school }) => id > after && sees(who, id, school))
    .slice(0, limit)
    .map(({ id }) => id);
  const now = wall();
  return (await store.robots.facts(ids)).map((one) => view.row(one, now));
}

/** Rows as they change; several changes while one is read are one. */
function liveRows(parts: RouteParts, person: Person | undefined, send: SendEvent): () => void {
  const changed = new Set<string>();
  let reading = false;
  const read = async (): Promise<void> => {
    while (changed.size > 0) {
      const ids = [...changed].slice(0, 200);
      for (const id of ids) changed.delete(id);
      for (const facts of await parts.store.robots.facts(ids))
        if (sees(known(person), facts.id, facts.school))
          send('robot', shown(parts.view.row(facts, parts.wall()), person));
    }
  };
  return parts.onChange((robot) => {
    changed.add(robot);
    if (reading) return;
    reading = true;
    // What cannot be read now is told with the robot's next change.
    void read()
      .catch(() => changed.clear())
      .finally(() => {
        reading = false;
      });
  });
}
