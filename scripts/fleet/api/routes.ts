/** The table of routes: what each role may reach. What is not here is refused. */
import { z } from 'zod';
import { DocumentId } from '../../../agent/wire/grant.ts';
import { LoginRequest } from '../../../agent/wire/login.ts';
import { SignedOrder } from '../../../agent/wire/order.ts';
import { PlaceId, RobotId } from '../../../agent/wire/topics.ts';
import type { FleetLog } from '../audit/fleet-log.ts';
import type { Metrics } from '../metrics.ts';
import type { StoredRecord } from '../store/intake-table.ts';
import { type Access, type Person, sees } from './access.ts';
import { type OrderParts, postOrder } from './orders.ts';
import { Problem } from './problem.ts';
import { parseRobotsCsv } from './robots-csv.ts';
import { type Route, readCursor, route, type SendEvent, writeCursor } from './route.ts';
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

const EVERYBODY = ['root', 'central', 'support', 'coordinator', 'teacher'] as const;
const STAFF = ['root', 'central', 'support', 'coordinator'] as const;
const SCHOOL = ['root', 'central', 'coordinator'] as const;
const CENTRAL = ['root', 'central'] as const;

const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const cursor = z.string().max(500).optional();
const Page = z.object({ limit, cursor });
const robotParams = z.object({ robot: RobotId });
const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
const LooseRow = z.looseObject({ id: RobotId, school: PlaceId.nullable() });
const Ms = z.number();

export function routesOf(parts: RouteParts): readonly Route[] {
  return [
    ...publicRoutes(parts),
    ...robotRoutes(parts),
    ...orderRoutes(parts),
    ...recordRoutes(parts),
    ...alertRoutes(parts),
    ...adminRoutes(parts),
  ];
}

function publicRoutes({ access, health, metrics, openApi }: RouteParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/health', summary: 'Whether the service works', roles: 'public' },
      answer: z.object({ store: z.boolean(), broker: z.boolean() }),
      handle: async () => {
        const now = await health();
        return { json: now, status: now.store ? 200 : 503 };
      },
    }),
    route({
      ...{ method: 'GET', path: '/metrics', summary: 'Figures for Prometheus', roles: 'metrics' },
      answer: 'text',
      handle: async () => ({ text: await metrics.text(), type: metrics.registry.contentType }),
    }),
    route({
      ...{ method: 'GET', path: '/openapi.json', summary: 'This document', roles: 'public' },
      answer: z.looseObject({}),
      handle: async () => ({ json: openApi() }),
    }),
    route({
      ...{ method: 'POST', path: '/v1/login/challenge', roles: 'public' },
      summary: 'A challenge to sign: good for one login within two minutes',
      answer: z.object({ nonce: z.string(), expires: Ms }),
      handle: async () => ({ json: await access.challenge() }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/v1/login',
        summary: 'A bearer token for hours',
        roles: 'public',
      },
      body: LoginRequest,
      answer: z.object({ token: z.string(), expires: Ms, role: z.string() }),
      handle: async ({ body }) => ({ json: await access.login(body) }),
    }),
  ];
}

