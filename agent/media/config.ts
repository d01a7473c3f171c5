import { z } from 'zod';
import { BoardError, findBoard } from '../../hal/boards/board-file.ts';
import type { Note } from '../../hal/common/config-file.ts';
import { type ConfigPlace, type Layers, readLayers } from '../../hal/common/config-layers.ts';
import { file, type LoadedConfig, loaded, logLevel } from '../process/config.ts';

/** The media process' configuration, JSON. It holds no secret: relays come with each offer. */
export const MediaConfig = z.strictObject({
  /** Where it listens for the agent. */
  socket: file,
  /** The module that opens camera, microphone and speaker. */
  drivers: file,
  /** The name of a board that ships, or the path of a board file. */
  board: file.superRefine((name, context) => {
    const why = whyNoBoard(name);
    if (why) context.addIssue(why);
  }),
  logLevel,
});
export type MediaConfig = z.infer<typeof MediaConfig>;

/** Throws ConfigError, with the file. */
export const loadMediaConfig = (place: ConfigPlace, note: Note): LoadedConfig<MediaConfig> =>
  mediaConfigFrom(readLayers(place), note);

/** Of layers that were read. Throws ConfigError, with the file. */
export const mediaConfigFrom = (layers: Layers, note: Note): LoadedConfig<MediaConfig> =>
  loaded(MediaConfig, layers, { failClosed: [], note });

function whyNoBoard(name: string): string | undefined {
  try {
    findBoard(name);
    return undefined;
  } catch (error) {
    if (error instanceof BoardError) return error.message;
    throw error;
  }
}
