/**
 * The inner loops: paint one block of one plane from a texture. Within a block the texture
 * coordinates are interpolated between the block's corners, which is right to a small part of a
 * pixel for blocks of 16.
 */

/** What to paint; one object is used again and again, so that painting allocates nothing. */
export class Patch {
  /** The plane of the picture. */
  out: Uint8Array = new Uint8Array(0);
  outAt = 0;
  outPitch = 0;
  /** Pixels from corner to corner, and how many of them are inside the picture. */
  span = 16;
  columns = 16;
  rows = 16;
  /** Chroma only: from a place in the u plane to the same in the v plane. */
  outAhead = 0;
  /** The texture planes, and where the level starts in the one that is painted from. */
  texels: Uint8Array = new Uint8Array(0);
  /** u and v of each texel. */
  pairs: Int32Array = new Int32Array(0);
  texelsAt = 0;
  /** Coverage of the same texels; only for masked painting. */
  mask: Uint8Array = new Uint8Array(0);
  maskAt = 0;
  pitch = 0;
  width = 0;
  height = 0;
  /** Corner coordinates in texels including the rim: top left, top right, bottom left, bottom right. */
  u00 = 0;
  u10 = 0;
  u01 = 0;
  u11 = 0;
  v00 = 0;
  v10 = 0;
  v01 = 0;
  v11 = 0;
}

/** The block is all inside the texture, and there are no holes: no checks at all. */
export function paintWhole(patch: Patch): void {
  const { out, span, columns, rows, texels, texelsAt, pitch } = patch;
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
    const end = to + columns;
    while (to < end) {
      const at = texelsAt + (v >> 16) * pitch + (u >> 16);
      const fu = (u >> 8) & 255;
      const a = texels[at] as number;
      const c = texels[at + pitch] as number;
      const upper = (a << 8) + ((texels[at + 1] as number) - a) * fu;
      const lower = (c << 8) + ((texels[at + pitch + 1] as number) - c) * fu;
      out[to++] = ((upper << 8) + (lower - upper) * ((v >> 8) & 255) + 32768) >> 16;
      u = (u + du) | 0;
      v = (v + dv) | 0;
    }
  }
}

/**
 * The texture's edge runs through the block, and there are no holes: the edge is smoothed over one
 * pixel. With `all` the texture's outermost texels go on beyond its edge, so that nothing stays
 * unpainted under the edges of what is painted next.
 */
export function paintEdge(patch: Patch, all: boolean): void {
  const { out, span, columns, rows, texels, texelsAt, pitch, width, height } = patch;
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
      const cover = all ? 1 : Math.min(inU, 1) * Math.min(inV, 1);
      if (!(inU > 0 && inV > 0) && !all) continue;
      const cu = Math.max(0.5, Math.min(width + 0.5, u));
      const cv = Math.max(0.5, Math.min(height + 0.5, v));
      const seen = sample(texels, texelsAt, pitch, cu, cv);
      out[to] = seen * cover + (out[to] as number) * (1 - cover) + 0.5;
    }
  }
}

/** A texture with holes: what is there is premultiplied by the mask. */
export function paintMasked(patch: Patch): void {
  const { out, span, columns, rows, texels, texelsAt, mask, maskAt, pitch } = patch;
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
      const cover = between(mask, maskAt + at, pitch, fu, fv);
      if (cover === 0) continue;
      const seen = between(texels, texelsAt + at, pitch, fu, fv);
      // 255 * 257 is just under 65536: a full cover leaves nothing.
      const left = 65536 - cover * 257;
      out[to] = seen + (((out[to] as number) * left) >> 16);
    }
  }
}

/** Bilinear with fractions of 1/256, rounded. */
function between(texels: Uint8Array, at: number, pitch: number, fu: number, fv: number): number {
  const a = texels[at] as number;
  const c = texels[at + pitch] as number;
  const upper = (a << 8) + ((texels[at + 1] as number) - a) * fu;
  const lower = (c << 8) + ((texels[at + pitch + 1] as number) - c) * fu;
  return ((upper << 8) + (lower - upper) * fv + 32768) >> 16;
}

/** Texels a pixel, at least a little so that it can divide. */
export function slope(across: number, down: number): number {
  return Math.max(Math.hypot(across, down), 1e-6);
}

/** Bilinear, 0..255 with a fraction. */
function sample(texels: Uint8Array, from: number, pitch: number, u: number, v: number): number {
  const iu = u | 0;
  const iv = v | 0;
  const at = from + iv * pitch + iu;
  const a = texels[at] as number;
  const c = texels[at + pitch] as number;
  const fu = u - iu;
  const upper = a + ((texels[at + 1] as number) - a) * fu;
  const lower = c + ((texels[at + pitch + 1] as number) - c) * fu;
  return upper + (lower - upper) * (v - iv);
}
