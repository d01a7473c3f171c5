/** Requests to the fleet service: by whom, and again when a token ended or the service is busy. */
import type { z } from 'zod';
import { jsonOf } from '../../hal/common/json.ts';
import { Challenge, Session } from '../wire/fleet-api.ts';
import { signLogin } from '../wire/login.ts';
import { FleetProblem, problemOf } from './fleet-problem.ts';
import type { Person } from './person.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** hal/ports/clock.ts has these; a browser too. */
export interface ClientTime {
  /** Milliseconds since 1970. */
  wall(): number;
  after(ms: number, act: () => void): { cancel(): void };
}

export interface FleetHttpParts {
  /** `https://fleet.example`, without a slash at the end. A login is good for its origin only. */
  readonly server: string;
  readonly person: Person;
  readonly fetch: Fetch;
  readonly time: ClientTime;
  /** Of an earlier login; used as long as the service takes it. */
  readonly session?: Session | undefined;
  /** A new session, for whoever keeps it. */
  readonly onSession?: (session: Session) => void;
}

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Beginning with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** JSON; text is CSV. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const REQUEST_MS = 30_000;
/** Waiting longer in all for a busy service than 1 + 2 + 4 + 8 s is a failure. */
const TRIES = 5;

export class FleetHttp {
  private session: Session | undefined;
  private loggingIn: Promise<Session> | undefined;

  constructor(private readonly parts: FleetHttpParts) {
    this.session = parts.session;
  }

  get time(): ClientTime {
    return this.parts.time;
  }

  get person(): Person {
    return this.parts.person;
  }

  /** Rejects with FleetProblem, as all here. */
  async json<T>(schema: z.ZodType<T>, asked: Asked): Promise<T> {
    return read(schema, await this.answer(asked, (response) => response.text()));
  }

  text(asked: Asked): Promise<string> {
    return this.answer(asked, (response) => response.text());
  }

  /** An answer that goes on: its reader ends it by `signal`. */
  async stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.authorized({ path, signal }, (asked, session) =>
      this.send(asked, session, async (response) => response),
    );
    if (!body) throw new FleetProblem('notUnderstood', 'the answer is empty');
    return body;
  }

  /** By a signed challenge; a login that is under way is shared. */
  login(): Promise<Session> {
    this.loggingIn ??= this.freshSession().finally(() => {
      this.loggingIn = undefined;
    });
    return this.loggingIn;
  }

  async logout(): Promise<void> {
    if (!this.session) return;
    await this.text({ method: 'POST', path: '/v1/logout' });
    this.session = undefined;
  }

  private answer<T>(asked: Asked, take: (response: Response) => Promise<T>): Promise<T> {
    return this.authorized(asked, (one, session) =>
      this.withinTime(one, (timed) => this.send(timed, session, take)),
    );
  }

  /** The service alone knows whether a token is still good: clocks differ. */
  private async authorized<T>(
    asked: Asked,
    send: (asked: Asked, session: Session) => Promise<T>,
  ): Promise<T> {
    const session = this.session ?? (await this.login());
    try {
      return await this.patiently(asked, () => send(asked, session));
    } catch (error) {
      if (!(error instanceof FleetProblem) || error.kind !== 'badToken') throw error;
      if (this.session === session) this.session = undefined;
      const renewed = this.session ?? (await this.login());
      return this.patiently(asked, () => send(asked, renewed));
    }
  }

  private async patiently<T>({ signal }: Asked, send: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await send();
      } catch (error) {
        const busy = error instanceof FleetProblem && error.kind === 'tooMany';
        if (!busy || tried === TRIES || signal?.aborted) throw error;
        const seconds = Math.max(error.retryAfterS ?? 0, 2 ** (tried - 1));
        await pause(this.parts.time, Math.min(seconds, 30) * 1_000, signal);
      }
    }
  }

  private async freshSession(): Promise<Session> {
    const { person, server, time, onSession } = this.parts;
    const public_ = <T>(schema: z.ZodType<T>, asked: Asked): Promise<T> =>
      this.patiently(asked, () =>
        this.withinTime(asked, async (timed) =>
          read(schema, await this.send(timed, undefined, (response) => response.text())),
        ),
      );
    const challenge = { method: 'POST', path: '/v1/login/challenge' } as const;
    const { nonce } = await public_(Challenge, challenge);
    const login = await signLogin(person.signer, {
      ...{ fleet: person.fleet, nonce, audience: new URL(server).origin },
      iat: Math.floor(time.wall() / 1_000),
    });
    const body = { login, chain: person.chain };
    const session = await public_(Session, { method: 'POST', path: '/v1/login', body });
    this.session = session;
    onSession?.(session);
    return session;
  }

  private async withinTime<T>(asked: Asked, act: (asked: Asked) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const timer = this.parts.time.after(REQUEST_MS, () => late.abort());
    const signal = asked.signal ? eitherOf(asked.signal, late.signal) : late.signal;
    try {
      return await act({ ...asked, signal });
    } finally {
      timer.cancel();
      // Takes the listener off a signal that lives on.
      late.abort();
    }
  }

  private async send<T>(
    { method = 'GET', path, query = {}, body, signal }: Asked,
    session: Session | undefined,
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const init: RequestInit = {
      ...{ method, redirect: 'error', credentials: 'omit', cache: 'no-store' },
      headers: {
        ...(session && { authorization: `Bearer ${session.token}` }),
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    try {
      const response = await this.parts.fetch(`${this.parts.server}${path}${queryOf(query)}`, init);
      if (!response.ok) throw await problemOf(response);
      return await take(response);
    } catch (error) {
      if (error instanceof FleetProblem) throw error;
      throw new FleetProblem('unreachable', signal?.aborted ? 'no answer in time' : causeOf(error));
    }
  }
}

/** Aborts with the first of the two; AbortSignal.any is missing in browsers of 2023. */
export function eitherOf(a: AbortSignal, b: AbortSignal): AbortSignal {
  const either = new AbortController();
  for (const one of [a, b]) {
    if (one.aborted) either.abort();
    const options = { once: true, signal: either.signal };
    one.addEventListener('abort', () => either.abort(), options);
  }
  return either.signal;
}

/** Resolves after `ms`, or when `signal` aborts. */
export function pause(time: ClientTime, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = time.after(ms, end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

function read<T>(schema: z.ZodType<T>, text: string): T {
  const value = jsonOf(text);
  if (value === undefined)
    throw new FleetProblem('notUnderstood', 'the answer is no JSON; is this a fleet service?');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the answer';
  throw new FleetProblem('notUnderstood', `${where}: ${issue?.message ?? 'unreadable'}`);
}

function queryOf(query: NonNullable<Asked['query']>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** `fetch` says “fetch failed”; why is in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
