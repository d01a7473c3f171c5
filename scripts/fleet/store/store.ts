/**
 * The store of the fleet service: all that it knows. The services beside each other share it, and
 * keep nothing else. Records are stored once whoever stores them, and never removed.
 */
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import { AccessTable } from './access-table.ts';
import { AlertTable } from './alert-table.ts';
import { IntakeTable } from './intake-table.ts';
import { LeaseTable } from './lease-table.ts';
import { LogTable } from './log-table.ts';
import { migrations } from './migrations.ts';
import { OrderTable } from './order-table.ts';
import { openPostgres } from './postgres.ts';
import { RobotTable } from './robot-table.ts';
import { type Sql, sql } from './sql.ts';
import { openSqlite } from './sqlite.ts';

/** Methods reject with StoreUnavailable while the database is not there. */
export interface FleetStore {
  readonly robots: RobotTable;
  readonly intake: IntakeTable;
  readonly orders: OrderTable;
  readonly alerts: AlertTable;
  readonly access: AccessTable;
  readonly log: LogTable;
  readonly leases: LeaseTable;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

interface StoreParts {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * `where`: a `postgres://` address, or the path of an SQLite file. Throws StoreUnavailable, or
 * StoreTooNew when a newer service has used it.
 */
export async function openStore(where: string, { clock, log }: StoreParts): Promise<FleetStore> {
  const database = /^postgres(?:ql)?:\/\//.test(where)
    ? openPostgres({ url: where, log })
    : openSqlite({ file: where, clock });
  try {
    await database.migrate(migrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeOn(database);
}

export function storeOn(database: Sql): FleetStore {
  return {
    robots: new RobotTable(database),
    intake: new IntakeTable(database),
    orders: new OrderTable(database),
    alerts: new AlertTable(database),
    access: new AccessTable(database),
    log: new LogTable(database),
    leases: new LeaseTable(database),
    ping: async () => {
      await database.all(sql('select 1 as one'));
    },
    close: () => database.close(),
  };
}
