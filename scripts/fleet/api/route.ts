/** One route: who may, what goes in, what comes out. The table of all is routes.ts. */
import type { z } from 'zod';
import type { Person, PersonRole } from './access.ts';
import { Problem } from './problem.ts';

export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly text: AsyncIterable<string> | string; readonly type: string }
  | { readonly events: (send: SendEvent) => () => void };
export type SendEvent = (event: string, data: unknown) => void;

export interface Asked<P, Q, B> {
  /** Of a public route it is nobody. */
  readonly person: Person | undefined;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

export interface RouteSpec<P, Q, B> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  /** Everybody else is refused. `public`: without a token; `metrics`: by that token, or from here. */
  readonly roles: readonly PersonRole[] | 'public' | 'metrics';
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  /** JSON; `csv`: text. */
  readonly body?: z.ZodType<B> | 'csv';
  readonly answer: z.ZodType | 'text' | 'events';
  readonly handle: (asked: Asked<P, Q, B>) => Promise<Answer>;
}

export interface Route extends Omit<RouteSpec<unknown, unknown, unknown>, 'handle'> {
  /** Parses, then handles. Rejects with a Problem. */
  readonly handle: (asked: Asked<unknown, unknown, unknown>) => Promise<Answer>;
}

export function route<P = unknown, Q = unknown, B = unknown>(spec: RouteSpec<P, Q, B>): Route {
  const { handle, params, query, body, ...rest } = spec;
  return {
    ...rest,
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body }),
    handle: async (asked) =>
      handle({
        person: asked.person,
        params: parse(params, asked.params, ''),
        query: parse(query, asked.query, ''),
        body: (body === 'csv' ? asked.body : parse(body, asked.body, '')) as B,
      }),
  };
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown, where: string): T {
  if (!schema) return undefined as T;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    ...{ field: [where, ...path].filter((part) => part !== '').join('.') || 'body', message },
  }));
  throw new Problem('badRequest', undefined, errors);
}

/** Where the next page begins, for the client only to repeat. */
export const writeCursor = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

export function readCursor<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new Problem('badRequest', undefined, [
      { field: 'cursor', message: 'expected what the page before gave as next' },
    ]);
  }
}
