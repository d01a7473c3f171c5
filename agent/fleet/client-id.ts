import { createHash } from 'node:crypto';

/** What every MQTT 3.1.1 server must take ([MQTT-3.1.3-5]); many refuse more. */
export const MAX_CLIENT_ID = 23;
const PREFIX = 'deskmate';

/**
 * The robot's name to the broker: `deskmate` and 15 hex digits (60 bits) of the SHA-256 of its id.
 * Always the same for one robot, so that a broker sees a newer connection take the place of one that
 * died unnoticed. Nothing is kept under the name: sessions are clean, and what is retained hangs on
 * topics.
 */
export function robotClientId(robot: string): string {
  const digest = createHash('sha256').update(robot).digest('hex');
  return PREFIX + digest.slice(0, MAX_CLIENT_ID - PREFIX.length);
}
