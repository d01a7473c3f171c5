/**
 * The same moving picture for every sender: a camera that pans over a textured wall, with sensor
 * noise, and a barcode of the capture time in its top rows. Runs in Node and in browsers.
 */

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Luma of one barcode block: 16 by 16 pixels survive coding and scaling to half size. */
const BLOCK_PX = 16;
const TIME_BITS = 32;
const CHECK_BITS = 4;
const BITS = TIME_BITS + CHECK_BITS;
const WHITE = 235;
const BLACK = 16;
const THRESHOLD = 126;
export const BARCODE_WIDTH = BITS * BLOCK_PX;
export const BARCODE_HEIGHT = BLOCK_PX;

/** Frames differ by noise even where nothing moves; so many variants are cycled through. */
export const NOISE_VARIANTS = 4;
const PAN_PX_PER_FRAME = 4;

/** A wall twice as wide as the picture, as planes: luma variants, then both chroma planes. */
interface Wall {
  readonly lumas: readonly Uint8Array[];
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

export function makeWall({ width, height }: PictureSize): Wall {
  const texture = texturePlane(width * 2, height, [
    { cell: 64, contrast: 120, seed: 1 },
    { cell: 16, contrast: 60, seed: 2 },
    { cell: 4, contrast: 30, seed: 3 },
  ]);
  const random = randomNumbers(7);
  const lumas = Array.from({ length: NOISE_VARIANTS }, () =>
    texture.map((luma) => luma + Math.round(random() * 4) - 2),
  );
  const chroma = (seed: number): Uint8Array =>
    texturePlane(width, height / 2, [{ cell: 40, contrast: 60, seed }]);
  return { lumas, u: chroma(4), v: chroma(5) };
}

/** Left edge of frame `n` on the wall, pixels, even: to and fro. */
export function panOffset(n: number, width: number): number {
  const at = (n * PAN_PX_PER_FRAME) % (2 * width);
  const offset = at > width ? 2 * width - at : at;
  return offset - (offset % 2);
}

/** Draws frame `n` as I420 into `out`, stamped with a wall time in tenths of a millisecond. */
export function drawFrame(
  wall: Wall,
  { width, height }: PictureSize,
  out: Uint8Array | Uint8ClampedArray,
  n: number,
  tenths: number,
): void {
  const left = panOffset(n, width);
  const luma = wall.lumas[n % NOISE_VARIANTS];
  if (!luma) throw new RangeError(`frame ${n}: expected a whole number from 0`);
  copyWindow(luma, width * 2, left, out, 0, width, height);
  const half = { width: width / 2, height: height / 2 };
  const uAt = width * height;
  copyWindow(wall.u, width, left / 2, out, uAt, half.width, half.height);
  copyWindow(wall.v, width, left / 2, out, uAt + half.width * half.height, half.width, half.height);
  writeBarcode(out, width, tenths);
}

export function writeBarcode(
  luma: Uint8Array | Uint8ClampedArray,
  stride: number,
  tenths: number,
): void {
  const check = checkOf(tenths);
  for (let bit = 0; bit < BITS; bit += 1) {
    const on = bit < TIME_BITS ? (tenths >>> bit) & 1 : (check >>> (bit - TIME_BITS)) & 1;
    const from = bit * BLOCK_PX;
    for (let row = 0; row < BLOCK_PX; row += 1) {
      const start = row * stride + from;
      luma.fill(on ? WHITE : BLACK, start, start + BLOCK_PX);
    }
  }
}

/**
 * The stamped time, or undefined when the code does not read. `scale`: width of the received
 * picture by the width it was drawn with.
 */
export function readBarcode(luma: Uint8Array, stride: number, scale = 1): number | undefined {
  const row = Math.floor((BLOCK_PX / 2) * scale) * stride;
  let tenths = 0;
  let check = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const at = row + Math.floor((bit + 0.5) * BLOCK_PX * scale);
    const on = (luma[at] ?? 0) > THRESHOLD ? 1 : 0;
    if (bit < TIME_BITS) tenths |= on << bit;
    else check |= on << (bit - TIME_BITS);
  }
  return checkOf(tenths) === check ? tenths >>> 0 : undefined;
}

function checkOf(tenths: number): number {
  let check = 0;
  for (let at = 0; at < TIME_BITS; at += CHECK_BITS) check ^= (tenths >>> at) & 15;
  return check;
}

function copyWindow(
  from: Uint8Array,
  stride: number,
  left: number,
  to: Uint8Array | Uint8ClampedArray,
  offset: number,
  width: number,
  height: number,
): void {
  for (let row = 0; row < height; row += 1) {
    const start = row * stride + left;
    to.set(from.subarray(start, start + width), offset + row * width);
  }
}

interface Octave {
  /** Pixels between two random values. */
  readonly cell: number;
  readonly contrast: number;
  readonly seed: number;
}

function texturePlane(width: number, height: number, octaves: readonly Octave[]): Uint8Array {
  const sum = new Float32Array(width * height).fill(124);
  for (const octave of octaves) addNoise(sum, width, height, octave);
  return Uint8Array.from(sum, (value) => Math.max(20, Math.min(230, value)));
}

/** Bilinear value noise. */
function addNoise(
  sum: Float32Array,
  width: number,
  height: number,
  { cell, contrast, seed }: Octave,
): void {
  const columns = Math.ceil(width / cell) + 2;
  const random = randomNumbers(seed);
  const grid = Float32Array.from(
    { length: columns * (Math.ceil(height / cell) + 2) },
    () => (random() - 0.5) * contrast,
  );
  const value = (at: number, right: number): number =>
    (grid[at] ?? 0) * (1 - right) + (grid[at + 1] ?? 0) * right;
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / cell);
    const down = y / cell - row;
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(x / cell);
      const at = row * columns + column;
      const right = x / cell - column;
      const mixed = value(at, right) * (1 - down) + value(at + columns, right) * down;
      sum[y * width + x] = (sum[y * width + x] ?? 0) + mixed;
    }
  }
}

/** The same numbers in every process, 0..1. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Wall time in tenths of a millisecond, modulo 2^32, the same in all processes of this machine.
 * `performance.now()` counts on from one calibration against the system's wall clock: `Date.now()`
 * alone has whole milliseconds, and `performance.timeOrigin` may have drifted since the start.
 */
export class StampClock {
  private readonly originMs: number;

  constructor() {
    const before = Date.now();
    let tick = before;
    while (tick === before) tick = Date.now();
    this.originMs = tick - performance.now();
  }

  /** Tenths of a millisecond at `atMs` on performance.now()'s time base. */
  tenths(atMs: number = performance.now()): number {
    return Math.floor((this.originMs + atMs) * 10) % 2 ** 32;
  }

  /** Milliseconds from the stamp to `atMs`. */
  sinceMs(stamp: number, atMs: number): number {
    const tenths = (this.originMs + atMs) * 10 - stamp;
    const turns = Math.round(tenths / 2 ** 32);
    return (tenths - turns * 2 ** 32) / 10;
  }
}
