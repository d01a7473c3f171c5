/** Robots, schools, and what each robot said last. */
import { insertRows, listOf, type Row, type Sql, sql, type Value } from './sql.ts';

export interface RobotEntry {
  readonly id: string;
  readonly school: string | null;
  readonly name: string | null;
  /** Thumbprint of its signing key, by an order to join or an import. */
  readonly robotKey: string | null;
}

export interface StoredRobot extends RobotEntry {
  /** Milliseconds since 1970. */
  readonly added: number;
  readonly seen: number | null;
}

export interface School {
  readonly id: string;
  readonly name: string;
  /** Degrees, WGS 84. */
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export const LATEST_KINDS = ['state', 'telemetry', 'identity', 'reported'] as const;
export type LatestKind = (typeof LATEST_KINDS)[number];

export interface Latest {
  readonly robot: string;
  readonly kind: LatestKind;
  /** When the service received it, milliseconds since 1970: the newer one stays. */
  readonly received: number;
  /** JSON. */
  readonly body: string;
}

/** A robot with what it said last, each as JSON. */
export interface RobotFacts extends StoredRobot {
  /** Start of its last session, milliseconds since 1970, as the robot dated it. */
  readonly lastUsed: number | null;
  readonly latest: Readonly<Partial<Record<LatestKind, { received: number; body: string }>>>;
}

export class RobotTable {
  constructor(private readonly sql: Sql) {}

  /** Adds robots, and updates those that exist; a null keeps what is known. All or nothing. */
  async put(robots: readonly RobotEntry[], now: number): Promise<void> {
    const rows = robots.map(({ id, school, name, robotKey }) => [id, school, name, robotKey, now]);
    const columns = ['id', 'school', 'name', 'robot_key', 'added'];
    const tail = `on conflict (id) do update set school = coalesce(excluded.school, robots.school),
      name = coalesce(excluded.name, robots.name),
      robot_key = coalesce(excluded.robot_key, robots.robot_key)`;
    const statements = chunks(rows, 200).map((some) =>
      insertRows({ table: 'robots', columns }, some, tail),
    );
    await this.sql.batch(statements);
  }

  /** The robot signs by another key from now on; what it signed before stays good. */
  async rotateKey(id: string, from: string, to: string): Promise<void> {
    const former = `insert into former_keys (robot, robot_key) values (?, ?)
      on conflict (robot, robot_key) do nothing`;
    const update = 'update robots set robot_key = ? where id = ? and robot_key = ?';
    await this.sql.batch([sql(former, id, from), sql(update, to, id, from)]);
  }

  async formerKeys(): Promise<readonly { readonly robot: string; readonly key: string }[]> {
    const rows = await this.sql.all(sql('select robot, robot_key from former_keys'));
    return rows.map(({ robot, robot_key }) => ({ robot: String(robot), key: String(robot_key) }));
  }

  /** Left the fleet: its row goes, its records stay. */
  async remove(id: string): Promise<void> {
    await this.sql.batch([
      sql('delete from latest where robot = ?', id),
      sql('delete from plans where robot = ?', id),
      sql('delete from robots where id = ?', id),
    ]);
  }

  async get(id: string): Promise<StoredRobot | undefined> {
    const [row] = await this.sql.all(sql('select * from robots where id = ?', id));
    return row && robotOf(row);
  }

  /** All of them, by id: what a robot may say depends on its key and school. */
  async list(): Promise<readonly StoredRobot[]> {
    return (await this.sql.all(sql('select * from robots order by id'))).map(robotOf);
  }

  /** With what they said last; without `ids` all. */
  async facts(ids?: readonly string[]): Promise<readonly RobotFacts[]> {
    if (ids?.length === 0) return [];
    const among = (column: string) => (ids ? ` where ${column} in ${listOf(ids)}` : '');
    const [robots = [], latest = []] = await this.sql.batch([
      sql(
        `select robots.*, (select max(at) from records
          where records.robot = robots.id and records.kind = 'usage') as last_used
          from robots${among('id')} order by id`,
        ...(ids ?? []),
      ),
      sql(`select * from latest${among('robot')}`, ...(ids ?? [])),
    ]);
    const said = new Map<string, Record<string, { received: number; body: string }>>();
    for (const row of latest) {
      const of = said.get(String(row.robot)) ?? {};
      of[String(row.kind)] = { received: Number(row.received), body: String(row.body) };
      said.set(String(row.robot), of);
    }
    return robots.map((row) => ({
      ...robotOf(row),
      ...{ lastUsed: numberOf(row.last_used), latest: said.get(String(row.id)) ?? {} },
    }));
  }

  async putSchool({ id, name, latitude, longitude }: School): Promise<void> {
    const text = `insert into schools (id, name, latitude, longitude) values (?, ?, ?, ?)
      on conflict (id) do update set name = excluded.name, latitude = excluded.latitude,
      longitude = excluded.longitude`;
    await this.sql.batch([sql(text, id, name, latitude, longitude)]);
  }

  async schools(): Promise<readonly School[]> {
    const rows = await this.sql.all(
      sql(`select s.id, coalesce(t.name, s.id) as name, t.latitude, t.longitude
        from (select id from schools union select school from robots where school is not null) s
        left join schools t on t.id = s.id order by s.id`),
    );
    return rows.map((row) => ({
      ...{ id: String(row.id), name: String(row.name) },
      ...{ latitude: numberOf(row.latitude), longitude: numberOf(row.longitude) },
    }));
  }
}

const robotOf = (row: Row): StoredRobot => ({
  id: String(row.id),
  school: textOf(row.school),
  name: textOf(row.name),
  robotKey: textOf(row.robot_key),
  added: Number(row.added),
  seen: numberOf(row.seen),
});

export const textOf = (value: Value | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
export const numberOf = (value: Value | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

export function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < all.length; from += size) parts.push(all.slice(from, from + size));
  return parts;
}
