import { HardwareFault } from './fault.ts';
import type { VideoSize } from './media.ts';

const LARGEST_PX = 4_096;
const FASTEST_FPS = 120;

/** Throws a HardwareFault, `badData`, for a size or frame rate that no camera supports. */
export function expectPossible(device: string, { width, height }: VideoSize, fps: number): void {
  const possible = (px: number): boolean =>
    Number.isInteger(px) && px > 0 && px % 2 === 0 && px <= LARGEST_PX;
  if (possible(width) && possible(height) && fps > 0 && fps <= FASTEST_FPS) return;
  throw new HardwareFault(
    'badData',
    device,
    `cannot give ${width}x${height} at ${fps} frames a second; ` +
      `expected even sizes up to ${LARGEST_PX} and at most ${FASTEST_FPS} frames a second`,
  );
}
