/** Orders and what became of them. */
import { z } from 'zod';
import { OrderStatus, PostedOrder, pageOf } from '../../../agent/wire/fleet-api.ts';
import { DocumentId } from '../../../agent/wire/grant.ts';
import { SignedOrder } from '../../../agent/wire/order.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { postOrder } from './orders.ts';
import { Problem } from './problem.ts';
import { type Route, readCursor, route, writeCursor } from './route.ts';
import {
  EVERYBODY,
  known,
  Page,
  type RouteParts,
  robotParams,
  STAFF,
  visibleIds,
  visibleRobot,
} from './shared.ts';

export function orderRoutes(parts: RouteParts): Route[] {
  const { store } = parts;
  return [
    route({
      ...{ method: 'POST', path: '/v1/orders', roles: EVERYBODY },
      summary: 'A signed order: stored, and sent until the robot answers or it expires',
      body: z.strictObject({ robot: RobotId, signed: SignedOrder }),
      answer: PostedOrder,
      handle: async ({ person, body }) => ({
        ...{ json: await postOrder(parts, known(person), body), status: 202 },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/v1/orders', summary: 'Orders, newest first', roles: STAFF },
      ...{ query: Page, answer: pageOf(OrderStatus) },
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
      ...{ method: 'GET', path: '/v1/orders/:robot/:order', roles: EVERYBODY, answer: OrderStatus },
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
