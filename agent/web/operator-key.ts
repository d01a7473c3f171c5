import { randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * The secret in the printed address: who does not have it gets nothing of the page for the person
 * beside the robot, neither from another site in the same browser nor as another user of this
 * computer. It stands in the path, so that one click is enough and every relative address keeps it;
 * a cookie would be sent to every port of this computer.
 */

/** 43 characters of base64url (RFC 4648). */
const BYTES = 32;

/** A new one each run: an address of before leads nowhere, whoever has the port by then. */
export const newOperatorKey = (): string => randomBytes(BYTES).toString('base64url');

/** The rest of a path that begins with the key, from its slash on; undefined: it does not. */
export function behindKey(urlPath: string, key: string): string | undefined {
  const given = Buffer.from(urlPath.slice(1, 1 + key.length));
  const wanted = Buffer.from(key);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const rest = urlPath.slice(1 + key.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}
