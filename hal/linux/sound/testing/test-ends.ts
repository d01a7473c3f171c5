/** Ends for tests, on the pipeline's clock like a card's, but without one. */
import type { PipelineEnds } from '../pipeline.ts';

/** Hears a quiet tone and plays into a file, a chunk each 10 ms. */
export function testEnds(playedFile: string): PipelineEnds {
  return {
    source: (name) => [
      'audiotestsrc',
      `name=${name}`,
      'is-live=true',
      'samplesperbuffer=480',
      'wave=sine',
      'volume=0.1',
    ],
    sink: (name) => [
      'filesink',
      `name=${name}`,
      `location=${playedFile}`,
      'buffer-mode=2',
      'sync=true',
    ],
  };
}
