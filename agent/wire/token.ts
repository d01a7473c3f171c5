/**
 * The signed tokens of agent/wire/signalling.ts: compact JWS (RFC 7515), ES256 only. The signer's
 * public key is in the header (`jwk`), so a token proves possession of that key; what the key is
 * authorised for is up to the reader (pinned robot, bound device).
 *
 * Follows RFC 8725 (JWT best practice) once for both ends: the algorithm is fixed (3.1), the type
 * is explicit and checked (3.11), and unexpected header fields such as `crit`, `b64`, `jku`, `x5c`
 * and `kid` are rejected.
 */
import { base64url, CompactSign, calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk, TYP } from './signalling.ts';

export const SIGNATURE_ALG = 'ES256';

/** A private key with its public key. */
export interface Signer {
  readonly key: CryptoKey;
  readonly jwk: PublicJwk;
}

export type TokenType = (typeof TYP)[keyof typeof TYP];

/** `malformed`: not a token. `notAuthentic`: wrong type, algorithm, key or signature. */
export type TokenFault = 'malformed' | 'notAuthentic';

export type OpenedToken<T, F extends string = TokenFault> =
  | { ok: true; payload: T; signer: string; jwk: PublicJwk }
  | { ok: false; reason: F | TokenFault };

const Header = z.strictObject({
  alg: z.literal(SIGNATURE_ALG),
  typ: z.enum(Object.values(TYP) as [TokenType, ...TokenType[]]),
  jwk: PublicJwk,
});

export function signToken(signer: Signer, typ: TokenType, payload: object): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: SIGNATURE_ALG, typ, jwk: signer.jwk })
    .sign(signer.key);
}

/**
 * Reads and verifies a token of type `typ`. `precheck` sees the payload before the costly signature
 * check, and can only refuse early: what passes is still verified.
 */
export async function openToken<T, F extends string = TokenFault>(
  token: string,
  typ: TokenType,
  schema: z.ZodType<T>,
  precheck: (payload: T) => F | undefined = () => undefined,
): Promise<OpenedToken<T, F>> {
  const parts = decodeParts(token);
  if (!parts) return { ok: false, reason: 'malformed' };
  const header = Header.safeParse(parts.header);
  if (!header.success || header.data.typ !== typ) return { ok: false, reason: 'notAuthentic' };
  const payload = schema.safeParse(parts.payload);
  if (!payload.success) return { ok: false, reason: 'malformed' };
  const early = precheck(payload.data);
  if (early !== undefined) return { ok: false, reason: early };
  const { jwk } = header.data;
  if (!(await signatureHolds(token, jwk))) return { ok: false, reason: 'notAuthentic' };
  return { ok: true, payload: payload.data, signer: await thumbprint(jwk), jwk };
}

/** RFC 7638, SHA-256: identifies a key. */
export function thumbprint(jwk: PublicJwk): Promise<string> {
  return calculateJwkThumbprint(jwk, 'sha256');
}

/** SHA-256 of a token's text, base64url: by which an answer or a refusal refers to it. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return base64url.encode(new Uint8Array(digest));
}

/** 128 random bits, base64url. */
export function freshNonce(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
}

/** A new peer id: 32 hex digits. */
export function freshPeerId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Only the four public members, without anything else in the exported key. */
export function publicJwk(exported: JsonWebKey): PublicJwk {
  const { kty, crv, x, y } = exported;
  return PublicJwk.parse({ kty, crv, x, y });
}

async function signatureHolds(token: string, jwk: PublicJwk): Promise<boolean> {
  try {
    // Import fails for a point that is not on the curve.
    const key = await importJWK(jwk, SIGNATURE_ALG);
    await compactVerify(token, key, { algorithms: [SIGNATURE_ALG] });
    return true;
  } catch {
    return false;
  }
}

function decodeParts(token: string): { header: unknown; payload: unknown } | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return undefined;
  if (![header, payload, signature].every(isCanonical)) return undefined;
  return tryDecode(header, payload);
}

function tryDecode(header: string, payload: string) {
  try {
    return { header: parseJson(header), payload: parseJson(payload) };
  } catch {
    return undefined;
  }
}

function parseJson(part: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(part)));
}

/** Canonical base64url: spare bits of the last character are zero (RFC 4648, 3.5). */
function isCanonical(part: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return false;
  try {
    return base64url.encode(base64url.decode(part)) === part;
  } catch {
    return false;
  }
}
