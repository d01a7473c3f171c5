/**
 * The shipped drivers with GStreamer's test picture and tone in place of camera and microphone, for
 * tests on machines that have neither.
 */
import { openCamera } from '../../../hal/linux/camera/open-camera.ts';
import { testSource } from '../../../hal/linux/camera/testing/test-source.ts';
import { openBody } from '../../../hal/linux/driver-module.ts';
import { openSound } from '../../../hal/linux/sound/open-sound.ts';
import { testEnds } from '../../../hal/linux/sound/testing/test-ends.ts';
import type { DriverContext } from '../../../hal/ports/drivers.ts';
import type { MediaHardware } from '../../../hal/ports/media.ts';

export { openBody };

export async function openMedia(context: DriverContext): Promise<MediaHardware> {
  const { board } = context;
  const camera = await openCamera(board.camera, context, {
    find: async (size, fps) => testSource(size, fps, { pattern: 'smpte' }),
  });
  // Raw: noise suppression would remove a steady tone.
  const sound = await openSound(board.sound, context, {
    ends: testEnds('/dev/null'),
    processing: 'raw',
  });
  const { microphone, speaker } = sound;
  const close = async (): Promise<void> => {
    await Promise.all([camera.close(), sound.close()]);
  };
  return { camera, microphone, speaker, close };
}
