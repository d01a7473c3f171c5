/**
 * Signalling over the broker, signed end to end: the broker carries it, but cannot read an
 * invitation, replay an offer, forge an answer or be a man in the middle (the DTLS fingerprint is
 * in the signed SDP). JWS and JWE compact serialisation (RFC 7515, RFC 7516), ES256 and
 * ECDH-ES+A256GCM; keys as JWK, identified by their thumbprint (RFC 7638).
 *
 *   pupil                                   robot
 *   hello {nonce, features, device: JWS by the device {nonce, iceKey}}  ->
 *                                   <-      challenge: JWS by the robot {peer, nonce, challenge, encryptionKey,
 *                                                                        features, ice: JWE to iceKey}
 *   bind: JWE{JWS by the device {challenge, invitation}}  ->          (once, with an invitation)
 *                                   <-      bound: JWS by the robot
 *   offer: JWS by the device {challenge, sdp}  ->
 *                                   <-      answer: JWS by the robot {challenge, offerHash, sdp} | refused: JWS by the robot
 *   candidates: JWS by the device   <->     candidates: JWS by the robot    (trickle.ts)
 *                                   <-      restart: JWS by the robot {challenge of the offer that it answered}
 *   bye: JWS by the device {challenge of the offer it withdraws}  ->
 *
 * Compatibility: unknown fields are ignored, and what a side supports beyond the first version is
 * listed in `features` (see docs/access.md). Version 0.1.0 has neither features nor candidates, and
 * refuses every message with an unknown field as `malformed`.
 */
import { z } from 'zod';
import { NextLesson } from './next-lesson.ts';
import { PeerId, RobotId } from './topics.ts';

/** A JWS or a JWE in its compact form (RFC 7515, 7.1; RFC 7516, 7.1). */
export const Token = z
  .string()
  .max(40_000)
  .regex(
    /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?$/,
    'expected a compact JWS or JWE',
  );
/** 128 random bits, base64url. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'expected 128 bits in base64url');
export const Thumbprint = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'expected an RFC 7638 SHA-256 thumbprint');
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/**
 * The signer's wall clock, seconds since 1970 (RFC 7519 NumericDate). It may be years off, also
 * before 1970: it informs about the signer's clock, and never decides on freshness.
 */
const iat = z.number().int();

export const PublicJwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: Coordinate,
  y: Coordinate,
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/** What a side supports beyond version 0.1.0. Unknown names are ignored. */
export const FEATURES = [
  /** Trickle ICE: the answer does not wait for candidates. */
  'trickle',
  /** STUN and TURN servers are in the challenge. */
  'iceServers',
  /** A further offer may restart ICE of an existing connection. */
  'iceRestart',
  /** A robot with a timetable: `notInLesson`, `lessonOver`, and when the next lesson is. */
  'lessons',
] as const;
export type Feature = (typeof FEATURES)[number];
const Features = z.array(z.string().max(32)).max(16);

export function knownFeatures(names: readonly string[] = []): ReadonlySet<Feature> {
  return new Set(FEATURES.filter((name) => names.includes(name)));
}

/** On `toRobot`. */
export const SignalUp = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    nonce: Nonce,
    features: Features.exactOptional(),
    /** JWS by the device, if it is bound already; see HelloPayload. */
    device: Token.exactOptional(),
  }),
  z.object({ kind: z.literal('bind'), token: Token }),
  z.object({ kind: z.literal('offer'), token: Token }),
  z.object({ kind: z.literal('candidates'), token: Token }),
  z.object({ kind: z.literal('bye'), token: Token }),
]);
export type SignalUp = z.infer<typeof SignalUp>;

/** On `toPeer`. Every token is a JWS by the robot. */
export const SignalDown = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('challenge'), token: Token }),
  z.object({ kind: z.literal('bound'), token: Token }),
  z.object({ kind: z.literal('answer'), token: Token }),
  z.object({ kind: z.literal('candidates'), token: Token }),
  z.object({ kind: z.literal('restart'), token: Token }),
  z.object({ kind: z.literal('refused'), token: Token }),
]);
export type SignalDown = z.infer<typeof SignalDown>;

/** JWS payloads. The protected header carries `typ` = one of these names and, for devices and the robot, `jwk`. */
export const TYP = {
  hello: 'deskmate-hello+jws',
  challenge: 'deskmate-challenge+jws',
  bind: 'deskmate-bind+jws',
  bound: 'deskmate-bound+jws',
  offer: 'deskmate-offer+jws',
  answer: 'deskmate-answer+jws',
  deviceCandidates: 'deskmate-device-candidates+jws',
  robotCandidates: 'deskmate-robot-candidates+jws',
  restart: 'deskmate-restart+jws',
  refused: 'deskmate-refused+jws',
  bye: 'deskmate-bye+jws',
  /** By the fleet; agent/wire/fleet-time.ts. */
  time: 'deskmate-time+jws',
  /** By people of the fleet, and robots to them; grant.ts, order.ts, audit.ts, record-ack.ts. */
  grant: 'deskmate-grant+jws',
  order: 'deskmate-order+jws',
  receipt: 'deskmate-receipt+jws',
  identity: 'deskmate-identity+jws',
  audit: 'deskmate-audit+jws',
  recordAck: 'deskmate-record-ack+jws',
  /** By people to the fleet service; login.ts. */
  login: 'deskmate-login+jws',
} as const;

