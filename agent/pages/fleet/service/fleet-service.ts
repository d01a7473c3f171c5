/** The fleet service as the page asks it. Every answer is parsed; what does not parse is a failure. */
import { z } from 'zod';
import type { Clock, Timer } from '../../../../hal/ports/clock.ts';
import { UsageRecord } from '../../../wire/fleet.ts';
import { signLogin } from '../../../wire/login.ts';
import type { SignedOrder } from '../../../wire/order.ts';
import type { Signer } from '../../../wire/token.ts';
import type { Passport } from '../access/passport.ts';
import { readEvents } from './event-stream.ts';

export type FailureReason =
  /** It cannot be reached, or answers what nobody understands. */
  | 'away'
  | 'loginRefused'
  | 'forbidden'
  | 'notFound'
  | 'tooMany'
  /** It refuses the order; `detail` says why. */
  | 'refused';

export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure';
  constructor(
    readonly reason: FailureReason,
    readonly detail = '',
  ) {
    super(`${reason} ${detail}`);
  }
}

const nullableMs = z.number().nullable();
const Status = z.looseObject({
  ...{ robot: z.string(), id: z.string(), kind: z.string(), created: z.number() },
  ...{ outcome: z.string().nullable(), reason: z.string().nullable() },
  ...{ sent: nullableMs, answered: nullableMs, receipt: z.string().nullable() },
});
/** An order and what became of it. */
export type OrderStatus = z.infer<typeof Status>;

const Alert = z.looseObject({
  ...{ robot: z.string(), kind: z.string(), since: z.number(), cleared: nullableMs },
  ...{ acknowledged: nullableMs, note: z.string().nullable(), facts: z.unknown() },
});
export type Alert = z.infer<typeof Alert>;

const HistoryItem = z.looseObject({
  ...{ kind: z.string(), what: z.string(), at: z.number() },
  said: z.unknown(),
});
export type HistoryItem = z.infer<typeof HistoryItem>;

const SchoolName = z.looseObject({ id: z.string(), name: z.string() });
export type SchoolName = z.infer<typeof SchoolName>;

const items = <T extends z.ZodType>(item: T) =>
  z.looseObject({ items: z.array(item), next: z.string().nullish() });
const Problem = z.looseObject({ detail: z.string().optional() });

interface ServiceParts {
  readonly fetch: typeof globalThis.fetch;
  readonly origin: string;
  readonly clock: Clock;
}

export interface Who {
  readonly passport: Passport;
  readonly signer: Signer;
}

const MOST_PAGES = 200;
/** Waits before each new attempt to listen, the last for all further ones. */
const AGAIN_MS = [1_000, 3_000, 10_000, 30_000];

/** Methods reject with ServiceFailure. */
export class FleetService {
  private token: string | undefined;
  private who: Who | undefined;

  constructor(private readonly parts: ServiceParts) {}

  /** By a signed challenge; the key stays here. */
  async logIn(who: Who): Promise<void> {
    const { passport, signer } = who;
    const Challenge = z.looseObject({ nonce: z.string() });
    const { nonce } = Challenge.parse(await this.json('POST', '/v1/login/challenge'));
    const iat = Math.floor(this.parts.clock.wall() / 1_000);
    const audience = this.parts.origin;
    const login = await signLogin(signer, { fleet: passport.fleet, nonce, audience, iat });
    const body = { login, chain: passport.chain };
    const Entered = z.looseObject({ token: z.string() });
    this.token = Entered.parse(await this.json('POST', '/v1/login', body)).token;
    this.who = who;
  }

  async logOut(): Promise<void> {
    this.who = undefined;
    if (this.token !== undefined) await this.json('POST', '/v1/logout', {}).catch(() => undefined);
    this.token = undefined;
  }

  /** As they came: robotOf reads them. */
  robots(): Promise<unknown[]> {
    return this.all('/v1/robots?limit=1000', z.unknown());
  }

  robot(id: string): Promise<unknown> {
    return this.ask('GET', `/v1/robots/${id}`, z.unknown());
  }

  async history(id: string): Promise<HistoryItem[]> {
    const path = `/v1/robots/${id}/history?limit=1000`;
    return (await this.ask('GET', path, items(HistoryItem))).items;
  }

  /** The text of the audit log of a robot, or of the fleet. */
  async auditText(robot?: string): Promise<string> {
    const path = robot === undefined ? '/v1/audit' : `/v1/robots/${robot}/audit`;
    return (await this.answer('GET', path)).text();
  }

