import { z } from 'zod';
import { WHOLE } from './json.ts';
import { slips } from './slips.ts';

/*
 * Configuration files outlive versions: after a rollback an older program reads what was written for
 * a newer one. What it does not know it passes over, and says so; what it knows is as strict as ever.
 */

/** A configuration that cannot be used. One line: file, field, and what was expected there. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    /** From the outside in, with dots between; empty: the file as a whole. */
    readonly field: string,
    readonly expected: string,
    /** Left out where whoever catches it says which file it was. */
    readonly file?: string,
    /** As Node names it, of a file that cannot be read. */
    readonly code?: string,
  ) {
    const what = `${field || WHOLE}: ${expected.replace(/\s+/g, ' ').slice(0, 400)}`;
    super(file === undefined ? what : `${file}: ${what}`);
  }
}

/** Told of each field that this version does not know, and of the file that says it. */
export type Note<File = string> = (line: string, file: File) => void;

interface Reading<File> {
  /**
   * Fields (dots between, no list indices) whose absence would open something: where one of them is
   * missing, a field that looks like it misspelt is an error.
   */
  readonly failClosed: readonly string[];
  readonly note: Note<File>;
}

/** What `schema`, of strict objects, makes of layers (config-layers.ts) or of one text. Throws ConfigError. */
export function readConfig<T, File extends string | undefined>(
  schema: z.ZodType<T>,
  { value, fileOf }: { readonly value: unknown; readonly fileOf: (field: string) => File },
  { failClosed, note }: Reading<File>,
): T {
  const known = readKnown(schema, value, failClosed);
  if (!known.ok) throw new ConfigError(known.field, known.expected, fileOf(known.field));
  for (const { line, field } of known.notes) note(line, fileOf(field));
  return known.value;
}

interface PassedOver {
  readonly field: string;
  /** For the log. */
  readonly line: string;
}

type Known<T> =
  /** `notes`: the fields that were passed over. */
  | { readonly ok: true; readonly value: T; readonly notes: readonly PassedOver[] }
  /** `field`: from the outside in, with dots between; empty: the file as a whole. */
  | { readonly ok: false; readonly field: string; readonly expected: string };

/** Reads `json` without the fields that nobody here knows. */
function readKnown<T>(
  schema: z.ZodType<T>,
  json: unknown,
  failClosed: readonly string[],
): Known<T> {
  const first = schema.safeParse(json);
  if (first.success) return { ok: true, value: first.data, notes: [] };
  const strange = strangersIn(schema, first.error, json);
  const opens = strange.find(({ meant }) => meant !== undefined && failClosed.includes(meant));
  if (opens) return { ok: false, field: opens.field, expected: `is unknown${hint(opens)}` };
  const parsed = strange.length > 0 ? schema.safeParse(without(json, strange)) : first;
  if (parsed.success) return { ok: true, value: parsed.data, notes: strange.map(noteOf) };
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const misspelt = strange.find(({ meant }) => meant === nameOf(path));
  const guess = misspelt ? `; is "${misspelt.key}" a misspelling of it?` : '';
  return {
    ok: false,
    field: path.join('.'),
    expected: `${issue?.message ?? 'expected an object'}${guess}`,
  };
}

type Path = readonly PropertyKey[];

interface Stranger {
  readonly at: Path;
  readonly key: string;
  readonly field: string;
  /** The known field that it may be, without list indices; that one is missing. */
  readonly meant: string | undefined;
}

function strangersIn(schema: z.core.$ZodType, error: z.ZodError, json: unknown): Stranger[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const at = issue.path;
    const there = Object.keys(Object(valueAt(json, at)));
    const missing = namesAt(schema, at).filter((name) => !there.includes(name));
    return issue.keys.map((key) => {
      const like = missing.find((name) => isNear(key, name));
      const meant = like === undefined ? undefined : nameOf([...at, like]);
      return { at, key, field: [...at, key].join('.'), meant };
    });
  });
}

const noteOf = (one: Stranger): PassedOver => ({
  field: one.field,
  line: `${one.field}: unknown to this version, passed over${hint(one)}`,
});

const hint = ({ meant }: Stranger): string =>
  meant === undefined ? '' : `; did you mean "${meant}"?`;

const nameOf = (path: Path): string => path.filter((step) => typeof step !== 'number').join('.');

const valueAt = (json: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => Object(value)[step], json);

/** A copy without those fields. */
function without(json: unknown, strange: readonly Stranger[]): unknown {
  const copy: unknown = structuredClone(json);
  for (const { at, key } of strange) delete Object(valueAt(copy, at))[key];
  return copy;
}

/** Names of the object that a schema has at `path`; none where it has no object there. */
function namesAt(schema: z.core.$ZodType, path: Path): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return namesAt(schema.def.innerType, path);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(schema.shape);
    const inner: z.core.$ZodType | undefined = schema.shape[String(step)];
    return inner ? namesAt(inner, rest) : [];
  }
  return schema instanceof z.ZodArray && step !== undefined ? namesAt(schema.element, rest) : [];
}

/** Other capitals or hyphens, one slip of the fingers in a short name, two in a longer one. */
function isNear(written: string, name: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, '');
  const [a, b] = [bare(written), bare(name)];
  const most = name.length < 5 ? 1 : 2;
  return Math.abs(a.length - b.length) <= most && slips(a, b) <= most;
}
