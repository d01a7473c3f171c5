/**
 * The time of day, from the fleet to one robot that requested it: for networks that block time
 * servers. The request contains a nonce, the answer is a JWS (ES256) that repeats it.
 */
import { z } from 'zod';
import { Nonce } from './signalling.ts';
import { RobotId } from './topics.ts';

export const TimeQuestion = z.looseObject({ nonce: Nonce });

export const TimeAnswer = z.looseObject({
  robot: RobotId,
  nonce: Nonce,
  /** Milliseconds since 1970, when it was signed. */
  atMs: z.number().int().nonnegative(),
});
export type TimeAnswer = z.infer<typeof TimeAnswer>;
