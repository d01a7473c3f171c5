import type { Programs } from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { MediaDevice, MediaState } from '../../ports/media.ts';
import type { PipelineTimes, Transition } from '../gst/supervised.ts';
import type { EndNames } from './explain.ts';
import type { PipelineEnds, Processing } from './pipeline.ts';

/** What a sound card is made of. */
export interface SoundParts {
  readonly programs: Programs;
  readonly clock: Clock;
  readonly ends: PipelineEnds;
  readonly names: EndNames;
  readonly processing: Processing;
  readonly times?: Partial<PipelineTimes>;
  readonly onTransition?: (transition: Transition) => void;
}

/** Says what to install when GStreamer itself is missing. */
export function programsWithAdvice(programs: Programs): Programs {
  return {
    start: (plan) =>
      programs.start(plan).catch((error: unknown) => {
        if (!(error instanceof HardwareFault)) throw error;
        throw new HardwareFault(
          error.kind,
          'sound',
          `${error.message}; install gstreamer1.0-tools, -plugins-base, -plugins-bad and -alsa (or -pulseaudio)`,
          { cause: error },
        );
      }),
  };
}

type Listener = (state: MediaState, why: string) => void;

/** State of one end of the sound card, told on change. */
export class SoundDevice implements MediaDevice {
  readonly present = true;
  private readonly listeners = new Set<Listener>();
  private current: MediaState = 'idle';

  get state(): MediaState {
    return this.current;
  }

  onState(listener: Listener): () => void {
    // Wrapped, so that one listener given twice is told twice.
    const entry: Listener = (state, why) => listener(state, why);
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  become(state: MediaState, why: string): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of [...this.listeners]) listener(state, why);
  }
}
