import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraIntrinsics } from '../../hal/ports/media.ts';
import { aimAt, type Pose, rayOf } from './aim.ts';

const RAD = Math.PI / 180;
/** About 100 degrees wide, with typical barrel distortion, and slightly off centre. */
const wide: CameraIntrinsics = {
  fx: 0.42,
  fy: 0.42,
  cx: 0.51,
  cy: ({ width, height }) => height / width / 2 - 0.004,
  k1: -0.08,
  k2: 0.008,
};
const sizes = [
  { width: 640, height: 480 },
  { width: 1280, height: 720 },
];

/** Projects a direction in the room onto the picture, by the published lens model. */
function project(direction: number[], pose: Pose, size: { width: number; height: number }) {
  const [x = 0, y = 0, z = 0] = direction;
  const [sp, cp] = [Math.sin(pose.pan * RAD), Math.cos(pose.pan * RAD)];
  const [st, ct] = [Math.sin(pose.tilt * RAD), Math.cos(pose.tilt * RAD)];
  const right = sp * x - cp * y;
  const ahead = cp * x + sp * y;
  const forward = ct * ahead + st * z;
  const down = st * ahead - ct * z;
  const [u, v] = [right / forward, down / forward];
  const r2 = u * u + v * v;
  const bend = 1 + wide.k1 * r2 + wide.k2 * r2 * r2;
  const px = wide.fx * u * bend + wide.cx;
  const py = wide.fy * v * bend + wide.cy(size);
  return { x: px, y: (py * size.width) / size.height };
}

/** Direction in the room of a point of the picture: inverts `project` in the head's frame. */
function seenAt(x: number, y: number, pose: Pose, size: { width: number; height: number }) {
  const [right, down, forward] = rayOf(x, y, wide, size);
  const [sp, cp] = [Math.sin(pose.pan * RAD), Math.cos(pose.pan * RAD)];
  const [st, ct] = [Math.sin(pose.tilt * RAD), Math.cos(pose.tilt * RAD)];
  const ahead = ct * forward + st * down;
  return [cp * ahead + sp * right, sp * ahead - cp * right, st * forward - ct * down];
}

const point = fc.double({ min: 0, max: 1, noNaN: true });
const pose = fc.record({
  pan: fc.double({ min: -175, max: 175, noNaN: true }),
  tilt: fc.double({ min: -25, max: 30, noNaN: true }),
});

describe('tap to centre', () => {
  it('undoes the lens: unprojecting and projecting is the identity', () => {
    fc.assert(
      fc.property(point, point, pose, fc.constantFrom(...sizes), (x, y, at, size) => {
        const back = project(seenAt(x, y, at, size), at, size);
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });

  it('brings any tapped point to the middle, also from a tilted head', () => {
    fc.assert(
      fc.property(point, point, pose, fc.constantFrom(...sizes), (x, y, at, size) => {
        const target = aimAt(x, y, at, wide, size);
        // Straight overhead no pan centres the point; a head cannot reach it anyway.
        fc.pre(Math.abs(target.tilt) < 80);
        const middle = project(seenAt(x, y, at, size), target, size);
        expect(middle.x).toBeCloseTo(0.5, 5);
        expect(middle.y).toBeCloseTo(0.5, 5);
      }),
    );
  });

  it('stays where it is when the middle is tapped', () => {
    const target = aimAt(0.5, 0.5, { pan: 40, tilt: 20 }, wide, { width: 640, height: 480 });
    expect(target.pan).toBeCloseTo(40, 6);
    expect(target.tilt).toBeCloseTo(20, 6);
  });
});
