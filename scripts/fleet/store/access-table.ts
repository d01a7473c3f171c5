/** Who may use the API: one-time challenges, tokens (hashes only), grants seen, what was revoked. */
import { listOf, type Sql, sql } from './sql.ts';

export interface StoredToken {
  /** SHA-256 of the bearer token. */
  readonly hash: string;
  readonly signer: string;
  readonly role: string;
  /** JSON. */
  readonly scopes: string;
  /** JSON: ids of the grants behind it. */
  readonly grants: string;
  /** Milliseconds since 1970, as all times here. */
  readonly expires: number;
  readonly created: number;
}

export interface SeenPerson {
  readonly signer: string;
  readonly name: string | null;
  readonly role: string;
  /** JSON: the grants. */
  readonly chain: string;
  readonly at: number;
}

export class AccessTable {
  constructor(private readonly sql: Sql) {}

  /** False when there are `most` already: somebody asks for them and never signs. */
  async addChallenge(nonce: string, expires: number, now: number, most: number): Promise<boolean> {
    const text = `insert into challenges (nonce, expires) select ?, ?
      where (select count(*) from challenges) < ? returning nonce`;
    const [, rows = []] = await this.sql.batch([
      sql('delete from challenges where expires <= ?', now),
      // PostgreSQL has to be told the types of values that stand alone.
      sql(text.replace('?, ?', 'cast(? as text), cast(? as bigint)'), nonce, expires, most),
    ]);
    return rows.length > 0;
  }

  /** True once. */
  async takeChallenge(nonce: string, now: number): Promise<boolean> {
    const text = 'delete from challenges where nonce = ? and expires > ? returning nonce';
    const [rows = []] = await this.sql.batch([sql(text, nonce, now)]);
    return rows.length > 0;
  }

  /** The oldest of a person beyond `most` end. */
  async addToken(token: StoredToken, most: number): Promise<void> {
    const { hash, signer, role, scopes, grants, expires, created } = token;
    await this.sql.batch([
      sql('delete from tokens where expires <= ?', created),
      sql(
        `insert into tokens (hash, signer, role, scopes, grants, expires, created)
          values (?, ?, ?, ?, ?, ?, ?)`,
        ...[hash, signer, role, scopes, grants, expires, created],
      ),
      sql(
        `delete from tokens where signer = ? and hash not in
          (select hash from tokens where signer = ? order by created desc, hash limit ?)`,
        ...[signer, signer, most],
      ),
    ]);
  }

  async token(hash: string, now: number): Promise<StoredToken | undefined> {
    const text = 'select * from tokens where hash = ? and expires > ?';
    const [row] = await this.sql.all(sql(text, hash, now));
    if (!row) return undefined;
    return {
      ...{ hash: String(row.hash), signer: String(row.signer), role: String(row.role) },
      ...{ scopes: String(row.scopes), grants: String(row.grants) },
      ...{ expires: Number(row.expires), created: Number(row.created) },
    };
  }

  async dropToken(hash: string): Promise<void> {
    await this.sql.batch([sql('delete from tokens where hash = ?', hash)]);
  }

  async notePerson({ signer, name, role, chain, at }: SeenPerson): Promise<void> {
    const text = `insert into people (signer, name, role, chain, first_seen, last_seen)
      values (?, ?, ?, ?, ?, ?) on conflict (signer) do update set name = excluded.name,
      role = excluded.role, chain = excluded.chain, last_seen = excluded.last_seen`;
    await this.sql.batch([sql(text, signer, name, role, chain, at, at)]);
  }

  async people(): Promise<readonly SeenPerson[]> {
    const rows = await this.sql.all(sql('select * from people order by signer'));
    return rows.map((row) => ({
      ...{ signer: String(row.signer), name: row.name === null ? null : String(row.name) },
      ...{ role: String(row.role), chain: String(row.chain), at: Number(row.last_seen) },
    }));
  }

  /** Grants and keys that are void from now on. */
  async revoke(ids: readonly string[], at: number): Promise<void> {
    const text = 'insert into revoked (id, at) values (?, ?) on conflict (id) do nothing';
    await this.sql.batch([
      ...ids.map((id) => sql(text, id, at)),
      sql(`delete from tokens where signer in ${listOf(ids)}`, ...ids),
    ]);
  }

  /** Which of these are void. */
  async revoked(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.sql.all(
      sql(`select id from revoked where id in ${listOf(ids)}`, ...ids),
    );
    return new Set(rows.map(({ id }) => String(id)));
  }
}
