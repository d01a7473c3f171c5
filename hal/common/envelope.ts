/**
 * The envelope of a state file: two fields, `schema` and `minReader`, beside the fields of the data.
 * Beside them and not around them: version 0.1.0 knows no envelope, reads the fields that it knows,
 * and writes all others back as it found them, so a robot that falls back to it loses nothing.
 */

/** The fields of a state file without its envelope. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is written in one kind of file, version after version. */
export interface Schema {
  readonly name: string;
  /**
   * `migrations[n]` makes of the fields of version n those of version n + 1, and leaves alone what it
   * does not know. Version 0 is a file without an envelope; how many there are is the version that is
   * written. Never change one that was released: add another.
   */
  readonly migrations: readonly ((fields: Fields) => Fields)[];
  /**
   * The oldest version that may read and rewrite what this one writes. Leave it while a version only
   * adds fields: readers keep what they do not know.
   */
  readonly minReader: number;
}

/** Which version has written a file, and which one may read it at least. */
export interface Written {
  readonly version: number;
  readonly minReader: number;
}

/** A newer version has written the file in a way that this one must not read, let alone rewrite. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema';
}

/** Only the envelope was added since 0.1.0, to files that had none. */
export const enveloped = (name: string): Schema => ({
  name,
  migrations: [(fields) => fields],
  minReader: 1,
});

const isVersion = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

/**
 * Takes the data out, in the form of today's version or of a newer one that permits it. Throws
 * NewerSchema, or an Error that says in one line what is damaged.
 */
export function openEnvelope(
  { name, migrations }: Schema,
  json: unknown,
): { readonly written: Written; readonly fields: Fields } {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error('the whole file: expected an object');
  const { schema, minReader, ...fields } = json as Fields;
  const written = writtenBy(name, schema, minReader);
  if (written.minReader > migrations.length)
    throw new NewerSchema(
      `written as ${schema}, which version ${minReader} or newer may read; this one is ${name}/${migrations.length}`,
    );
  const later = migrations.slice(written.version);
  return { written, fields: later.reduce((older, migrate) => migrate(older), fields as Fields) };
}

/** What to write: a newer version that has written before stays the one whose fields these are. */
export function sealEnvelope(schema: Schema, fields: Fields, before?: Written): Fields {
  const version = Math.max(schema.migrations.length, before?.version ?? 0);
  const minReader = Math.max(schema.minReader, before?.minReader ?? 0);
  return { schema: `${schema.name}/${version}`, minReader, ...fields };
}

/** A writer can read what it writes: an envelope that says otherwise was bitten by the disk. */
function writtenBy(name: string, schema: unknown, minReader: unknown): Written {
  if (schema === undefined && minReader === undefined) return { version: 0, minReader: 0 };
  const [, digits] = new RegExp(`^${name}/([1-9]\\d{0,8})$`).exec(String(schema)) ?? [];
  const version = Number(digits);
  if (digits === undefined) throw new Error(`schema: expected ${name}/ and a version`);
  if (!isVersion(minReader) || minReader > version)
    throw new Error(`minReader: expected a version, ${version} at most`);
  return { version, minReader };
}
