/** Somebody's hand on the head: turns it by some degrees from where it was, holds it, lets go. */
export interface Hand {
  readonly holdsDeg: number;
  readonly untilMs: number;
}

export function pushBy(headDeg: number, byDeg: number, nowMs: number, forMs: number): Hand {
  return { holdsDeg: headDeg + byDeg, untilMs: nowMs + forMs };
}

/** Where the hand holds the head now, or undefined when there is none (any more). */
export function handAt(hand: Hand | undefined, nowMs: number): number | undefined {
  return hand && nowMs < hand.untilMs ? hand.holdsDeg : undefined;
}