function robotRoutes(parts: RouteParts): Route[] {
  const { store, view } = parts;
  return [
    route({
      ...{ method: 'GET', path: '/v1/robots', summary: 'Robots, by id', roles: EVERYBODY },
      query: Page.extend({ query: z.string().max(500).default('') }),
      answer: pageOf(LooseRow),
      handle: async ({ person, query }) => {
        const matcher = view.matcher(query.query);
        if (!matcher.ok)
          throw new Problem('badRequest', undefined, [{ field: 'query', message: matcher.why }]);
        const after = readCursor(z.tuple([RobotId]), query.cursor)?.[0] ?? '';
        const rows = (await visibleRows(parts, person)).filter(
          (row) => row.id > after && matcher.matches(row),
        );
        const page = rows.slice(0, query.limit);
        const last = rows.length > page.length ? page.at(-1) : undefined;
        const next = last ? writeCursor([last.id]) : null;
        return { json: { items: page.map((row) => shown(row, person)), next } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/robots/:robot', summary: 'One robot', roles: EVERYBODY },
      ...{ params: robotParams, answer: LooseRow },
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
      answer: pageOf(z.object({ kind: z.string(), what: z.string(), at: Ms, said: z.unknown() })),
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

function orderRoutes(parts: RouteParts): Route[] {
  const { store } = parts;
  const Status = z.looseObject({ robot: RobotId, id: DocumentId, outcome: z.string().nullable() });
  return [
    route({
      ...{ method: 'POST', path: '/v1/orders', roles: EVERYBODY },
      summary: 'A signed order: stored, and sent until the robot answers or it expires',
      body: z.strictObject({ robot: RobotId, signed: SignedOrder }),
      answer: z.object({ robot: RobotId, order: DocumentId }),
      handle: async ({ person, body }) => ({
        ...{ json: await postOrder(parts, known(person), body), status: 202 },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/v1/orders', summary: 'Orders, newest first', roles: STAFF },
      ...{ query: Page, answer: pageOf(Status) },
      handle: async ({ person, query }) => {
        const found = readCursor(z.tuple([z.number(), RobotId, DocumentId]), query.cursor);
        const after = found && { created: found[0], robot: found[1], id: found[2] };
        const robots = await visibleIds(parts, person);
        const list = await store.orders.list({
          ...{ limit: query.limit },
          ...(robots && { robots }),
          ...(after && { after }),
        });
        const last = list.length === query.limit ? list.at(-1) : undefined;
        const next = last ? writeCursor([last.created, last.robot, last.id]) : null;
        return { json: { items: list.map(({ body: _, ...order }) => order), next } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/orders/:robot/:order', roles: EVERYBODY, answer: Status },
      ...{
        summary: 'An order with its receipt',
        params: robotParams.extend({ order: DocumentId }),
      },
      handle: async ({ person, params: { robot, order } }) => {
        await visibleRobot(parts, person, robot);
        const found = await store.orders.get(robot, order);
        if (!found || (person?.role === 'teacher' && found.signer !== person.key))
          throw new Problem('notFound');
        const { body: _, ...status } = found;
        return { json: status };
      },
    }),
  ];
}

function recordRoutes(parts: RouteParts): Route[] {
  const { store } = parts;
  const Window = Page.extend({
    from: z.coerce.number().min(0).optional(),
    until: z.coerce.number().min(0).optional(),
  });
  return [
    route({
      ...{ method: 'GET', path: '/v1/usage', summary: 'Usage records, by start', roles: SCHOOL },
      ...{ query: Window, answer: pageOf(z.looseObject({ id: DocumentId, robot: RobotId })) },
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
      answer: z.object({ items: z.array(z.object({ robot: RobotId, timetable: z.string() })) }),
      handle: async ({ person }) => ({
        json: { items: await store.orders.plans(await visibleIds(parts, person)) },
      }),
    }),
  ];
}

function alertRoutes(parts: RouteParts): Route[] {
  const { store, log } = parts;
  return [
    route({
      ...{ method: 'GET', path: '/v1/alerts', summary: 'Alerts, newest first', roles: STAFF },
      query: z.object({ limit, open: z.stringbool().default(true) }),
      answer: z.object({ items: z.array(z.looseObject({ robot: RobotId, kind: z.string() })) }),
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

function adminRoutes(parts: RouteParts): Route[] {
  const { store, log, keys } = parts;
  const School = z.strictObject({
    name: z.string().min(1).max(80),
    latitude: z.number().min(-90).max(90).nullable().default(null),
    longitude: z.number().min(-180).max(180).nullable().default(null),
  });
  return [
    route({
      ...{ method: 'POST', path: '/v1/robots/import', roles: CENTRAL, body: 'csv' },
      ...{ summary: 'Robots as CSV: id, school, name, robotKey; all rows or none' },
      answer: z.object({ robots: z.int() }),
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
      answer: z.object({ items: z.array(School.extend({ id: PlaceId })) }),
      handle: async ({ person }) => {
        const rows = await visibleRows(parts, person);
        const mine = new Set(rows.map(({ school }) => school));
        const all = await store.robots.schools();
        return { json: { items: all.filter(({ id }) => mine.has(id)) } };
      },
    }),
    route({
      ...{ method: 'PUT', path: '/v1/schools/:school', summary: 'Name and place', roles: CENTRAL },
      ...{ params: z.object({ school: PlaceId }), body: School, answer: z.object({}) },
      handle: async ({ params, body }) => {
        await store.robots.putSchool({ id: params.school, ...body });
        return { json: {} };
      },
    }),
    route({
      ...{ method: 'GET', path: '/v1/people', summary: 'Who has logged in', roles: CENTRAL },
      answer: z.object({ items: z.array(z.looseObject({ signer: z.string() })) }),
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

function known(person: Person | undefined): Person {
  if (!person) throw new Problem('badToken');
  return person;
}

const shown = (row: Row, person: Person | undefined): object =>
  person?.role === 'teacher' ? teacherRow(row) : row;

async function visibleRows({ store, view, wall }: RouteParts, person?: Person): Promise<Row[]> {
  const who = known(person);
  const facts = await store.robots.facts();
  const now = wall();
  return facts.filter(({ id, school }) => sees(who, id, school)).map((one) => view.row(one, now));
}

/** Undefined: all of them. */
async function visibleIds({ store }: RouteParts, person?: Person): Promise<string[] | undefined> {
  const who = known(person);
  if (who.scopes.every(({ kind }) => kind === 'fleet')) return undefined;
  const robots = await store.robots.list();
  return robots.filter(({ id, school }) => sees(who, id, school)).map(({ id }) => id);
}

/** A robot that is not theirs is not there: who asks learns nothing of other schools. */
async function visibleRobot({ store }: RouteParts, person: Person | undefined, robot: string) {
  const found = await store.robots.get(robot);
  if (!found || !sees(known(person), robot, found.school)) throw new Problem('notFound');
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
