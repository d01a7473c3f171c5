/**
 * Painted sheets as the renderer reads them: all in one store of bytes per plane (so that the inner
 * loops stay fast), each with smaller and smaller copies (mip levels) so that far text does not
 * shimmer. Each level has a rim of one copied texel, so that bilinear reads need no checks.
 */
import type { Canvas } from './paint/canvas.ts';

interface Level {
  /** Of the rim's first texel in `y` and `a` of the store. */
  readonly offset: number;
  /** The same in `uv`, which has no level 0: colour is seen at half the sharpness. */
  readonly chromaOffset: number;
  /** Texels from one line to the next: width plus the rim. */
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
}

/** Cells of the coverage map are this many texels of level 0 wide and high. */
export const CELL = 8;
export const EMPTY = 0;
const MIXED = 1;
export const FULL = 2;

export interface CoverMap {
  readonly columns: number;
  readonly rows: number;
  /** EMPTY, MIXED or FULL. */
  readonly cells: Uint8Array;
}

export interface Texture {
  readonly levels: readonly Level[];
  /** Undefined when there are no holes at all. */
  readonly cover: CoverMap | undefined;
}

/** Luma, both chroma and coverage, premultiplied by coverage; 0..255, BT.601 limited range. */
export interface TextureStore {
  readonly y: Uint8Array;
  /** u in the low half and v in the high half, so that one calculation does both. */
  readonly uv: Int32Array;
  readonly a: Uint8Array;
  readonly textures: ReadonlyMap<string, Texture>;
}

const LEVELS = 5;

export function storeTextures(sheets: ReadonlyMap<string, Canvas>): TextureStore {
  const placed = [...sheets].map(([name, sheet]) => ({ name, sheet }));
  let luma = 0;
  let chroma = 0;
  const textures = new Map<string, Texture>();
  for (const { name, sheet } of placed) {
    const levels = Array.from({ length: LEVELS }, (_, depth) => {
      const width = sheet.width >> depth;
      const height = sheet.height >> depth;
      const pitch = width + 2;
      const level = { offset: luma, chromaOffset: chroma, pitch, width, height };
      luma += pitch * (height + 2);
      if (depth > 0) chroma += pitch * (height + 2);
      return level;
    });
    textures.set(name, { levels, cover: coverMap(sheet) });
  }
  const store = {
    y: new Uint8Array(luma),
    uv: new Int32Array(chroma),
    a: new Uint8Array(luma),
    textures,
  };
  for (const { name, sheet } of placed) fillLevels(store, textures.get(name), sheet);
  return store;
}

/** Paints a picture of the same size anew, in place: surfaces that show it need not know. */
export function repaintTexture(store: TextureStore, name: string, sheet: Canvas): void {
  fillLevels(store, store.textures.get(name), sheet);
}

function fillLevels(store: TextureStore, texture: Texture | undefined, sheet: Canvas): void {
  let pixels = sheet.pixels;
  texture?.levels.forEach((level, depth) => {
    if (depth > 0) pixels = halve(pixels, level.width, level.height);
    writeLevel(store, level, depth > 0, pixels);
  });
}

/** Each new texel is the mean of four. */
function halve(pixels: Uint8ClampedArray, width: number, height: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 4);
  const pitch = width * 8;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < 4; i++, at++) {
        const from = y * 2 * pitch + x * 8 + i;
        const sum =
          (pixels[from] as number) +
          (pixels[from + 4] as number) +
          (pixels[from + pitch] as number) +
          (pixels[from + pitch + 4] as number);
        out[at] = sum / 4;
      }
  return out;
}

/** Converts to luma and chroma, copying the outermost texels to the rim. */
function writeLevel(
  store: TextureStore,
  level: Level,
  withChroma: boolean,
  pixels: Uint8ClampedArray,
): void {
  const { width, height, pitch } = level;
  for (let j = 0; j < height + 2; j++) {
    const line = Math.max(0, Math.min(height - 1, j - 1)) * width;
    for (let i = 0; i < pitch; i++) {
      const from = (line + Math.max(0, Math.min(width - 1, i - 1))) * 4;
      const r = pixels[from] as number;
      const g = pixels[from + 1] as number;
      const b = pixels[from + 2] as number;
      const a = pixels[from + 3] as number;
      const at = j * pitch + i;
      store.y[level.offset + at] = 0.257 * r + 0.504 * g + 0.098 * b + a * (16 / 255) + 0.5;
      store.a[level.offset + at] = a;
      if (!withChroma) continue;
      const grey = a * (128 / 255) + 0.5;
      const u = Math.floor(-0.148 * r - 0.291 * g + 0.439 * b + grey);
      const v = Math.floor(0.439 * r - 0.368 * g - 0.071 * b + grey);
      store.uv[level.chromaOffset + at] = u | (v << 16);
    }
  }
}

function coverMap(sheet: Canvas): CoverMap | undefined {
  const columns = sheet.width / CELL;
  const rows = sheet.height / CELL;
  const cells = new Uint8Array(columns * rows);
  let holes = false;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cover = coverOf(sheet, column * CELL, row * CELL);
      cells[row * columns + column] = cover;
      if (cover !== FULL) holes = true;
    }
  return holes ? { columns, rows, cells } : undefined;
}

function coverOf(sheet: Canvas, left: number, top: number): number {
  let lowest = 255;
  let highest = 0;
  // One texel around the cell counts too: bilinear reads reach there.
  for (let y = Math.max(0, top - 1); y < Math.min(sheet.height, top + CELL + 1); y++)
    for (let x = Math.max(0, left - 1); x < Math.min(sheet.width, left + CELL + 1); x++) {
      const a = sheet.pixels[(y * sheet.width + x) * 4 + 3] as number;
      if (a < lowest) lowest = a;
      if (a > highest) highest = a;
    }
  if (highest === 0) return EMPTY;
  return lowest >= 254 ? FULL : MIXED;
}
