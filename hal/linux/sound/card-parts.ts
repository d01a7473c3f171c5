import type { Programs } from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
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
