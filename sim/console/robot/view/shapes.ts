/** Shapes of the robot: soft boxes and painted surfaces. One unit is ten centimetres. */
import {
  BufferGeometry,
  CanvasTexture,
  CatmullRomCurve3,
  Float32BufferAttribute,
  SphereGeometry,
  SRGBColorSpace,
  Vector3,
} from 'three';

/**
 * A superellipsoid: |x/a|^p + |y/b|^p + |z/c|^p = 1. At p = 2 an ellipsoid, above it a box with ever
 * harder edges. Normals are the gradient, so that there is no seam.
 */
export function softBox(a: number, b: number, c: number, p: number, detail = 40): BufferGeometry {
  const sphere = new SphereGeometry(1, detail, Math.round(detail * 0.7));
  const points = sphere.getAttribute('position');
  const positions: number[] = [];
  const normals: number[] = [];
  const half = [a, b, c] as const;
  for (let i = 0; i < points.count; i++) {
    const direction = [points.getX(i), points.getY(i), points.getZ(i)];
    const sum = direction.reduce((s, n, k) => s + Math.abs(n / (half[k] ?? 1)) ** p, 0);
    const point = direction.map((n) => n * sum ** (-1 / p));
    positions.push(...point);
    const slope = point.map(
      (n, k) => (Math.sign(n) * Math.abs(n / (half[k] ?? 1)) ** (p - 1)) / (half[k] ?? 1),
    );
    const length = Math.hypot(...slope) || 1;
    normals.push(...slope.map((n) => n / length));
  }
  const shape = new BufferGeometry();
  shape.setIndex(sphere.getIndex());
  shape.setAttribute('position', new Float32BufferAttribute(positions, 3));
  shape.setAttribute('normal', new Float32BufferAttribute(normals, 3));
  shape.setAttribute('uv', sphere.getAttribute('uv'));
  return shape;
}

/** A closed curve in the xy plane with the outline of a soft box. */
export function softOutline(a: number, b: number, p: number, z: (x: number) => number) {
  const points = Array.from({ length: 64 }, (_, i) => {
    const angle = (i / 64) * 2 * Math.PI;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const radius = (Math.abs(cos / a) ** p + Math.abs(sin / b) ** p) ** (-1 / p);
    return new Vector3(radius * cos, radius * sin, z(radius * cos));
  });
  return new CatmullRomCurve3(points, true);
}

/** A texture that is painted here: no picture has to be fetched. */
export function painted(
  width: number,
  height: number,
  paint: (context: CanvasRenderingContext2D) => void,
): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context) paint(context);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
