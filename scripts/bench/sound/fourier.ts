/** A radix-2 Fourier transform, made once for a size (a power of two). */
export class Fourier {
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly order: Uint32Array;

  constructor(readonly size: number) {
    this.cos = Float64Array.from({ length: size / 2 }, (_, i) =>
      Math.cos((2 * Math.PI * i) / size),
    );
    this.sin = Float64Array.from({ length: size / 2 }, (_, i) =>
      Math.sin((2 * Math.PI * i) / size),
    );
    const bits = Math.log2(size);
    this.order = Uint32Array.from({ length: size }, (_, i) => reversed(i, bits));
  }

  /** In place; `inverse` divides by the size. */
  transform(re: Float64Array, im: Float64Array, inverse = false): void {
    this.reorder(re, im);
    for (let half = 1; half < this.size; half *= 2) this.stage(re, im, half, inverse ? 1 : -1);
    if (!inverse) return;
    for (let i = 0; i < this.size; i++) {
      re[i] = at(re, i) / this.size;
      im[i] = at(im, i) / this.size;
    }
  }

  private reorder(re: Float64Array, im: Float64Array): void {
    for (let i = 0; i < this.size; i++) {
      const j = this.order[i] ?? 0;
      if (j <= i) continue;
      [re[i], re[j]] = [at(re, j), at(re, i)];
      [im[i], im[j]] = [at(im, j), at(im, i)];
    }
  }

  private stage(re: Float64Array, im: Float64Array, half: number, sign: 1 | -1): void {
    const step = this.size / (2 * half);
    for (let block = 0; block < this.size; block += 2 * half)
      for (let k = 0; k < half; k++) {
        const c = at(this.cos, k * step);
        const s = sign * at(this.sin, k * step);
        const [a, b] = [block + k, block + k + half];
        const x = at(re, b) * c - at(im, b) * s;
        const y = at(re, b) * s + at(im, b) * c;
        re[b] = at(re, a) - x;
        im[b] = at(im, a) - y;
        re[a] = at(re, a) + x;
        im[a] = at(im, a) + y;
      }
  }
}

/** The value at a place that is known to be inside. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

function reversed(value: number, bits: number): number {
  let out = 0;
  for (let bit = 0; bit < bits; bit++) out |= ((value >> bit) & 1) << (bits - 1 - bit);
  return out;
}