const Sdp = z.string().min(1).max(30_000);
/** Common to all payloads: robot, peer and time. */
const claims = { robot: RobotId, peer: PeerId, iat };
/** With the robot's challenge. */
export const challenged = { ...claims, challenge: Nonce };

/** By a bound device; only it can decrypt what is encrypted to this key, for this one hello. */
export const HelloPayload = z.object({
  ...claims,
  nonce: Nonce,
  /** ECDH, for this hello only. */
  iceKey: PublicJwk,
});
export type HelloPayload = z.infer<typeof HelloPayload>;

/** Plaintext of the challenge's JWE, as RTCConfiguration takes it. */
export const IceServers = z.object({
  iceServers: z
    .array(
      z.object({
        urls: z.union([z.string().max(300), z.array(z.string().max(300)).min(1).max(8)]),
        username: z.string().max(500).exactOptional(),
        credential: z.string().max(500).exactOptional(),
      }),
    )
    .max(8),
});
export type IceServers = z.infer<typeof IceServers>;

/** An entry of RTCConfiguration. */
export type IceServer = IceServers['iceServers'][number];

export function urlsOf({ urls }: { urls: string | readonly string[] }): readonly string[] {
  return typeof urls === 'string' ? [urls] : urls;
}

export const ChallengePayload = z.object({
  ...challenged,
  nonce: Nonce,
  encryptionKey: PublicJwk,
  features: Features.exactOptional(),
  /** JWE of IceServers to the hello's `iceKey`. */
  ice: z.string().max(16_000).exactOptional(),
});
export type ChallengePayload = z.infer<typeof ChallengePayload>;

export const BindPayload = z.object({ ...challenged, invitation: Nonce });
export type BindPayload = z.infer<typeof BindPayload>;

export const BoundPayload = z.object({ ...challenged, device: Thumbprint });
export type BoundPayload = z.infer<typeof BoundPayload>;

export const OfferPayload = z.object({
  ...challenged,
  sdp: Sdp,
  /** Candidates follow the offer, and may follow the answer. */
  trickle: z.boolean().exactOptional(),
  /** ICE restart of this peer's connection: DTLS, channels and session stay. */
  restart: z.boolean().exactOptional(),
});
export type OfferPayload = z.infer<typeof OfferPayload>;

export const AnswerPayload = z.object({
  ...challenged,
  /** SHA-256 of the offer's token, base64url. */
  offerHash: Thumbprint,
  sdp: Sdp,
});
export type AnswerPayload = z.infer<typeof AnswerPayload>;

/** Requests an offer with `restart` (network changed); challenge of the last answered offer. */
export const RestartPayload = z.object(challenged);
export type RestartPayload = z.infer<typeof RestartPayload>;

export const ByePayload = z.object(challenged);
export type ByePayload = z.infer<typeof ByePayload>;

export const AccessRefusal = z.enum([
  /** Another pupil is in class through this robot. */
  'inUse',
  'malformed',
  'tooLong',
  'tooMany',
  /** Challenge unknown, used or expired. Request a new one. */
  'staleChallenge',
  /** Signature, robot id or peer does not match. */
  'notAuthentic',
  /** The device was never bound here, or was revoked. */
  'unknownDevice',
  'invitationUnknown',
  'invitationUsed',
  'invitationExpired',
  /** The robot's time of day is unknown, so it cannot tell whether the invitation has expired. */
  'clockUnknown',
  /** Not possible at present (updating, battery empty, shutting down). */
  'notAvailable',
  /** The timetable has no lesson now. Only to devices with the feature `lessons`. */
  'notInLesson',
]);
export type AccessRefusal = z.infer<typeof AccessRefusal>;

export const RefusedPayload = z.object({
  ...claims,
  /**
   * What is refused: the nonce of a hello, or the SHA-256 of a token; null when the message was
   * unreadable. So nobody can cause a refusal that a pupil's device takes as an answer to its
   * message.
   */
  inReplyTo: z.union([Nonce, Thumbprint]).nullable(),
  /** Unknown reasons of a newer robot count as `notAvailable`. */
  reason: AccessRefusal.catch('notAvailable'),
  /** With `notInLesson`; what a newer robot says of it in another way is ignored. */
  nextLesson: NextLesson.optional().catch(undefined),
});
export type RefusedPayload = z.infer<typeof RefusedPayload>;
