import { slips } from '../../../hal/common/slips.ts';

/** The one of `known` that was probably meant: at most two slips of the finger away, and not another word. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const within = Math.min(2, Math.floor(word.length / 2));
  return known
    .map((one) => ({ one, away: slips(word.toLowerCase(), one) }))
    .filter(({ away }) => away <= within)
    .sort((a, b) => a.away - b.away)[0]?.one;
}
