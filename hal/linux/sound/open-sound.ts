import { openAbsentMedia } from '../../absent/media.ts';
import type { SoundWiring } from '../../boards/board.ts';
import type { Programs } from '../../bus/child.ts';
import type { DriverContext } from '../../ports/drivers.ts';
import type { MediaDevice, Microphone, Speaker } from '../../ports/media.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import type { PipelineTimes } from '../gst/supervised.ts';
import { type End, type OnChunk, SoundCard } from './card.ts';
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
  context: Pick<DriverContext, 'clock' | 'logLine'>,
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
    onTransition: ({ from, event, to }) => context.logLine(`sound: ${from} -> ${to} (${event})`),
  });
  return {
    microphone: new CardMicrophone(card, 'capture'),
    speaker: new CardSpeaker(card, 'playback'),
    close: () => card.close(),
  };
}

/** One end of the card as a device of its own. */
class CardEnd implements MediaDevice {
  readonly present = true;

  constructor(
    protected readonly card: SoundCard,
    private readonly end: End,
  ) {}

  get state(): MediaDevice['state'] {
    return this.card.devices[this.end].state;
  }

  onState(listener: Parameters<MediaDevice['onState']>[0]): () => void {
    return this.card.devices[this.end].onState(listener);
  }

  stop(): Promise<void> {
    return this.card.unwant(this.end);
  }
}

class CardMicrophone extends CardEnd implements Microphone {
  async start(onChunk: OnChunk): Promise<void> {
    this.card.acquire('capture', onChunk);
  }
}

class CardSpeaker extends CardEnd implements Speaker {
  async start(): Promise<void> {
    this.card.acquire('playback');
  }

  write(samples: Int16Array): void {
    if (this.state !== 'idle') this.card.voice.write(samples);
  }

  setVolume(volume: number): void {
    this.card.voice.setVolume(volume);
  }
}

function endNames(wiring: SoundWiring): EndNames {
  const system = wiring.system === 'alsa' ? 'ALSA' : 'PipeWire';
  return {
    capture: `microphone (${system} ${wiring.input})`,
    playback: `speaker (${system} ${wiring.output})`,
  };
}
