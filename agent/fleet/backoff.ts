const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * The pause before the next try: doubles from half a second to half a minute, of which the upper
 * half is chance, so that a whole fleet does not come back in the same second. `chance` is 0..1.
 */
export function retryAfterMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return longest * (0.5 + 0.5 * chance);
}