  usage(fromMs: number): Promise<UsageRecord[]> {
    return this.all(`/v1/usage?limit=1000&from=${Math.floor(fromMs)}`, UsageRecord);
  }

  async schools(): Promise<SchoolName[]> {
    return (await this.ask('GET', '/v1/schools', items(SchoolName))).items;
  }

  async alerts(open: boolean): Promise<Alert[]> {
    return (await this.ask('GET', `/v1/alerts?limit=1000&open=${open}`, items(Alert))).items;
  }

  async acknowledge({ robot, kind, since }: Alert, note: string): Promise<void> {
    const body = { robot, kind, since, ...(note !== '' && { note }) };
    await this.ask('POST', '/v1/alerts/acknowledge', z.unknown(), body);
  }

  async post(robot: string, signed: SignedOrder): Promise<void> {
    await this.ask('POST', '/v1/orders', z.unknown(), { robot, signed });
  }

  order(robot: string, order: string): Promise<OrderStatus> {
    return this.ask('GET', `/v1/orders/${robot}/${order}`, Status);
  }

  /**
   * Rows as they change, until `stop`. `onOpen` is called each time listening begins: what changed
   * before has to be read anew. `onAway` each time it ends.
   */
  listen(heard: {
    readonly onOpen: () => void;
    readonly onRobot: (row: unknown) => void;
    readonly onGone: (id: string) => void;
    readonly onAway: () => void;
  }): { readonly stop: () => void } {
    const ending = new AbortController();
    let timer: Timer | undefined;
    let attempt = 0;
    const once = async (): Promise<void> => {
      try {
        const response = await this.answer('GET', '/v1/events', undefined, ending.signal);
        attempt = 0;
        heard.onOpen();
        for await (const { event, data } of readEvents(response.body)) {
          if (event === 'robot') heard.onRobot(JSON.parse(data));
          if (event === 'gone') heard.onGone(String(JSON.parse(data)));
        }
      } catch {
        // Closed, cut or refused: the next attempt finds out.
      }
      if (ending.signal.aborted) return;
      heard.onAway();
      const waitMs = AGAIN_MS[Math.min(attempt++, AGAIN_MS.length - 1)] ?? 0;
      timer = this.parts.clock.after(waitMs, () => void once());
    };
    void once();
    return {
      stop: () => {
        timer?.cancel();
        ending.abort();
      },
    };
  }

  private async all<T extends z.ZodType>(path: string, item: T): Promise<z.infer<T>[]> {
    const found: z.infer<T>[] = [];
    let next: string | null | undefined = '';
    for (let page = 0; page < MOST_PAGES && typeof next === 'string'; page++) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const got: { items: z.infer<T>[]; next?: string | null | undefined } = await this.ask(
        'GET',
        `${path}${cursor}`,
        items(item) as never,
      );
      found.push(...got.items);
      next = got.next;
    }
    return found;
  }

  private async ask<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    body?: object,
  ): Promise<T> {
    const parsed = schema.safeParse(await (await this.answer(method, path, body)).json());
    if (!parsed.success) throw new ServiceFailure('away', `${path}: an answer of another kind`);
    return parsed.data;
  }

  /** A token ends after hours: then the key logs in again, once, and nobody notices. */
  private async answer(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await this.send(method, path, body, signal);
    if (response.ok) return response;
    if (response.status === 401 && this.who) {
      await this.logIn(this.who);
      const again = await this.send(method, path, body, signal);
      if (again.ok) return again;
      throw await failureOf(again);
    }
    throw await failureOf(response);
  }

  private async json(method: 'POST', path: string, body?: object): Promise<unknown> {
    const response = await this.send(method, path, body);
    if (!response.ok) throw await failureOf(response);
    return response.json();
  }

  private async send(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Response> {
    try {
      return await this.parts.fetch(path, {
        method,
        headers: {
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch {
      throw new ServiceFailure('away');
    }
  }
}

const REASONS: Readonly<Record<number, FailureReason>> = {
  401: 'loginRefused',
  403: 'forbidden',
  404: 'notFound',
  422: 'refused',
  429: 'tooMany',
};

async function failureOf(response: Response): Promise<ServiceFailure> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined)).data;
  return new ServiceFailure(REASONS[response.status] ?? 'away', problem?.detail ?? '');
}
