/** Orders of people with their answers, and the timetables that they brought. */
import { numberOf, textOf } from './robot-table.ts';
import { listOf, type Row, type Sql, sql } from './sql.ts';

export interface NewOrder {
  readonly robot: string;
  readonly id: string;
  readonly kind: string;
  /** Thumbprint of the key that signed it. */
  readonly signer: string;
  readonly role: string;
  /** Milliseconds since 1970, as all times here. */
  readonly expires: number;
  readonly created: number;
  /** The SignedOrder as JSON. */
  readonly body: string;
}

export interface StoredOrder extends NewOrder {
  readonly sent: number | null;
  /** Of the receipt: done, refused, failed; or `expired`, when none came in time. */
  readonly outcome: string | null;
  readonly reason: string | null;
  /** The robot's token. */
  readonly receipt: string | null;
  readonly answered: number | null;
}

export interface Plan {
  readonly robot: string;
  /** In the compact form of timetables. */
  readonly timetable: string;
  readonly order: string;
  readonly updated: number;
}

export interface OrderQuery {
  readonly robots?: readonly string[];
  readonly after?: { readonly created: number; readonly robot: string; readonly id: string };
  readonly limit: number;
}

export class OrderTable {
  constructor(private readonly sql: Sql) {}

  /** False when that robot has an order of that id already. */
  async add(order: NewOrder): Promise<boolean> {
    const { robot, id, kind, signer, role, expires, created, body } = order;
    const text = `insert into orders (robot, id, kind, signer, role, expires, created, body)
      values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (robot, id) do nothing returning id`;
    const values = [robot, id, kind, signer, role, expires, created, body];
    const [rows = []] = await this.sql.batch([sql(text, ...values)]);
    return rows.length > 0;
  }

  async get(robot: string, id: string): Promise<StoredOrder | undefined> {
    const text = 'select * from orders where robot = ? and id = ?';
    const [row] = await this.sql.all(sql(text, robot, id));
    return row && orderOf(row);
  }

  /** Newest first. */
  async list({ robots, after, limit }: OrderQuery): Promise<readonly StoredOrder[]> {
    if (robots?.length === 0) return [];
    const among = robots ? `and robot in ${listOf(robots)}` : '';
    const cursor = after ? 'and (created, robot, id) < (?, ?, ?)' : '';
    const text = `select * from orders where created >= 0 ${among} ${cursor}
      order by created desc, robot desc, id desc limit ?`;
    const values = [
      ...(robots ?? []),
      ...(after ? [after.created, after.robot, after.id] : []),
      limit,
    ];
    return (await this.sql.all(sql(text, ...values))).map(orderOf);
  }

  /** Without an answer, and still good; of these robots or of all, oldest first. */
  async open(
    now: number,
    limit: number,
    robots?: readonly string[],
  ): Promise<readonly StoredOrder[]> {
    const among = robots ? `and robot in ${listOf(robots)}` : '';
    const text = `select * from orders where outcome is null and expires > ? ${among}
      order by created, id limit ?`;
    if (robots?.length === 0) return [];
    return (await this.sql.all(sql(text, now, ...(robots ?? []), limit))).map(orderOf);
  }

  /** Claims to send it now: false when some service has done so since `notSince`. */
  async claimSend(robot: string, id: string, at: number, notSince: number): Promise<boolean> {
    const text = `update orders set sent = ? where robot = ? and id = ? and outcome is null
      and (sent is null or sent < ?) returning id`;
    const [rows = []] = await this.sql.batch([sql(text, at, robot, id, notSince)]);
    return rows.length > 0;
  }

  /** Ends orders that nobody answered in time. */
  async expire(now: number): Promise<void> {
    await this.sql.batch([
      sql(`update orders set outcome = 'expired' where outcome is null and expires <= ?`, now),
    ]);
  }

  async putPlan({ robot, timetable, order, updated }: Plan): Promise<void> {
    const text = `insert into plans (robot, timetable, order_id, updated) values (?, ?, ?, ?)
      on conflict (robot) do update set timetable = excluded.timetable,
      order_id = excluded.order_id, updated = excluded.updated
      where excluded.updated >= plans.updated`;
    await this.sql.batch([sql(text, robot, timetable, order, updated)]);
  }

  async plans(robots?: readonly string[]): Promise<readonly Plan[]> {
    if (robots?.length === 0) return [];
    const among = robots ? ` where robot in ${listOf(robots)}` : '';
    const rows = await this.sql.all(
      sql(`select * from plans${among} order by robot`, ...(robots ?? [])),
    );
    return rows.map((row) => ({
      ...{ robot: String(row.robot), timetable: String(row.timetable) },
      ...{ order: String(row.order_id), updated: Number(row.updated) },
    }));
  }
}

const orderOf = (row: Row): StoredOrder => ({
  ...{ robot: String(row.robot), id: String(row.id), kind: String(row.kind) },
  ...{ signer: String(row.signer), role: String(row.role), expires: Number(row.expires) },
  ...{ created: Number(row.created), body: String(row.body), sent: numberOf(row.sent) },
  ...{ outcome: textOf(row.outcome), reason: textOf(row.reason) },
  ...{ receipt: textOf(row.receipt), answered: numberOf(row.answered) },
});
