/** Leases: of several services one does a periodic job, and another takes over when it dies. */
import { type Sql, sql } from './sql.ts';

export class LeaseTable {
  constructor(private readonly sql: Sql) {}

  /** True when `holder` has the lease until then: it was free, over, or its own already. */
  async take(name: string, holder: string, now: number, until: number): Promise<boolean> {
    const text = `insert into leases (name, holder, until) values (?, ?, ?)
      on conflict (name) do update set holder = excluded.holder, until = excluded.until
      where leases.until <= ? or leases.holder = excluded.holder returning holder`;
    const [rows = []] = await this.sql.batch([sql(text, name, holder, until, now)]);
    return rows.length > 0;
  }

  /** Gives all leases of a service back, when it stops in order. */
  async release(holder: string): Promise<void> {
    await this.sql.batch([sql('delete from leases where holder = ?', holder)]);
  }
}
