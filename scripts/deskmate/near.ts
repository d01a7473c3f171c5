/** The one of `known` that was probably meant: at most two slips of the finger away, and not another word. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const within = Math.min(2, Math.floor(word.length / 2));
  return known
    .map((one) => ({ one, away: slips(word.toLowerCase(), one) }))
    .filter(({ away }) => away <= within)
    .sort((a, b) => a.away - b.away)[0]?.one;
}

/** Letters left out, put in, changed or swapped with their neighbour (optimal string alignment). */
function slips(from: string, to: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: to.length + 1 }, (_, n) => n),
  ];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + same,
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, row];
  }
  return last[to.length] ?? 0;
}
