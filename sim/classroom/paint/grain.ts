/** Fixed irregularities for wood, paint and cloth: the same at each start. */

/** 0..1 for a whole-numbered place. */
export function speckle(x: number, y: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** Smooth noise, 0..1, with bumps of size 1. */
export function bumps(x: number, y: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = smooth(x - ix);
  const fy = smooth(y - iy);
  const upper = speckle(ix, iy) * (1 - fx) + speckle(ix + 1, iy) * fx;
  const lower = speckle(ix, iy + 1) * (1 - fx) + speckle(ix + 1, iy + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
