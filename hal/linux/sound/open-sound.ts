import { openAbsentMedia } from '../../absent/media.ts';
import type { SoundWiring } from '../../boards/board.ts';
import type { Programs } from '../../bus/child.ts';
import type { DriverContext } from '../../ports/drivers.ts';
import type { Microphone, Speaker } from '../../ports/media.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import type { PipelineTimes } from '../gst/supervised.ts';
import { SoundCard } from './card.ts';
import type { EndNames } from './explain.ts';
import { type PipelineEnds, wiredEnds } from './pipeline.ts';

export interface Sound {
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  close(): Promise<void>;
}

/** What a test or an odd machine replaces. */
export interface SoundOptions {
  readonly programs?: Programs;
  /** In place of the board's devices. */
  readonly ends?: PipelineEnds;
  /** `raw`: no echo cancelling, for a machine that is too slow for it. */
  readonly processing?: 'full' | 'raw';
  readonly times?: Partial<PipelineTimes>;
}

/** Microphone and speaker of a board, by GStreamer. Nothing is opened before it is started. */
export async function openSound(
  wiring: SoundWiring | null,
  context: Pick<DriverContext, 'clock' | 'say'>,
  options: SoundOptions = {},
): Promise<Sound> {
  if (!wiring) return openAbsentMedia();
  const card = new SoundCard({
    programs: options.programs ?? new ChildPrograms(context.clock),
    clock: context.clock,
    ends: options.ends ?? wiredEnds(wiring),
    names: endNames(wiring),
    processing: { on: options.processing !== 'raw', echoDelayMs: wiring.echoDelayMs },
    ...(options.times ? { times: options.times } : {}),
    onTransition: ({ from, event, to }) => context.say(`sound: ${from} -> ${to} (${event})`),
  });
  return { microphone: microphoneOf(card), speaker: speakerOf(card), close: () => card.close() };
}

function microphoneOf(card: SoundCard): Microphone {
  const device = card.devices.capture;
  return {
    present: true,
    get state() {
      return device.state;
    },
    onState: (listener) => device.onState(listener),
    start: async (onChunk) => card.want('capture', onChunk),
    stop: () => card.unwant('capture'),
  };
}

function speakerOf(card: SoundCard): Speaker {
  const device = card.devices.playback;
  return {
    present: true,
    get state() {
      return device.state;
    },
    onState: (listener) => device.onState(listener),
    start: async () => card.want('playback'),
    write: (samples) => {
      if (device.state !== 'idle') card.voice.write(samples);
    },
    setVolume: (volume) => card.voice.setVolume(volume),
    stop: () => card.unwant('playback'),
  };
}

function endNames(wiring: SoundWiring): EndNames {
  const system = wiring.system === 'alsa' ? 'ALSA' : 'PipeWire';
  return {
    capture: `microphone (${system} ${wiring.input})`,
    playback: `speaker (${system} ${wiring.output})`,
  };
}
