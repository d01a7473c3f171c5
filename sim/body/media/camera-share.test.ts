import { describe, expect, it } from 'vitest';
import { CameraShare } from './camera-share.ts';

const motion = { panDeg: 10, tiltDeg: -5, panDegPerS: 100, tiltDegPerS: 0 };

describe('what the camera thread knows', () => {
  it('is the pose moved on to the moment, but not far', () => {
    const share = new CameraShare();
    share.setHead(motion, 1_000);
    const reader = new CameraShare(share.memory);
    expect(reader.headAt(1_010).panDeg).toBeCloseTo(11);
    expect(reader.headAt(990).panDeg).toBeCloseTo(9);
    expect(reader.headAt(5_000).panDeg).toBeCloseTo(14);
    expect(reader.headAt(1_010).tiltDeg).toBe(-5);
  });

  it('begins without power', () => {
    const share = new CameraShare();
    expect(share.power).toBe(false);
    share.setPower(true);
    expect(new CameraShare(share.memory).power).toBe(true);
  });
});
