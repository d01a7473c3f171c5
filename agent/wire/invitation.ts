/**
 * An invitation as a link: `<page>#r=<robot>&s=<secret>&k=<robot key>&e=<expiry>&b=<broker>`. All
 * of it follows the `#`, so that no web server receives the secret.
 */
import { z } from 'zod';
import { Nonce } from './signalling.ts';
import { RobotId } from './topics.ts';

export const Invitation = z.strictObject({
  robot: RobotId,
  /** 128 random bits, base64url. Single use. */
  secret: Nonce,
  /** RFC 7638 thumbprint of the robot's signing key, SHA-256, base64url. */
  robotKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 thumbprint in base64url'),
  /** Seconds since 1970. */
  expires: z.number().int().positive(),
  /** Address of the broker: ws:// or wss://. */
  broker: z
    .string()
    .max(200)
    .regex(/^wss?:\/\//, 'expected a ws:// or wss:// address'),
});
export type Invitation = z.infer<typeof Invitation>;

/** The invitation, or which field is wrong; parsing never throws. */
export type ParsedInvitation = { ok: true; invitation: Invitation } | { ok: false; why: string };

export function formatInvitation(page: string, invitation: Invitation): string {
  const { robot, secret, robotKey, expires, broker } = invitation;
  const fields = new URLSearchParams({
    r: robot,
    s: secret,
    k: robotKey,
    e: String(expires),
    b: broker,
  });
  return `${page}#${fields}`;
}

/** Reads the part of a link behind `#` (with or without it). */
export function parseInvitation(fragment: string): ParsedInvitation {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text.length > 1_000) return { ok: false, why: 'the link is too long' };
  const fields = new URLSearchParams(text);
  const parsed = Invitation.safeParse({
    robot: fields.get('r'),
    secret: fields.get('s'),
    robotKey: fields.get('k'),
    expires: Number(fields.get('e')),
    broker: fields.get('b'),
  });
  if (parsed.success) return { ok: true, invitation: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    ok: false,
    why: issue ? `${issue.path.join('.')}: ${issue.message}` : 'not an invitation',
  };
}
