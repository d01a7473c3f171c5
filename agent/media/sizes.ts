import type { VideoSize } from '../../hal/ports/media.ts';
import type { RobotState } from '../wire/control.ts';

/** Pixels of the picture sizes that a pupil may choose. */
export const sizes: Record<RobotState['picture'], VideoSize> = {
  '480p': { width: 640, height: 480 },
  '720p': { width: 1280, height: 720 },
};

export const FRAMES_PER_S = 30;
