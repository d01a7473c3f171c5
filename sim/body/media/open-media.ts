/** Opens the simulated camera, microphone and speaker of a robot in the classroom. */
import { existsSync } from 'node:fs';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { MediaHardware } from '../../../hal/ports/media.ts';
import { EchoPath, RoomSound } from '../../classroom/acoustics.ts';
import { loadSpeech, speechFolder } from '../../classroom/speech-track.ts';
import type { WorldPort } from '../../world/schema.ts';
import { SimulatedCamera } from './camera.ts';
import { type FrameSource, InThreadFrames, PlainFrames } from './camera-frames.ts';
import { ThreadFrames } from './camera-thread.ts';
import { SimulatedMicrophone } from './microphone.ts';
import { SimulatedSpeaker } from './speaker.ts';

export interface SimulatedMediaOptions {
  readonly world: WorldPort;
  readonly clock: Clock;
  readonly logLine: (line: string) => void;
  /**
   * Where pictures are drawn. A thread needs the system's clock and a bundle beside this one; by
   * default there is one when that bundle is there. `plain` draws nothing, on any clock.
   */
  readonly drawing?: 'inThread' | 'plain' | URL;
  /** Folder of the speech files. */
  readonly speech?: string;
}

export async function openSimulatedMedia(options: SimulatedMediaOptions): Promise<MediaHardware> {
  const { world, clock } = options;
  const speech = loadSpeech(options.speech ?? speechFolder());
  const echo = new EchoPath();
  const camera = new SimulatedCamera(world, openFrames(options));
  const microphone = new SimulatedMicrophone(world, clock, new RoomSound(speech, echo));
  const speaker = new SimulatedSpeaker(world, clock, echo);
  return {
    camera,
    microphone,
    speaker,
    close: async () => {
      await Promise.all([camera.close(), microphone.stop(), speaker.stop()]);
    },
  };
}

function openFrames({ drawing, world, clock, logLine }: SimulatedMediaOptions): FrameSource {
  const bundled = new URL('./camera-worker.js', import.meta.url);
  const entry = drawing ?? (existsSync(bundled) ? bundled : 'inThread');
  if (entry === 'plain') return new PlainFrames(clock);
  if (entry === 'inThread') return new InThreadFrames(clock);
  return new ThreadFrames(entry, world, clock, logLine);
}
