/** Who is asking: login by a signed challenge, tokens for hours, and what a person may see. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Authority, covers, Grant, Scope, verifyChain } from '../../../agent/wire/grant.ts';
import { LoginPayload, type LoginRequest } from '../../../agent/wire/login.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import { freshNonce, openToken } from '../../../agent/wire/token.ts';
import type { FleetLog } from '../audit/fleet-log.ts';
import type { ServiceIdentity } from '../ingest/acknowledger.ts';
import type { FleetStore } from '../store/store.ts';
import { Problem } from './problem.ts';

/** A login has to be signed within this. */
const CHALLENGE_MS = 2 * 60_000;
export const TOKEN_MS = 8 * 3_600_000;
const MOST_CHALLENGES = 10_000;
const MOST_TOKENS = 20;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Roles that may log in. `service` is none of them: a service orders nothing and asks nobody. */
export const PEOPLE = ['root', 'central', 'support', 'coordinator', 'teacher'] as const;
export type PersonRole = (typeof PEOPLE)[number];

export interface Person {
  /** Thumbprint of the key. */
  readonly key: string;
  readonly role: PersonRole;
  readonly scopes: readonly Scope[];
  readonly tokenHash: string;
}

interface AccessParts {
  readonly store: FleetStore;
  readonly log: FleetLog;
  readonly identity: Pick<ServiceIdentity, 'fleet' | 'root'>;
  /** Origins by which people open the service. */
  readonly origins: readonly string[];
  readonly wall: () => number;
}

export class Access {
  constructor(private readonly parts: AccessParts) {}

  async challenge(): Promise<{ nonce: string; expires: number }> {
    const now = this.parts.wall();
    const nonce = freshNonce();
    const expires = now + CHALLENGE_MS;
    const room = await this.parts.store.access.addChallenge(nonce, expires, now, MOST_CHALLENGES);
    if (!room) throw new Problem('tooMany');
    return { nonce, expires };
  }

  async login(request: LoginRequest): Promise<{ token: string; expires: number; role: string }> {
    const { store, log } = this.parts;
    const now = this.parts.wall();
    const { key, role, scopes, grants, exp } = await this.authorityOf(request, now);
    if (!isPerson(role)) throw await this.refuse(key, role, 'this role does not log in');
    const token = randomBytes(32).toString('base64url');
    const expires = Math.min(now + TOKEN_MS, exp * 1_000);
    const fields = { scopes: JSON.stringify(scopes), grants: JSON.stringify(grants) };
    const chain = JSON.stringify(request.chain);
    await store.access.notePerson({
      ...{ signer: key, name: await nameIn(request.chain), role, chain, at: now },
    });
    await log.note({ what: 'login', by: key, role, outcome: 'done' });
    await store.access.addToken(
      { hash: hashOf(token), signer: key, role, ...fields, expires, created: now },
      MOST_TOKENS,
    );
    return { token, expires, role };
  }

  /** By `Authorization: Bearer`. Throws `badToken`. */
  async person(header: string | undefined): Promise<Person> {
    const [, token] = /^Bearer (\S+)$/.exec(header ?? '') ?? [];
    if (token === undefined || !TOKEN.test(token)) throw new Problem('badToken');
    const { store } = this.parts;
    const tokenHash = hashOf(token);
    const found = await store.access.token(tokenHash, this.parts.wall());
    if (!found || !isPerson(found.role)) throw new Problem('badToken');
    const grants = z.array(z.string()).parse(JSON.parse(found.grants));
    const revoked = await store.access.revoked([found.signer, ...grants]);
    if (revoked.size > 0) throw new Problem('badToken', 'the grant was revoked');
    const scopes = z.array(Scope).parse(JSON.parse(found.scopes));
    return { key: found.signer, role: found.role, scopes, tokenHash };
  }

  private async authorityOf({ login, chain }: LoginRequest, now: number): Promise<Authority> {
    const { store, identity, origins } = this.parts;
    const opened = await openToken(login, TYP.login, LoginPayload);
    if (!opened.ok) throw new Problem('badLogin', `the login is ${opened.reason}`);
    const { payload, signer } = opened;
    if (!(await store.access.takeChallenge(payload.nonce, now)))
      throw new Problem('badLogin', 'the challenge is unknown, used or too old; ask for another');
    if (payload.fleet !== identity.fleet || !origins.includes(payload.audience))
      throw await this.refuse(signer, 'unknown', 'it was meant for another service');
    const known = await revocable(chain);
    const revoked = await store.access.revoked([signer, identity.root, ...known]);
    const verdict = await verifyChain(chain, {
      ...{ fleet: identity.fleet, root: identity.root, certainlyPastS: now / 1_000 },
      isRevoked: (id) => revoked.has(id),
    });
    if (!verdict.ok) throw await this.refuse(signer, 'unknown', verdict.reason);
    if (verdict.authority.key !== signer) throw await this.refuse(signer, 'unknown', 'notGranted');
    return verdict.authority;
  }

  private async refuse(by: string, role: string, reason: string): Promise<Problem> {
    await this.parts.log.note({ what: 'login', by, role, outcome: 'refused', reason });
    return new Problem('badLogin', reason);
  }
}

/** Whether a person sees a robot. */
export const sees = (person: Person, robot: string, school: string | null): boolean =>
  covers(person.scopes, robot, school ?? undefined);

/** What may have been revoked of a chain: ids of grants, and keys of holders. */
export async function revocable(chain: readonly string[]): Promise<string[]> {
  const opened = await Promise.all(chain.map((token) => openToken(token, TYP.grant, Grant)));
  return opened.flatMap((one) => (one.ok ? [one.payload.grant, one.signer] : []));
}

async function nameIn(chain: readonly string[]): Promise<string | null> {
  const last = chain.at(-1);
  const opened = last === undefined ? undefined : await openToken(last, TYP.grant, Grant);
  return opened?.ok ? (opened.payload.info?.name ?? null) : null;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
const isPerson = (role: string): role is PersonRole => (PEOPLE as readonly string[]).includes(role);
