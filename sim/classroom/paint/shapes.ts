/** Shapes as signed distances: negative inside, in metres, x right and y down from the top left. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Shape {
  readonly box: Box;
  distance(x: number, y: number): number;
}

export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  return {
    box: { left: cx - rx, top: cy - ry, right: cx + rx, bottom: cy + ry },
    // Not the exact distance, but right in its zero line and near it, which is all that paint needs.
    distance: (x, y) => {
      const dx = (x - cx) / rx;
      const dy = (y - cy) / ry;
      const length = Math.hypot(dx, dy);
      if (length === 0) return -Math.min(rx, ry);
      return ((length - 1) * length) / Math.hypot(dx / rx, dy / ry);
    },
  };
}

export function disc(cx: number, cy: number, r: number): Shape {
  return {
    box: { left: cx - r, top: cy - r, right: cx + r, bottom: cy + r },
    distance: (x, y) => Math.hypot(x - cx, y - cy) - r,
  };
}

/** A rectangle with round corners of radius `r`. */
export function roundBox(
  left: number,
  top: number,
  right: number,
  bottom: number,
  r: number,
): Shape {
  const cx = (left + right) / 2;
  const cy = (top + bottom) / 2;
  const halfX = (right - left) / 2 - r;
  const halfY = (bottom - top) / 2 - r;
  return {
    box: { left, top, right, bottom },
    distance: (x, y) => {
      const dx = Math.abs(x - cx) - halfX;
      const dy = Math.abs(y - cy) - halfY;
      const outside = Math.hypot(Math.max(dx, 0), Math.max(dy, 0));
      return outside + Math.min(Math.max(dx, dy), 0) - r;
    },
  };
}

export function box(left: number, top: number, right: number, bottom: number): Shape {
  return roundBox(left, top, right, bottom, 0);
}

/** A stroke of a round pen, radius `r0` at its start and `r1` at its end. */
export function stroke(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  r0: number,
  r1: number = r0,
): Shape {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = Math.max(dx * dx + dy * dy, 1e-12);
  return {
    box: {
      left: Math.min(x0 - r0, x1 - r1),
      top: Math.min(y0 - r0, y1 - r1),
      right: Math.max(x0 + r0, x1 + r1),
      bottom: Math.max(y0 + r0, y1 + r1),
    },
    distance: (x, y) => {
      const t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length2));
      return Math.hypot(x - x0 - t * dx, y - y0 - t * dy) - (r0 + t * (r1 - r0));
    },
  };
}

/** Any simple polygon. */
export function polygon(points: readonly (readonly [number, number])[]): Shape {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    box: {
      left: Math.min(...xs),
      top: Math.min(...ys),
      right: Math.max(...xs),
      bottom: Math.max(...ys),
    },
    distance: (x, y) => distanceToPolygon(points, x, y),
  };
}

function distanceToPolygon(
  points: readonly (readonly [number, number])[],
  x: number,
  y: number,
): number {
  let nearest2 = Number.POSITIVE_INFINITY;
  let inside = false;
  let [px, py] = points.at(-1) ?? [0, 0];
  for (const [qx, qy] of points) {
    const ex = qx - px;
    const ey = qy - py;
    const t = ((x - px) * ex + (y - py) * ey) / Math.max(ex * ex + ey * ey, 1e-12);
    const part = Math.max(0, Math.min(1, t));
    const dx = x - px - ex * part;
    const dy = y - py - ey * part;
    nearest2 = Math.min(nearest2, dx * dx + dy * dy);
    if (py > y !== qy > y && x < (ex * (y - py)) / ey + px) inside = !inside;
    px = qx;
    py = qy;
  }
  return inside ? -Math.sqrt(nearest2) : Math.sqrt(nearest2);
}

/** Where both are. */
export function both(a: Shape, b: Shape): Shape {
  return {
    box: {
      left: Math.max(a.box.left, b.box.left),
      top: Math.max(a.box.top, b.box.top),
      right: Math.min(a.box.right, b.box.right),
      bottom: Math.min(a.box.bottom, b.box.bottom),
    },
    distance: (x, y) => Math.max(a.distance(x, y), b.distance(x, y)),
  };
}
