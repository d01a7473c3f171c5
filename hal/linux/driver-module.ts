/**
 * The driver module of a robot or laptop, named in the configuration of the shipped processes.
 * Firmware opens the body, the agent opens camera and sound, and neither loads the other's code.
 */
import type { BodyHardware } from '../ports/body.ts';
import type { DriverContext } from '../ports/drivers.ts';
import type { MediaHardware } from '../ports/media.ts';

export async function openBody(context: DriverContext): Promise<BodyHardware> {
  const { openLinuxBody } = await import('./body/open-body.ts');
  return openLinuxBody(context);
}

export async function openMedia(context: DriverContext): Promise<MediaHardware> {
  const [{ openCamera }, { openSound }] = await Promise.all([
    import('./camera/open-camera.ts'),
    import('./sound/open-sound.ts'),
  ]);
  const { board } = context;
  const [camera, sound] = await Promise.all([
    openCamera(board.camera, context),
    openSound(board.sound, context),
  ]);
  return {
    camera,
    microphone: sound.microphone,
    speaker: sound.speaker,
    close: async () => {
      await Promise.all([camera.close(), sound.close()]);
    },
  };
}
