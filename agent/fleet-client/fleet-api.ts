/**
 * The fleet service as the page and the command use it: one method a question, answers checked
 * against the schemas that the service shares. All methods reject with FleetProblem.
 */
import { z } from 'zod';
import type { UsageRecord } from '../wire/fleet.ts';
import {
  type AlertKey,
  ApiAlert,
  ApiPerson,
  ApiPlan,
  ApiRobot,
  ApiSchool,
  ApiUsage,
  HistoryItem,
  Imported,
  OrderStatus,
  pageOf,
  type Session,
} from '../wire/fleet-api.ts';
import type { Action, Identity } from '../wire/order.ts';
import { FleetHttp, type FleetHttpParts } from './fleet-http.ts';
import { FleetProblem } from './fleet-problem.ts';
import { type LiveEvent, liveRobots } from './live-robots.ts';
import { OrderSigner, readIdentity } from './person.ts';
import {
  type OrderOutcome,
  orderOutcome,
  orderStatus,
  type SentOrder,
  sendOrder,
} from './sent-order.ts';

export interface FleetApiParts extends FleetHttpParts {
  /** 32 random hex digits. */
  readonly newId: () => string;
}

interface Stoppable {
  readonly signal?: AbortSignal | undefined;
}

const PAGE = 1_000;
const Nothing = z.looseObject({});

export class FleetApi {
  private readonly http: FleetHttp;
  private readonly signer: OrderSigner;

  constructor({ newId, ...parts }: FleetApiParts) {
    this.http = new FleetHttp(parts);
    const nowMs = (): number => parts.time.wall();
    this.signer = new OrderSigner({ person: parts.person, nowMs, newId });
  }

  /** Not needed before other calls: they log in by themselves. */
  login(): Promise<Session> {
    return this.http.login();
  }

  /** Ends the token at the service. */
  logout(): Promise<void> {
    return this.http.logout();
  }

  /** All that match, by id. `query`: the query language of query.ts. */
  robots(query = '', { signal }: Stoppable = {}): Promise<ApiRobot[]> {
    return this.all(ApiRobot, { path: '/v1/robots', query: { query }, signal });
  }

  robot(id: string): Promise<ApiRobot> {
    return this.http.json(ApiRobot, { path: `/v1/robots/${id}` });
  }

  /** Newest first, `most` at most. */
  history(robot: string, most = 100): Promise<HistoryItem[]> {
    return this.all(HistoryItem, { path: `/v1/robots/${robot}/history` }, most);
  }

  /** Rows as they change, until `signal` aborts. */
  live(signal: AbortSignal): AsyncGenerator<LiveEvent> {
    return liveRobots(this.http, signal);
  }

  /** Signs an order and posts it. `validS`: how long the robot may take, seconds. */
  order(robot: string, action: Action, validS?: number): Promise<SentOrder> {
    return sendOrder({ http: this.http, signer: this.signer }, robot, action, validS);
  }

  /** What the service knows of an order; whether the robot said so is in its receipt. */
  orderStatus(sent: Pick<SentOrder, 'robot' | 'order'>): Promise<OrderStatus> {
    return orderStatus(this.http, sent);
  }

  /** The robot's own answer; `waiting` after `forMs` without one. */
  outcome(
    sent: Pick<SentOrder, 'robot' | 'order'>,
    { forMs, signal }: Stoppable & { readonly forMs: number },
  ): Promise<OrderOutcome> {
    const robotKeys = async (): Promise<string[]> => {
      const { robotKey } = await this.robot(sent.robot);
      return robotKey ? [robotKey] : [];
    };
    return orderOutcome({ http: this.http, robotKeys, forMs, signal }, sent);
  }

  /** Newest first. */
  orders(most = 100): Promise<OrderStatus[]> {
    return this.all(OrderStatus, { path: '/v1/orders' }, most);
  }

  /** Who the robot says it is, by its own signature: for what only it may read. */
  async identity(robot: string): Promise<Identity> {
    const { robotKey, identity } = await this.robot(robot);
    if (!identity || !robotKey)
      throw new FleetProblem('notFound', `${robot} has not said yet who it is`);
    const read = await readIdentity(identity, robotKey);
    if (read?.robot === robot) return read;
    throw new FleetProblem('notProven', `what the service shows is not signed by ${robot}`);
  }

  /** A token a line, for `verifyAuditText`. */
  auditText(robot: string): Promise<string> {
    return this.http.text({ path: `/v1/robots/${robot}/audit` });
  }

  /** The log of the fleet service itself. */
  fleetAuditText(): Promise<string> {
    return this.http.text({ path: '/v1/audit' });
  }

  /** Newest first; `open`: only those that still hold. */
  async alerts({ open = true, most = 1_000 } = {}): Promise<ApiAlert[]> {
    const schema = z.object({ items: z.array(ApiAlert) });
    const query = { open, limit: most };
    return (await this.http.json(schema, { path: '/v1/alerts', query })).items;
  }

  async acknowledge({ robot, kind, since }: AlertKey, note?: string): Promise<void> {
    const body = { robot, kind, since, ...(note !== undefined && { note }) };
    await this.http.json(Nothing, { method: 'POST', path: '/v1/alerts/acknowledge', body });
  }

  /** By start. `from` and `until`: milliseconds since 1970, the end not included. */
  usage(
    { from, until }: { readonly from?: number; readonly until?: number } = {},
    { signal }: Stoppable = {},
  ): Promise<UsageRecord[]> {
    return this.all(ApiUsage, { path: '/v1/usage', query: { from, until }, signal });
  }

  /** Timetables in force. */
  plans(): Promise<ApiPlan[]> {
    return this.items(ApiPlan, '/v1/plans');
  }

  schools(): Promise<ApiSchool[]> {
    return this.items(ApiSchool, '/v1/schools');
  }

  async putSchool({ id, ...place }: ApiSchool): Promise<void> {
    await this.http.json(Nothing, { method: 'PUT', path: `/v1/schools/${id}`, body: place });
  }

  /** Who has logged in. */
  people(): Promise<ApiPerson[]> {
    return this.items(ApiPerson, '/v1/people');
  }

  /**
   * Robots as CSV: id, school, name, robotKey. How many; or FleetProblem `unprocessable` with rows,
   * and then none was imported.
   */
  async importRobots(csv: string): Promise<number> {
    const asked = { method: 'POST', path: '/v1/robots/import', body: csv } as const;
    return (await this.http.json(Imported, asked)).robots;
  }

  private async items<T extends z.ZodType>(item: T, path: string): Promise<z.infer<T>[]> {
    return (await this.http.json(z.object({ items: z.array(item) }), { path })).items;
  }

  private async all<T extends z.ZodType>(
    item: T,
    asked: Parameters<FleetHttp['json']>[1],
    most = Number.POSITIVE_INFINITY,
  ): Promise<z.infer<T>[]> {
    const found: z.infer<T>[] = [];
    for (let cursor: string | undefined; ; ) {
      const limit = Math.min(PAGE, most - found.length);
      const query = { ...asked.query, limit, cursor };
      const { items, next } = await this.http.json(pageOf(item), { ...asked, query });
      found.push(...items);
      if (next === null || items.length === 0 || found.length >= most) return found;
      cursor = next;
    }
  }
}
