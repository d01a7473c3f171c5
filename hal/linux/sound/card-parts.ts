import type { Programs } from '../../bus/child.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { PipelineParts } from '../gst/supervised.ts';
import type { EndNames } from './explain.ts';
import type { PipelineEnds, Processing } from './pipeline.ts';

/** What a sound card is made of. */
export interface SoundParts extends PipelineParts {
  readonly ends: PipelineEnds;
  readonly names: EndNames;
  readonly processing: Processing;
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
