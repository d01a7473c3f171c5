/**
 * Draws the room straight to I420. For each block of 16x16 pixels the surfaces are asked from near
 * to far until one covers the block whole; these are then painted from far to near. So a pixel is
 * rarely painted twice, and what is hidden costs nothing.
 */
import type { VideoSize } from '../../hal/ports/media.ts';
import type { Surface } from './place.ts';
import { paintChromaEdge, paintChromaMasked, paintChromaWhole } from './render-chroma.ts';
import { Patch, paintEdge, paintMasked, paintWhole } from './render-patch.ts';
import { MOST_SURFACES, PlaneTable } from './render-planes.ts';
import { BLOCK, type HeadMotion, RayGrid } from './render-rays.ts';
import { CELL, type CoverMap, EMPTY, FULL, type Texture, type TextureStore } from './texture.ts';

/** Surfaces that may lie over each other in one block; what is further is behind them anyway. */
const DEEPEST = 24;
/** A layer found in a block: u and v at its four corners. */
const LAYER = 8;
const KEPT = 4;
/** Above this part of a level's step the next smaller picture is taken. */
const SHARPNESS = 0.42;

/** A sheet that a block is so many times larger than is seen edge on: nothing is to be seen. */
const THINNEST = 60;

const WHOLE = 0;
const EDGE = 1;
const MASKED = 2;

export function frameBytes(size: VideoSize): number {
  return (size.width * size.height * 3) / 2;
}

export class Renderer {
  private readonly grid: RayGrid;
  private readonly planes: PlaneTable;
  private readonly patch = new Patch();
  private readonly corners = new Float64Array(DEEPEST * LAYER);
  private readonly layers = new Int32Array(DEEPEST);
  private readonly kinds = new Int32Array(DEEPEST);
  /** By surface: u above, u below, v above, v below at the corners right of a block, and which. */
  private readonly rightCorners = new Float64Array(MOST_SURFACES * KEPT);
  private readonly keptFor = new Int32Array(MOST_SURFACES);
  private readonly candidates = new Int32Array(MOST_SURFACES);
  private candidateCount = 0;
  private surfaces: readonly Surface[] = [];

  constructor(
    readonly size: VideoSize,
    store: TextureStore,
  ) {
    this.grid = new RayGrid(size);
    this.planes = new PlaneTable(this.grid);
    this.patch.texels = store.y;
    this.patch.pairs = store.uv;
    this.patch.mask = store.a;
  }

  /** Fills `out` (frameBytes long) with the surfaces, which are given from near to far. */
  render(out: Uint8Array, surfaces: readonly Surface[], motion: HeadMotion): void {
    if (surfaces.length > MOST_SURFACES) throw new RangeError('too many surfaces in the room');
    this.surfaces = surfaces;
    this.grid.aim(motion);
    this.planes.load(surfaces, motion);
    this.keptFor.fill(-1);
    this.patch.out = out;
    for (let row = 0; row < this.grid.rows - 1; row++) {
      this.findCandidates(row);
      for (let column = 0; column < this.grid.columns - 1; column++) {
        const depth = this.findLayers(column, row);
        for (let layer = depth - 1; layer >= 0; layer--)
          this.paintLayer(layer, layer === depth - 1, column, row);
      }
    }
  }

  /** What may be seen somewhere in this row of blocks. */
  private findCandidates(row: number): void {
    this.candidateCount = 0;
    for (let index = 0; index < this.surfaces.length; index++)
      if (this.planes.touchesRow(index, row)) this.candidates[this.candidateCount++] = index;
  }

  /** Collects what is to be seen in the block, near to far; returns how many layers. */
  private findLayers(column: number, row: number): number {
    let depth = 0;
    for (let i = 0; i < this.candidateCount && depth < DEEPEST; i++) {
      const index = this.candidates[i] as number;
      if (!this.planes.touchesColumn(index, column)) continue;
      if (!this.meetCorners(index, column, row, depth * LAYER)) continue;
      const kind = this.kindOf((this.surfaces[index] as Surface).texture, depth * LAYER);
      if (kind === undefined) continue;
      this.layers[depth] = index;
      this.kinds[depth] = kind;
      depth += 1;
      if (kind === WHOLE) break;
    }
    return depth;
  }

  /** The left corners are mostly the right ones of the block before. */
  private meetCorners(index: number, column: number, row: number, to: number): boolean {
    const { planes, corners, rightCorners } = this;
    const corner = row * this.grid.columns + column;
    const below = corner + this.grid.columns;
    const kept = index * KEPT;
    if (this.keptFor[index] === corner) {
      corners[to] = rightCorners[kept] as number;
      corners[to + 2] = rightCorners[kept + 1] as number;
      corners[to + 4] = rightCorners[kept + 2] as number;
      corners[to + 6] = rightCorners[kept + 3] as number;
    } else if (
      !planes.meet(index, row, corner, corners, to) ||
      !planes.meet(index, row + 1, below, corners, to + 2)
    )
      return false;
    if (
      !planes.meet(index, row, corner + 1, corners, to + 1) ||
      !planes.meet(index, row + 1, below + 1, corners, to + 3)
    )
      return false;
    rightCorners[kept] = corners[to + 1] as number;
    rightCorners[kept + 1] = corners[to + 3] as number;
    rightCorners[kept + 2] = corners[to + 5] as number;
    rightCorners[kept + 3] = corners[to + 7] as number;
    this.keptFor[index] = corner + 1;
    return true;
  }

