/**
 * The simulator's drivers as the shipped processes load them: the board's file names this module,
 * the environment names the world's socket.
 */
import type { BodyHardware } from '../../hal/ports/body.ts';
import type { DriverContext } from '../../hal/ports/drivers.ts';
import type { MediaHardware } from '../../hal/ports/media.ts';
import { WorldClient } from '../world/client.ts';
import { fault } from './bus.ts';
import { openSimulatedBody } from './open-body.ts';

/** The world may still be starting; after this long the drivers open without it and recover later. */
const FIRST_STATE_MS = 2_000;

export async function openBody(context: DriverContext): Promise<BodyHardware> {
  const world = await reachWorld(context);
  const body = openSimulatedBody({ ...context, world });
  return { ...body, close: () => body.close().finally(() => world.close()) };
}

export async function openMedia(context: DriverContext): Promise<MediaHardware> {
  // Loaded only here: firmware has no use for a classroom in its memory.
  const { openSimulatedMedia } = await import('./media/open-media.ts');
  const world = await reachWorld(context);
  const media = await openSimulatedMedia({ ...context, world });
  return {
    camera: media.camera,
    microphone: media.microphone,
    speaker: media.speaker,
    close: () => media.close().finally(() => world.close()),
  };
}

async function reachWorld({ clock, logLine }: DriverContext): Promise<WorldClient> {
  const path = process.env.DESKMATE_WORLD;
  if (!path)
    throw fault(
      'noAnswer',
      'simulated world',
      'DESKMATE_WORLD names no socket; start with `make sim`',
    );
  const world = new WorldClient(path, clock);
  if (!(await world.firstState(FIRST_STATE_MS)))
    logLine(`no world at ${path} yet; its devices do not answer until it is there`);
  return world;
}
