import type { Programs } from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
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
