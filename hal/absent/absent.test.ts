import type { Bench } from '../contract/bench.ts';
import { bodyContract } from '../contract/body.ts';
import { cameraContract } from '../contract/camera.ts';
import { microphoneContract } from '../contract/microphone.ts';
import { speakerContract } from '../contract/speaker.ts';
import { openAbsentBody } from './body.ts';
import { openAbsentMedia } from './media.ts';

/** Nothing here takes time: it passes at once. */
function timeless(): Pick<Bench, 'pass' | 'now'> {
  let nowMs = 0;
  return {
    pass: async (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
  };
}

bodyContract('absent', async () => {
  const body = openAbsentBody();
  return { ...timeless(), body, close: () => body.close() };
});

const media = async () => {
  const { camera, microphone, speaker, close } = openAbsentMedia();
  return { ...timeless(), startMs: 0, camera, microphone, speaker, close };
};
cameraContract('absent', media);
microphoneContract('absent', media);
speakerContract('absent', media);
