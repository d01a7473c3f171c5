import { describe, expect, it } from 'vitest';
import { projectRay, simulatedLens, unproject } from './lens.ts';

const sizes = [
  { width: 640, height: 480 },
  { width: 1280, height: 720 },
];

describe('lens', () => {
  it.each(sizes)('undistorts what it distorts over the whole picture, %o', (size) => {
    for (let y = 0; y <= size.height; y += size.height / 12) {
      for (let x = 0; x <= size.width; x += size.width / 16) {
        const back = projectRay(simulatedLens, unproject(simulatedLens, { x, y }, size), size);
        expect(back?.x).toBeCloseTo(x, 4);
        expect(back?.y).toBeCloseTo(y, 4);
      }
    }
  });

  it('sees 90 degrees from the left to the right edge', () => {
    const size = { width: 1280, height: 720 };
    const left = unproject(simulatedLens, { x: 0, y: 360 }, size);
    const right = unproject(simulatedLens, { x: 1280, y: 360 }, size);
    expect(left.x).toBeCloseTo(-1, 6);
    expect(right.x).toBeCloseTo(1, 6);
  });

  it('bends straight lines outwards like a barrel', () => {
    const size = { width: 640, height: 480 };
    const middle = projectRay(simulatedLens, { x: 0, y: -0.6 }, size);
    const corner = projectRay(simulatedLens, { x: 0.9, y: -0.6 }, size);
    expect(corner?.y).toBeGreaterThan((middle?.y ?? 0) + 2);
  });

  it('refuses directions that no lens of this kind sees', () => {
    expect(projectRay(simulatedLens, { x: 3, y: 0 }, { width: 640, height: 480 })).toBeUndefined();
  });
});
