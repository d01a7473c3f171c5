/**
 * The HTTP server. Authority is in the `Authorization` header alone, never in a cookie, so no other
 * page can act for a person (no CSRF), and there is no CORS: the fleet page has the same origin.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { messageOf } from '../../../hal/common/errors.ts';
import { type Rate, TokenBucket } from '../../../hal/common/token-bucket.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { StoreUnavailable } from '../store/sql.ts';
import type { Access, Person } from './access.ts';
import { servePages } from './page-files.ts';
import { Problem } from './problem.ts';
import type { Answer, Route, SendEvent } from './route.ts';

const MAX_BODY = 1024 * 1024;
const REQUEST_MS = 30_000;
const KEEP_EVENTS_MS = 25_000;
const MOST_STREAMS = 256;
/** A reader that slow is disconnected: its page asks again. */
const MOST_BUFFERED = 4 * 1024 * 1024;
const MOST_ASKERS = 20_000;
/** By address, without a token (a school is one address); and by token. */
const STRANGER: Rate = { perSecond: 10, burst: 100 };
const PERSON: Rate = { perSecond: 20, burst: 100 };
/** Files of the page, by address: a school that opens it in a lesson is one address. */
const FILES: Rate = { perSecond: 50, burst: 1_000 };

const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const;

export interface ServerParts {
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** PEM; HTTPS when given. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Behind a proxy on this machine: the asker's address is in X-Forwarded-For. */
  readonly behindProxy: boolean;
  /** Without it /metrics answers this machine only. */
  readonly metricsToken?: string | undefined;
  /** Folder of the built pages; without it the service is an API only. */
  readonly pages?: string | undefined;
}

export function openServer(parts: ServerParts): FastifyInstance {
  const { routes, tls, behindProxy, metrics, log } = parts;
  const server = Fastify({
    ...{ logger: false, bodyLimit: MAX_BODY, requestTimeout: REQUEST_MS },
    ...{ trustProxy: behindProxy ? 'loopback' : false, forceCloseConnections: true },
    ...(tls && { https: tls }),
  }) as unknown as FastifyInstance;
  server.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(HEADERS);
    if (tls) reply.header('strict-transport-security', 'max-age=31536000');
  });
  server.addHook('onResponse', async (request, reply) =>
    metrics.request(request.routeOptions.url ?? 'none', reply.statusCode),
  );
  server.setNotFoundHandler((_request, reply) => send(reply, new Problem('notFound')));
  server.setErrorHandler((error, _request, reply) => send(reply, problemOf(error, log)));
  const limits = new Limits(parts.clock);
  const streams = new Streams(parts.clock);
  server.addHook('preClose', async () => streams.close());
  const { pages } = parts;
  if (pages !== undefined) {
    const admit = (ip: string): void => limits.take(`files at ${ip}`, FILES);
    servePages(server, { folder: pages, admit, tls: tls !== undefined });
  }
  for (const one of routes) {
    server.route({
      ...{ method: one.method, url: one.path },
      handler: async (request, reply) => {
        const person = await admit(one, request, parts, limits);
        const { params, query, body } = request;
        const answer = await one.handle({ person, params, query, body });
        return answerWith(answer, request, reply, streams);
      },
    });
  }
  return server;
}

/** Deny by default: nobody passes whom the route's roles do not name. */
async function admit(
  { roles }: Route,
  request: FastifyRequest,
  { access, metricsToken }: ServerParts,
  limits: Limits,
): Promise<Person | undefined> {
  const { authorization } = request.headers;
  if (roles === 'metrics') {
    const allowed = metricsToken
      ? same(authorization ?? '', `Bearer ${metricsToken}`)
      : /^(?:127\.|::1$|::ffff:127\.)/.test(request.ip);
    if (!allowed) throw new Problem('forbidden');
    return undefined;
  }
  const name = roles === 'public' || !authorization ? `at ${request.ip}` : digest(authorization);
  limits.take(name, name.startsWith('at ') ? STRANGER : PERSON);
  if (roles === 'public') return undefined;
  let person: Person;
  try {
    person = await access.person(authorization);
  } catch (error) {
    // Who guesses tokens has another one each time: counted by address.
    limits.take(`at ${request.ip}`, STRANGER);
    throw error;
  }
  if (!roles.includes(person.role)) throw new Problem('forbidden');
  return person;
}

function answerWith(
  answer: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  streams: Streams,
): unknown {
  if ('events' in answer) return streams.open(answer.events, reply);
  if ('text' in answer) {
    const { text, type } = answer;
    return reply.type(type).send(typeof text === 'string' ? text : Readable.from(text));
  }
  const body = JSON.stringify(answer.json);
  if (request.method !== 'GET')
    return reply
      .code(answer.status ?? 200)
      .type(JSON_TYPE)
      .send(body);
  const tag = `"${digest(body)}"`;
  reply.header('etag', tag).header('cache-control', 'no-cache, private');
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  return reply
    .code(answer.status ?? 200)
    .type(JSON_TYPE)
    .send(body);
}

const JSON_TYPE = 'application/json; charset=utf-8';

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.kind === 'badToken') reply.header('www-authenticate', 'Bearer');
  if (problem.kind === 'tooMany' || problem.kind === 'unavailable') reply.header('retry-after', 2);
  const body = JSON.stringify(problem.body());
  return reply.code(problem.status).type('application/problem+json').send(body);
}

function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) return new Problem('unavailable');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return new Problem('tooLarge', `at most ${MAX_BODY} bytes`);
  if (status >= 400 && status < 500) return new Problem('badRequest', messageOf(error));
  log.error({ error: messageOf(error) }, 'a request failed');
  return new Problem('internal');
}

class Limits {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly clock: Clock) {}

  /** Throws `tooMany`. Beyond so many askers the oldest is forgotten. */
  take(name: string, rate: Rate): void {
    const bucket = this.buckets.get(name) ?? new TokenBucket(this.clock, rate);
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= MOST_ASKERS) break;
      this.buckets.delete(oldest);
    }
    if (!bucket.take()) throw new Problem('tooMany');
  }
}

/** Server-sent events (HTML, 9.2). */
class Streams {
  private readonly streams = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  open(start: (send: SendEvent) => () => void, reply: FastifyReply): FastifyReply {
    if (this.streams.size >= MOST_STREAMS) throw new Problem('tooMany');
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    raw.write(': open\n\n');
    const stop = start((event, data) => {
      if (raw.writableLength > MOST_BUFFERED) raw.destroy();
      else raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    const beat = this.clock.every(KEEP_EVENTS_MS, () => raw.write(': here\n\n'));
    const end = (): void => {
      stop();
      beat.cancel();
      this.streams.delete(end);
      raw.end();
    };
    this.streams.add(end);
    // A token lives eight hours; a page comes back by itself, and is asked again who it is.
    const over = this.clock.after(3_600_000, end);
    raw.on('close', () => {
      over.cancel();
      end();
    });
    return reply;
  }

  close(): void {
    for (const end of [...this.streams]) end();
  }
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 27);

function same(a: string, b: string): boolean {
  const [one, two] = [digest(a), digest(b)].map((text) => Buffer.from(text));
  return one !== undefined && two !== undefined && timingSafeEqual(one, two);
}
