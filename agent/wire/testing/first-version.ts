/**
 * Signalling as version 0.1.0 reads it, kept as it was: a page or robot of that version calls every
 * message malformed that does not fit. Never to be changed.
 */
import { z } from 'zod';
import { PeerId, RobotId } from '../topics.ts';

const Token = z.string().min(1).max(40_000);
const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'expected 128 bits in base64url');
const Thumbprint = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'expected an RFC 7638 SHA-256 thumbprint');
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const iat = z.number().int().nonnegative();

const PublicJwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: Coordinate,
  y: Coordinate,
});

export const FirstUp = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), nonce: Nonce }),
  z.strictObject({ kind: z.literal('bind'), token: Token }),
  z.strictObject({ kind: z.literal('offer'), token: Token }),
  z.strictObject({ kind: z.literal('bye'), token: Token }),
]);

export const FirstDown = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('challenge'), token: Token }),
  z.strictObject({ kind: z.literal('bound'), token: Token }),
  z.strictObject({ kind: z.literal('answer'), token: Token }),
  z.strictObject({ kind: z.literal('refused'), token: Token }),
]);

const ChallengePayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  nonce: Nonce,
  challenge: Nonce,
  encryptionKey: PublicJwk,
  iat,
});

const BindPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  invitation: Nonce,
  iat,
});

const BoundPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  device: Thumbprint,
  iat,
});

const OfferPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  sdp: z.string().min(1).max(30_000),
  iat,
});

const AnswerPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  offerHash: Thumbprint,
  sdp: z.string().min(1).max(30_000),
  iat,
});

const ByePayload = z.strictObject({ robot: RobotId, peer: PeerId, challenge: Nonce, iat });

const AccessRefusal = z.enum([
  'inUse',
  'malformed',
  'tooLong',
  'tooMany',
  'staleChallenge',
  'notAuthentic',
  'unknownDevice',
  'invitationUnknown',
  'invitationUsed',
  'invitationExpired',
  'notAvailable',
]);

const RefusedPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  inReplyTo: z.union([Nonce, Thumbprint]).nullable(),
  reason: AccessRefusal,
  iat,
});

/** What stands inside the tokens, by kind of message (a bind token is inside a JWE). */
export const firstPayloads = {
  challenge: ChallengePayload,
  bind: BindPayload,
  bound: BoundPayload,
  offer: OfferPayload,
  answer: AnswerPayload,
  refused: RefusedPayload,
  bye: ByePayload,
} as const;
