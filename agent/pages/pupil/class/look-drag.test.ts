import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampPose, LookDrag, viewDegrees } from './look-drag.ts';

const limits = { pan: { minDeg: -175, maxDeg: 175 }, tilt: { minDeg: -25, maxDeg: 30 } };
const middle = { x: 0, y: 0 };
const straight = { pan: 0, tilt: 0 };

/** Where the head ends when the finger rests. */
function settled(drag: LookDrag): { pan: number; tilt: number } | undefined {
  let last: ReturnType<LookDrag['step']>;
  for (let step = 0; step < 100; step += 1) last = drag.step(33) ?? last;
  return last;
}

describe('dragging the picture', () => {
  it('shows what is on the left when the room is pulled to the right, and above when pulled down', () => {
    const drag = new LookDrag(straight, middle, limits);
    drag.move({ x: 0.2, y: 0.1 });
    const end = settled(drag);
    expect(end?.pan).toBeCloseTo((Math.atan(0.2 / 0.54) * 180) / Math.PI, 6);
    expect(end?.tilt).toBeCloseTo((Math.atan(0.1 / 0.54) * 180) / Math.PI, 6);
  });

  it('keeps what was under the finger under it: from edge to edge is the width of the view', () => {
    const drag = new LookDrag(straight, { x: -0.5, y: 0 }, limits);
    drag.move({ x: 0.5, y: 0 });
    expect(settled(drag)?.pan).toBeCloseTo(viewDegrees(0.75).pan, 6);
  });

  it('comes back to where it began when the finger does', () => {
    const drag = new LookDrag({ pan: 30, tilt: 5 }, middle, limits);
    drag.move({ x: 0.3, y: -0.2 });
    drag.move(middle);
    drag.move({ x: 0.01, y: 0 });
    drag.move(middle);
    const end = settled(drag) ?? { pan: 30, tilt: 5 };
    expect(end.pan).toBeCloseTo(30, 6);
    expect(end.tilt).toBeCloseTo(5, 6);
  });

  it('answers at once when the finger turns back at a limit', () => {
    const drag = new LookDrag({ pan: 174, tilt: 0 }, middle, limits);
    drag.move({ x: 0.4, y: 0 });
    expect(drag.atLimit).toBe(true);
    drag.move({ x: 0.35, y: 0 });
    expect(drag.atLimit).toBe(false);
    expect(settled(drag)?.pan).toBeLessThan(175);
  });

  it('moves smoothly: no step is larger than what is left, and none goes back', () => {
    const drag = new LookDrag(straight, middle, limits);
    drag.move({ x: 0.5, y: 0 });
    let before = 0;
    for (let step = 0; step < 40; step += 1) {
      const pose = drag.step(16);
      if (!pose) break;
      expect(pose.pan).toBeGreaterThan(before);
      before = pose.pan;
    }
    expect(drag.step(16)).toBeUndefined();
  });

  it('never asks for more than the limits, whatever the finger does', () => {
    const point = fc.record({
      x: fc.double({ min: -3, max: 3 }),
      y: fc.double({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(point, fc.nat(100))), (moves) => {
        const drag = new LookDrag(straight, middle, limits);
        for (const [to, elapsed] of moves) {
          if (Number.isNaN(to.x) || Number.isNaN(to.y)) continue;
          drag.move(to);
          const pose = drag.step(elapsed);
          if (pose) expect(clampPose(pose, limits)).toEqual(pose);
        }
      }),
    );
  });
});
