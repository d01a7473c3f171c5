/** Seeded randomness (xorshift32) of fakes: a run repeats exactly. */
export class FakeRandom {
  private state: number;

  constructor(seed: number) {
    // Small seeds differ in few bits; multiplied they do not. Zero is the one state to avoid.
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 0 || 1;
  }

  /** 0 <= x < 1 */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) / 2 ** 32;
  }

  /** 0 <= x < count, whole. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Exponentially distributed: gaps between events that know nothing of each other. */
  gap(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError('expected at least one choice');
    return choice;
  }
}
