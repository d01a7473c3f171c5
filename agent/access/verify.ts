/**
 * Verifies tokens signed by devices: type, algorithm, signature, robot, peer and challenge must all
 * match. The challenge (128 bits, single use, 30 s by the robot's own monotonic clock) makes a
 * token fresh; the wall clocks of both sides may be years off. Cheap checks come first, so that
 * noise costs no cryptography. A challenge is spent only by a proven bound device, so that an
 * eavesdropper cannot use it up.
 */
import type { z } from 'zod';
import {
  type AccessRefusal,
  BindPayload,
  ByePayload,
  HelloPayload,
  OfferPayload,
  type PublicJwk,
  TYP,
} from '../wire/signalling.ts';
import { type OpenedToken, openToken, type TokenType } from '../wire/token.ts';
import { CandidatesPayload } from '../wire/trickle.ts';
import type { Challenges } from './challenges.ts';

export type Verdict<T> = { ok: true; value: T } | { ok: false; reason: AccessRefusal };

/** A verified payload, with the key that signed it. */
interface Signed<T> {
  readonly payload: T;
  readonly device: string;
  readonly jwk: PublicJwk;
}

interface Claims {
  robot: string;
  peer: string;
  iat: number;
}

interface Challenged extends Claims {
  challenge: string;
}

interface VerifierParts {
  readonly robot: string;
  readonly challenges: Challenges;
}

export class Verifier {
  constructor(private readonly parts: VerifierParts) {}

  /** `token`: the plaintext of a JWE to this robot. */
  bind(peer: string, token: string): Promise<Verdict<Signed<BindPayload>>> {
    return this.open(peer, token, TYP.bind, BindPayload, this.liveChallenge);
  }

  offer(peer: string, token: string): Promise<Verdict<Signed<OfferPayload>>> {
    return this.open(peer, token, TYP.offer, OfferPayload, this.liveChallenge);
  }

  /**
   * A hello has no challenge to prove freshness and needs none: only the device that made the
   * encryption key can read the reply. Its time is ignored for the same reason.
   */
  async hello(peer: string, nonce: string, token: string): Promise<Verdict<Signed<HelloPayload>>> {
    const { robot } = this.parts;
    const opened = await openToken<HelloPayload, AccessRefusal>(
      token,
      TYP.hello,
      HelloPayload,
      (claims) =>
        claims.robot !== robot || claims.peer !== peer || claims.nonce !== nonce
          ? 'notAuthentic'
          : undefined,
    );
    return signed(opened);
  }

  /** Candidates refer to an offer that the caller knows; `fits` is checked before the signature. */
  candidates(
    peer: string,
    token: string,
    fits: (claims: CandidatesPayload) => boolean,
  ): Promise<Verdict<Signed<CandidatesPayload>>> {
    return this.open(peer, token, TYP.deviceCandidates, CandidatesPayload, (claims) =>
      fits(claims) ? undefined : 'staleChallenge',
    );
  }

  /** A bye names the challenge of the offer it withdraws, which the caller compares. */
  bye(peer: string, token: string): Promise<Verdict<Signed<ByePayload>>> {
    return this.open(peer, token, TYP.bye, ByePayload, () => undefined);
  }

  private async open<T extends Claims>(
    peer: string,
    token: string,
    typ: TokenType,
    schema: z.ZodType<T>,
    challengeFault: (claims: T) => AccessRefusal | undefined,
  ): Promise<Verdict<Signed<T>>> {
    const opened = await openToken<T, AccessRefusal>(
      token,
      typ,
      schema,
      (claims) => this.mismatch(peer, claims) ?? challengeFault(claims),
    );
    return signed(opened);
  }

  private mismatch(peer: string, claims: Claims): AccessRefusal | undefined {
    const fits = claims.robot === this.parts.robot && claims.peer === peer;
    return fits ? undefined : 'notAuthentic';
  }

  private readonly liveChallenge = (claims: Challenged): AccessRefusal | undefined =>
    this.parts.challenges.isLive(claims.peer, claims.challenge) ? undefined : 'staleChallenge';
}

function signed<T>(opened: OpenedToken<T, AccessRefusal>): Verdict<Signed<T>> {
  if (!opened.ok) return opened;
  const { payload, signer, jwk } = opened;
  return { ok: true, value: { payload, device: signer, jwk } };
}
