/**
 * The inner loops for colour: as those for luma, but u and v lie in the two halves of one number
 * and are worked out together. A half has eight bits of value under eight bits of room.
 */
import { type Patch, slope } from './render-patch.ts';

const HALVES = 0x00ff00ff;
const ROUND = 0x00800080;

/** Between two pairs, `part` 0..256 from the first to the second. */
function mixPairs(a: number, b: number, part: number): number {
  return ((Math.imul(a, 256 - part) + Math.imul(b, part) + ROUND) >>> 8) & HALVES;
}

export function paintChromaWhole(patch: Patch): void {
  const { out, outAhead, span, columns, rows, pairs, texelsAt, pitch } = patch;
  const one = 65536 / span;
  for (let row = 0; row < rows; row++) {
    const part = (row + 0.5) / span;
    const uLeft = patch.u00 + (patch.u01 - patch.u00) * part;
    const vLeft = patch.v00 + (patch.v01 - patch.v00) * part;
    const du = ((patch.u10 + (patch.u11 - patch.u10) * part - uLeft) * one) | 0;
    const dv = ((patch.v10 + (patch.v11 - patch.v10) * part - vLeft) * one) | 0;
    let u = ((uLeft * 65536) | 0) + (du >> 1);
    let v = ((vLeft * 65536) | 0) + (dv >> 1);
    let to = patch.outAt + row * patch.outPitch;
    for (const end = to + columns; to < end; to++, u = (u + du) | 0, v = (v + dv) | 0) {
      const at = texelsAt + (v >> 16) * pitch + (u >> 16);
      const seen = pairBetween(pairs, at, pitch, (u >> 8) & 255, (v >> 8) & 255);
      out[to] = seen & 255;
      out[to + outAhead] = seen >>> 16;
    }
  }
}

/** See paintEdge. */
export function paintChromaEdge(patch: Patch, all: boolean): void {
  const { out, outAhead, span, columns, rows, pairs, texelsAt, pitch, width, height } = patch;
  const uSlope = slope(patch.u10 - patch.u00, patch.u01 - patch.u00) / span;
  const vSlope = slope(patch.v10 - patch.v00, patch.v01 - patch.v00) / span;
  for (let row = 0; row < rows; row++) {
    const part = (row + 0.5) / span;
    const uLeft = patch.u00 + (patch.u01 - patch.u00) * part;
    const vLeft = patch.v00 + (patch.v01 - patch.v00) * part;
    const du = (patch.u10 + (patch.u11 - patch.u10) * part - uLeft) / span;
    const dv = (patch.v10 + (patch.v11 - patch.v10) * part - vLeft) / span;
    let u = uLeft + du / 2;
    let v = vLeft + dv / 2;
    let to = patch.outAt + row * patch.outPitch;
    for (const end = to + columns; to < end; to++, u += du, v += dv) {
      const inU = Math.min(u - 0.5, width + 0.5 - u) / uSlope + 0.5;
      const inV = Math.min(v - 0.5, height + 0.5 - v) / vSlope + 0.5;
      if (!(inU > 0 && inV > 0) && !all) continue;
      const cover = all ? 256 : (Math.min(inU, 1) * Math.min(inV, 1) * 256) | 0;
      const cu = (Math.max(0.5, Math.min(width + 0.5, u)) * 256) | 0;
      const cv = (Math.max(0.5, Math.min(height + 0.5, v)) * 256) | 0;
      const at = texelsAt + (cv >> 8) * pitch + (cu >> 8);
      const seen = pairBetween(pairs, at, pitch, cu & 255, cv & 255);
      const before = (out[to] as number) | ((out[to + outAhead] as number) << 16);
      const mixed = mixPairs(before, seen, cover);
      out[to] = mixed & 255;
      out[to + outAhead] = mixed >>> 16;
    }
  }
}

/** See paintMasked. */
export function paintChromaMasked(patch: Patch): void {
  const { out, outAhead, span, columns, rows, pairs, texelsAt, mask, maskAt, pitch } = patch;
  const one = 65536 / span;
  const uEnd = patch.width * 65536 + 32768;
  const vEnd = patch.height * 65536 + 32768;
  for (let row = 0; row < rows; row++) {
    const part = (row + 0.5) / span;
    const uLeft = patch.u00 + (patch.u01 - patch.u00) * part;
    const vLeft = patch.v00 + (patch.v01 - patch.v00) * part;
    const du = ((patch.u10 + (patch.u11 - patch.u10) * part - uLeft) * one) | 0;
    const dv = ((patch.v10 + (patch.v11 - patch.v10) * part - vLeft) * one) | 0;
    let u = ((uLeft * 65536) | 0) + (du >> 1);
    let v = ((vLeft * 65536) | 0) + (dv >> 1);
    let to = patch.outAt + row * patch.outPitch;
    for (const end = to + columns; to < end; to++, u = (u + du) | 0, v = (v + dv) | 0) {
      if (u < 32768 || u >= uEnd || v < 32768 || v >= vEnd) continue;
      const at = (v >> 16) * pitch + (u >> 16);
      const fu = (u >> 8) & 255;
      const fv = (v >> 8) & 255;
      const cover = coverBetween(mask, maskAt + at, pitch, fu, fv);
      if (cover === 0) continue;
      const seen = pairBetween(pairs, texelsAt + at, pitch, fu, fv);
      const before = (out[to] as number) | ((out[to + outAhead] as number) << 16);
      // Chroma ends at 240, so that the sum of both rounded parts stays in its half.
      const mixed = seen + ((Math.imul(before, 256 - cover) >>> 8) & HALVES);
      out[to] = mixed & 255;
      out[to + outAhead] = mixed >>> 16;
    }
  }
}

function pairBetween(pairs: Int32Array, at: number, pitch: number, fu: number, fv: number): number {
  const upper = mixPairs(pairs[at] as number, pairs[at + 1] as number, fu);
  const lower = mixPairs(pairs[at + pitch] as number, pairs[at + pitch + 1] as number, fu);
  return mixPairs(upper, lower, fv);
}

/** 0..256. */
function coverBetween(mask: Uint8Array, at: number, pitch: number, fu: number, fv: number): number {
  const a = mask[at] as number;
  const c = mask[at + pitch] as number;
  const upper = (a << 8) + ((mask[at + 1] as number) - a) * fu;
  const lower = (c << 8) + ((mask[at + pitch + 1] as number) - c) * fu;
  const cover = ((upper << 8) + (lower - upper) * fv + 32768) >> 16;
  return cover + (cover >> 7);
}
