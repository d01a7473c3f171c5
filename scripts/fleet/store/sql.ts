/** The part of SQL that both databases speak: `?` placeholders, upserts, `returning`, JSON as text. */

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export interface Statement {
  /** With a `?` for each value, and no other question mark. */
  readonly text: string;
  readonly values: readonly Value[];
}

/** Drivers: sqlite.ts, postgres.ts. Errors: StoreUnavailable, StoreTooNew, and the driver's own. */
export interface Sql {
  all(statement: Statement): Promise<readonly Row[]>;
  /** One transaction, on disk when it resolves: all statements have effect, or none. */
  batch(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /** Brings the schema to the newest version; safe when several services start at once. */
  migrate(migrations: readonly Migration[]): Promise<void>;
  close(): Promise<void>;
}

/** Statements that lead from the version before to this one; versions count from 1. */
export type Migration = readonly string[];

export const sql = (text: string, ...values: readonly Value[]): Statement => ({ text, values });

/** `insert into <table> (<columns>) values (?, …), …` with what follows it. */
export function insertRows(
  head: { readonly table: string; readonly columns: readonly string[] },
  rows: readonly (readonly Value[])[],
  tail: string,
): Statement {
  const { table, columns } = head;
  const one = `(${columns.map(() => '?').join(', ')})`;
  const text = `insert into ${table} (${columns.join(', ')}) values ${rows.map(() => one).join(', ')} ${tail}`;
  return { text, values: rows.flat() };
}

/** `(?, ?, …)` for a list of values. */
export const listOf = (values: readonly Value[]): string => `(${values.map(() => '?').join(', ')})`;

/** The database cannot be reached, is locked for long, or its disk is full: later it may work. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** A newer version of the service has changed the schema. */
export class StoreTooNew extends Error {
  override readonly name = 'StoreTooNew';
  constructor(found: number, known: number) {
    super(
      `the store has schema version ${found}, and this service knows ${known} at most: ` +
        'update the service, or restore a backup of the store',
    );
  }
}

/** Which migrations are missing. Throws StoreTooNew. */
export function pendingMigrations(
  migrations: readonly Migration[],
  found: number,
): readonly { readonly version: number; readonly statements: Migration }[] {
  if (found > migrations.length) throw new StoreTooNew(found, migrations.length);
  return migrations
    .map((statements, index) => ({ version: index + 1, statements }))
    .filter(({ version }) => version > found);
}
