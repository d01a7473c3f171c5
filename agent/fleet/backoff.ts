/** How long to wait between tries, milliseconds: the pause before the first retry, and the longest. */
export interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A broker that is out of reach, or came and went. */
export const USUAL: Pace = { firstMs: 1_000, longestMs: 30_000 };
/** Two that take each other's place: whoever waits longer lets the other one work. */
export const CONTESTED: Pace = { firstMs: 8_000, longestMs: 300_000 };
/** Nothing that trying again soon could mend: a wrong password, a refused name. */
export const REFUSED: Pace = { firstMs: 60_000, longestMs: 300_000 };

/** Of each pause this share is certain, however chance falls: no dice make a hot loop. */
const CERTAIN = 1 / 8;

/**
 * The pause before the next try: doubles with each `attempt` (from 0) up to the longest. All of it
 * but an eighth is chance (`chance` is 0..1), so that a fleet that lost its broker in one moment
 * comes back spread over the whole pause.
 */
export function retryAfterMs(attempt: number, chance: number, pace: Pace = USUAL): number {
  const longest = Math.min(pace.longestMs, pace.firstMs * 2 ** Math.min(attempt, 16));
  return longest * (CERTAIN + (1 - CERTAIN) * chance);
}
