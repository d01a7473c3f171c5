import type { Board } from './board.ts';
import { deskmate1 } from './deskmate1.ts';

/** Any Linux laptop as a telepresence station: webcam, microphone, speaker, and no body. */
export const laptop: Board = {
  name: 'laptop',
  // Unused without a servo driver, but commands are still checked against them.
  pan: deskmate1.pan,
  tilt: deskmate1.tilt,
  i2c: null,
  gpio: null,
  kernel: {
    battery: 'auto',
    thermalZone: 'auto',
    watchdog: null,
    batteryCells: null,
    deepestShed: 'quiet',
  },
  camera: {
    source: 'v4l2',
    device: 'auto',
    lens: { horizontalFovDeg: 66, k1: 0, k2: 0 },
  },
  sound: { system: 'pipewire', input: 'default', output: 'default', echoDelayMs: 0 },
  // The station sets one for each run (scripts/station).
  teacherButtonSocket: null,
};
