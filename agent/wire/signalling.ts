/**
 * Signalling over the broker, signed end to end: the broker carries it and can neither read an
 * invitation, replay an offer, forge an answer nor put itself between (the DTLS fingerprint is in
 * the signed SDP). JWS and JWE compact serialisation (RFC 7515, RFC 7516), ES256 and
 * ECDH-ES+A256GCM; keys as JWK, named by their thumbprint (RFC 7638).
 *
 *   pupil                                   robot
 *   hello {nonce}                   ->
 *                                   <-      challenge: JWS by the robot {peer, nonce, challenge, encryptionKey}
 *   bind: JWE{JWS by the device {challenge, invitation}}  ->          (once, with an invitation)
 *                                   <-      bound: JWS by the robot
 *   offer: JWS by the device {challenge, sdp}  ->
 *                                   <-      answer: JWS by the robot {challenge, offerHash, sdp} | refused: JWS by the robot
 *   bye: JWS by the device {challenge of the offer it takes back}  ->
 */
import { z } from 'zod';
import { PeerId, RobotId } from './topics.ts';

const Token = z.string().min(1).max(40_000);
/** 128 random bits, base64url. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'expected 128 bits in base64url');
const Thumbprint = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'expected an RFC 7638 SHA-256 thumbprint');
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/**
 * The signer's wall clock, seconds since 1970 (RFC 7519 NumericDate). A clock may be years off, also
 * before 1970: this tells when the signer thought it was, and is never what freshness is judged by.
 */
const iat = z.number().int();

export const PublicJwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: Coordinate,
  y: Coordinate,
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/** On `toRobot`. */
export const SignalUp = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), nonce: Nonce }),
  z.strictObject({ kind: z.literal('bind'), token: Token }),
  z.strictObject({ kind: z.literal('offer'), token: Token }),
  z.strictObject({ kind: z.literal('bye'), token: Token }),
]);
export type SignalUp = z.infer<typeof SignalUp>;

/** On `toPeer`. Every token is a JWS by the robot. */
export const SignalDown = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('challenge'), token: Token }),
  z.strictObject({ kind: z.literal('bound'), token: Token }),
  z.strictObject({ kind: z.literal('answer'), token: Token }),
  z.strictObject({ kind: z.literal('refused'), token: Token }),
]);
export type SignalDown = z.infer<typeof SignalDown>;

/** JWS payloads. The protected header carries `typ` = one of these names and, for devices and the robot, `jwk`. */
export const TYP = {
  challenge: 'deskmate-challenge+jws',
  bind: 'deskmate-bind+jws',
  bound: 'deskmate-bound+jws',
  offer: 'deskmate-offer+jws',
  answer: 'deskmate-answer+jws',
  refused: 'deskmate-refused+jws',
  bye: 'deskmate-bye+jws',
} as const;

export const ChallengePayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  nonce: Nonce,
  challenge: Nonce,
  encryptionKey: PublicJwk,
  iat,
});
export type ChallengePayload = z.infer<typeof ChallengePayload>;

export const BindPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  invitation: Nonce,
  iat,
});
export type BindPayload = z.infer<typeof BindPayload>;

export const BoundPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  device: Thumbprint,
  iat,
});
export type BoundPayload = z.infer<typeof BoundPayload>;

export const OfferPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  sdp: z.string().min(1).max(30_000),
  iat,
});
export type OfferPayload = z.infer<typeof OfferPayload>;

export const AnswerPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  challenge: Nonce,
  /** SHA-256 of the offer's token, base64url. */
  offerHash: Thumbprint,
  sdp: z.string().min(1).max(30_000),
  iat,
});
export type AnswerPayload = z.infer<typeof AnswerPayload>;

export const ByePayload = z.strictObject({ robot: RobotId, peer: PeerId, challenge: Nonce, iat });
export type ByePayload = z.infer<typeof ByePayload>;

export const AccessRefusal = z.enum([
  /** Somebody else is in class through this robot. */
  'inUse',
  'malformed',
  'tooLong',
  'tooMany',
  /** Challenge unknown, used or too old. Ask for a new one. */
  'staleChallenge',
  /** The signature, robot id or peer does not fit. */
  'notAuthentic',
  /** The device was never bound here, or not any more. */
  'unknownDevice',
  'invitationUnknown',
  'invitationUsed',
  'invitationExpired',
  /** The robot cannot now (updating, battery empty, shutting down). */
  'notAvailable',
]);
export type AccessRefusal = z.infer<typeof AccessRefusal>;

export const RefusedPayload = z.strictObject({
  robot: RobotId,
  peer: PeerId,
  /**
   * What exactly is refused: the nonce of a hello, or the SHA-256 of a token. Null when the message
   * could not be read. So nobody can make the robot refuse, in a pupil's eyes, what the pupil sent.
   */
  inReplyTo: z.union([Nonce, Thumbprint]).nullable(),
  reason: AccessRefusal,
  iat,
});
export type RefusedPayload = z.infer<typeof RefusedPayload>;
