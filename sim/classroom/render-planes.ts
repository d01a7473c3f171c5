/** The surfaces of one frame as numbers: which blocks each may touch, and where a ray meets it. */
import type { VideoSize } from '../../hal/ports/media.ts';
import { projectRay, simulatedLens } from './lens.ts';
import type { Surface } from './place.ts';
import { type CameraFrame, cameraFrame, toCamera, type Vec3 } from './plan/pose.ts';
import { BLOCK, type HeadMotion, poseAtRow, type RayGrid } from './render-rays.ts';

export const MOST_SURFACES = 160;
/** Normal, corner, across / length squared, down / length squared. */
const NUMBERS = 12;
/** Blocks that a surface may touch: first column, first row, last column, last row. */
const RANGE = 4;
/** Nearer than this a corner's picture is not to be trusted. */
const NEAR_M = 0.02;
/** In lengths of a ray, which is at least one metre: far outside of the room. */
const FAR = 1_000;

export class PlaneTable {
  private readonly numbers = new Float64Array(MOST_SURFACES * NUMBERS);
  private readonly ranges = new Int32Array(MOST_SURFACES * RANGE);

  constructor(private readonly grid: RayGrid) {}

  load(surfaces: readonly Surface[], motion: HeadMotion): void {
    const frames = [cameraFrame(poseAtRow(motion, 0)), cameraFrame(poseAtRow(motion, 1))];
    surfaces.forEach((surface, index) => {
      this.numbers.set(numbersOf(surface), index * NUMBERS);
      this.ranges.set(blockRange(surface, frames, this.grid), index * RANGE);
    });
  }

  touchesRow(surface: number, row: number): boolean {
    const { ranges } = this;
    const at = surface * RANGE;
    return row >= (ranges[at + 1] as number) && row <= (ranges[at + 3] as number);
  }

  touchesColumn(surface: number, column: number): boolean {
    const { ranges } = this;
    const at = surface * RANGE;
    return column >= (ranges[at] as number) && column <= (ranges[at + 2] as number);
  }

  /**
   * Where the ray of the corner meets the surface, as parts of its width and height, into `out` at
   * `to` (u) and `to + 4` (v). False when it is behind the camera.
   */
  meet(surface: number, row: number, corner: number, out: Float64Array, to: number): boolean {
    const n = this.numbers;
    const { rays, origins } = this.grid;
    const at = surface * NUMBERS;
    const nx = n[at] as number;
    const ny = n[at + 1] as number;
    const nz = n[at + 2] as number;
    const rx = rays[corner * 3] as number;
    const ry = rays[corner * 3 + 1] as number;
    const rz = rays[corner * 3 + 2] as number;
    const ox = (n[at + 3] as number) - (origins[row * 3] as number);
    const oy = (n[at + 4] as number) - (origins[row * 3 + 1] as number);
    const oz = (n[at + 5] as number) - (origins[row * 3 + 2] as number);
    const t = (nx * ox + ny * oy + nz * oz) / (nx * rx + ny * ry + nz * rz);
    // Rays along the surface meet it nowhere, or too far away to be told apart from nowhere.
    if (!(t > 0 && t < FAR)) return false;
    const x = t * rx - ox;
    const y = t * ry - oy;
    const z = t * rz - oz;
    out[to] = x * (n[at + 6] as number) + y * (n[at + 7] as number) + z * (n[at + 8] as number);
    out[to + 4] =
      x * (n[at + 9] as number) + y * (n[at + 10] as number) + z * (n[at + 11] as number);
    return true;
  }
}

function numbersOf({ corner, across, down }: Surface): number[] {
  const across2 = across.x ** 2 + across.y ** 2 + across.z ** 2;
  const down2 = down.x ** 2 + down.y ** 2 + down.z ** 2;
  return [
    across.y * down.z - across.z * down.y,
    across.z * down.x - across.x * down.z,
    across.x * down.y - across.y * down.x,
    corner.x,
    corner.y,
    corner.z,
    across.x / across2,
    across.y / across2,
    across.z / across2,
    down.x / down2,
    down.y / down2,
    down.z / down2,
  ];
}

const NOWHERE = [1, 1, 0, 0];

/** From the pictures of the corners and edge middles; everywhere when one is beside the camera. */
function blockRange(surface: Surface, frames: readonly CameraFrame[], grid: RayGrid): number[] {
  const lastColumn = grid.columns - 2;
  const lastRow = grid.rows - 2;
  const everywhere = [0, 0, lastColumn, lastRow];
  if (surface.shell) return everywhere;
  let [left, top, right, bottom] = [1e9, 1e9, -1e9, -1e9];
  let behind = 0;
  let seen = 0;
  for (const frame of frames)
    for (const point of outline(surface)) {
      const pixel = pictureOf(point, frame, grid.size);
      if (pixel === 'behind') behind += 1;
      else if (pixel === undefined) return everywhere;
      else {
        seen += 1;
        left = Math.min(left, pixel.x);
        right = Math.max(right, pixel.x);
        top = Math.min(top, pixel.y);
        bottom = Math.max(bottom, pixel.y);
      }
    }
  if (seen === 0) return NOWHERE;
  if (behind > 0) return everywhere;
  // One block more on each side: the outline is slightly curved.
  return [
    Math.max(0, Math.floor(left / BLOCK) - 1),
    Math.max(0, Math.floor(top / BLOCK) - 1),
    Math.min(lastColumn, Math.floor(right / BLOCK) + 1),
    Math.min(lastRow, Math.floor(bottom / BLOCK) + 1),
  ];
}

function pictureOf(point: Vec3, frame: CameraFrame, size: VideoSize) {
  const seen = toCamera(point, frame);
  if (seen.z < NEAR_M) return 'behind';
  return projectRay(simulatedLens, { x: seen.x / seen.z, y: seen.y / seen.z }, size);
}

function outline({ corner, across, down }: Surface): Vec3[] {
  const points: Vec3[] = [];
  for (const u of [0, 0.5, 1])
    for (const v of [0, 0.5, 1])
      points.push({
        x: corner.x + across.x * u + down.x * v,
        y: corner.y + across.y * u + down.y * v,
        z: corner.z + across.z * u + down.z * v,
      });
  return points;
}
