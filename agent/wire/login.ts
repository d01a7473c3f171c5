/**
 * Login at the fleet service: the person's key signs a challenge of the service, beside the grants
 * that say what the person may see. What comes back is a token for hours; the key stays where it is.
 */
import { z } from 'zod';
import { GrantChain, NumericDate } from './grant.ts';
import { Nonce, Token, TYP } from './signalling.ts';
import { type Signer, signToken } from './token.ts';
import { PlaceId } from './topics.ts';

export const LoginPayload = z.strictObject({
  fleet: PlaceId,
  nonce: Nonce,
  /** Origin of the service as the person opened it: a login cannot be passed on to another one. */
  audience: z.string().max(300),
  iat: NumericDate,
});
export type LoginPayload = z.infer<typeof LoginPayload>;

/** `login` is a JWS by the holder of the last grant, or by the root without any. */
export const LoginRequest = z.strictObject({ login: Token, chain: GrantChain });
export type LoginRequest = z.infer<typeof LoginRequest>;

export function signLogin(signer: Signer, payload: LoginPayload): Promise<string> {
  return signToken(signer, TYP.login, LoginPayload.parse(payload));
}
