/**
 * Reads what devices sign, and believes nothing else: type, algorithm, signature, robot, peer,
 * challenge and time must all fit. Cheap checks come first, so that noise costs no cryptography,
 * and a challenge is spent only by one who proved to be a guest, so that a bystander who saw it go
 * by cannot burn it.
 */
import type { z } from 'zod';
import type { Clock } from '../../hal/ports/clock.ts';
import { MAX_CLOCK_SKEW_MS } from '../wire/limits.ts';
import {
  type AccessRefusal,
  BindPayload,
  ByePayload,
  OfferPayload,
  type PublicJwk,
  TYP,
} from '../wire/signalling.ts';
import { openToken, type TokenType } from '../wire/token.ts';
import type { Challenges } from './challenges.ts';

export type Verdict<T> = { ok: true; value: T } | { ok: false; reason: AccessRefusal };

/** What a device said, with the key that said it. */
export interface Signed<T> {
  readonly payload: T;
  readonly device: string;
  readonly jwk: PublicJwk;
}

interface Claims {
  robot: string;
  peer: string;
  challenge: string;
  iat: number;
}

export interface VerifierParts {
  readonly robot: string;
  readonly clock: Clock;
  readonly challenges: Challenges;
  readonly clockTrusted: () => boolean;
}

export class Verifier {
  constructor(private readonly parts: VerifierParts) {}

  /** `token` came out of a letter sealed to this robot. */
  bind(peer: string, token: string): Promise<Verdict<Signed<BindPayload>>> {
    return this.open(peer, token, TYP.bind, BindPayload, this.liveChallenge);
  }

  offer(peer: string, token: string): Promise<Verdict<Signed<OfferPayload>>> {
    return this.open(peer, token, TYP.offer, OfferPayload, this.liveChallenge);
  }

  /** A bye names the challenge of the offer it takes back, which the caller compares. */
  bye(peer: string, token: string): Promise<Verdict<Signed<ByePayload>>> {
    return this.open(peer, token, TYP.bye, ByePayload, () => undefined);
  }

  private async open<T extends Claims>(
    peer: string,
    token: string,
    typ: TokenType,
    schema: z.ZodType<T>,
    challengeFault: (claims: Claims) => AccessRefusal | undefined,
  ): Promise<Verdict<Signed<T>>> {
    const opened = await openToken<T, AccessRefusal>(
      token,
      typ,
      schema,
      (claims) => this.misfit(peer, claims) ?? challengeFault(claims),
    );
    if (!opened.ok) return opened;
    const { payload, signer, jwk } = opened;
    return { ok: true, value: { payload, device: signer, jwk } };
  }

  private misfit(peer: string, claims: Claims): AccessRefusal | undefined {
    const { robot, clock, clockTrusted } = this.parts;
    if (claims.robot !== robot || claims.peer !== peer) return 'notAuthentic';
    // Without a trusted clock the challenge alone proves freshness.
    const skewMs = Math.abs(claims.iat * 1_000 - clock.wall());
    if (clockTrusted() && skewMs > MAX_CLOCK_SKEW_MS) return 'notAuthentic';
    return undefined;
  }

  private readonly liveChallenge = (claims: Claims): AccessRefusal | undefined =>
    this.parts.challenges.isLive(claims.peer, claims.challenge) ? undefined : 'staleChallenge';
}