  /** How the layer covers the block; undefined when not at all. */
  private kindOf(texture: Texture, at: number): number | undefined {
    const c = this.corners;
    const u0 = lowest(c, at);
    const u1 = highest(c, at);
    const v0 = lowest(c, at + 4);
    const v1 = highest(c, at + 4);
    if (u1 <= 0 || u0 >= 1 || v1 <= 0 || v0 >= 1) return undefined;
    const inside = u0 >= 0 && u1 <= 1 && v0 >= 0 && v1 <= 1;
    if (!texture.cover) return inside ? WHOLE : EDGE;
    if (u1 - u0 > THINNEST || v1 - v0 > THINNEST) return undefined;
    const cover = coverWithin(texture.cover, texture, u0, u1, v0, v1);
    if (cover === EMPTY) return undefined;
    return cover === FULL && inside ? WHOLE : MASKED;
  }

  private paintLayer(layer: number, last: boolean, column: number, row: number): void {
    const { patch, size } = this;
    const { texture } = this.surfaces[this.layers[layer] as number] as Surface;
    const kind = this.kinds[layer] as number;
    const depth = this.levelFor(texture, layer * LAYER);
    const [left, top] = [column * BLOCK, row * BLOCK];
    patch.columns = Math.min(BLOCK, size.width - left);
    patch.rows = Math.min(BLOCK, size.height - top);
    patch.outAt = top * size.width + left;
    patch.outPitch = size.width;
    patch.span = BLOCK;
    this.takeLevel(texture, depth, layer * LAYER, false);
    paintLuma(patch, kind, last);

    patch.columns >>= 1;
    patch.rows >>= 1;
    patch.outPitch >>= 1;
    patch.span = BLOCK / 2;
    this.takeLevel(texture, Math.min(depth + 1, texture.levels.length - 1), layer * LAYER, true);
    const pixels = size.width * size.height;
    patch.outAt = pixels + (top / 2) * patch.outPitch + left / 2;
    patch.outAhead = pixels / 4;
    paintChroma(patch, kind, last);
  }

  /** The level whose texels are about as large as pixels. */
  private levelFor(texture: Texture, at: number): number {
    const c = this.corners;
    const base = texture.levels[0];
    if (!base) return 0;
    const uAcross = ((c[at + 1] as number) - (c[at] as number)) * base.width;
    const vAcross = ((c[at + 5] as number) - (c[at + 4] as number)) * base.height;
    const uDown = ((c[at + 2] as number) - (c[at] as number)) * base.width;
    const vDown = ((c[at + 6] as number) - (c[at + 4] as number)) * base.height;
    const area = Math.abs(uAcross * vDown - uDown * vAcross) / (BLOCK * BLOCK);
    const level = Math.floor(Math.log2(Math.max(area, 1)) / 2 + SHARPNESS);
    return Math.min(level, texture.levels.length - 1);
  }

  private takeLevel(texture: Texture, depth: number, at: number, chroma: boolean): void {
    const level = texture.levels[depth];
    if (!level) return;
    const { patch, corners: c } = this;
    const { width, height } = level;
    patch.texelsAt = chroma ? level.chromaOffset : level.offset;
    patch.maskAt = level.offset;
    patch.pitch = level.pitch;
    patch.width = width;
    patch.height = height;
    // Texel middles are at .5 and the rim is one wide.
    patch.u00 = (c[at] as number) * width + 0.5;
    patch.u10 = (c[at + 1] as number) * width + 0.5;
    patch.u01 = (c[at + 2] as number) * width + 0.5;
    patch.u11 = (c[at + 3] as number) * width + 0.5;
    patch.v00 = (c[at + 4] as number) * height + 0.5;
    patch.v10 = (c[at + 5] as number) * height + 0.5;
    patch.v01 = (c[at + 6] as number) * height + 0.5;
    patch.v11 = (c[at + 7] as number) * height + 0.5;
  }
}

function paintLuma(patch: Patch, kind: number, last: boolean): void {
  if (kind === WHOLE) paintWhole(patch);
  else if (kind === EDGE) paintEdge(patch, last);
  else paintMasked(patch);
}

function paintChroma(patch: Patch, kind: number, last: boolean): void {
  if (kind === WHOLE) paintChromaWhole(patch);
  else if (kind === EDGE) paintChromaEdge(patch, last);
  else paintChromaMasked(patch);
}

function lowest(c: Float64Array, at: number): number {
  return Math.min(c[at] as number, c[at + 1] as number, c[at + 2] as number, c[at + 3] as number);
}

function highest(c: Float64Array, at: number): number {
  return Math.max(c[at] as number, c[at + 1] as number, c[at + 2] as number, c[at + 3] as number);
}

/** EMPTY or FULL only when all cells that the range touches are so. */
function coverWithin(
  map: CoverMap,
  texture: Texture,
  u0: number,
  u1: number,
  v0: number,
  v1: number,
): number {
  const base = texture.levels[0];
  if (!base) return EMPTY;
  const left = Math.max(0, Math.floor((u0 * base.width) / CELL));
  const right = Math.min(map.columns - 1, Math.floor((u1 * base.width) / CELL));
  const top = Math.max(0, Math.floor((v0 * base.height) / CELL));
  const bottom = Math.min(map.rows - 1, Math.floor((v1 * base.height) / CELL));
  const first = map.cells[top * map.columns + left] as number;
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++)
      if (map.cells[row * map.columns + column] !== first) return 1;
  return first;
}
