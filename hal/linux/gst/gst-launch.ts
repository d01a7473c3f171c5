import { type ExplainedDevice, explainPipeline } from './explain.ts';
import type { PipelinePlan } from './supervised.ts';

/**
 * How gst-launch-1.0 is run. `-q`: its standard output is not wanted. `-f`: no fault handler, which
 * would keep a crashed process spinning for a debugger instead of letting it end. No `-e`: on SIGINT
 * the pipeline is set to NULL at once, which takes some milliseconds; draining a live pipeline first
 * serves nobody. (SIGTERM would kill without that.) It ends with 0 at end of stream, 1 for a
 * pipeline that cannot be made, 255 for an error while it ran.
 */
const FLAGS = ['-q', '-f'];

const ENVIRONMENT = {
  /** Messages are translated otherwise, and nobody could explain them. */
  LC_ALL: 'C',
  /** Makes it say the pipeline's base time; see base-time.ts. Nothing else of size is in it. */
  GST_DEBUG: 'pipeline:5',
  GST_DEBUG_NO_COLOR: '1',
  LIBCAMERA_LOG_LEVELS: '*:ERROR',
  LIBCAMERA_LOG_NO_COLOR: '1',
};

/** The plan of a pipeline in gst-launch's own words; `pipes` are its fd 3, 4, ... */
export function gstPlan(
  words: readonly string[],
  pipes: PipelinePlan['pipes'],
  device: ExplainedDevice,
): PipelinePlan {
  return {
    command: 'gst-launch-1.0',
    comesWith: 'gstreamer1.0-tools',
    args: [...FLAGS, ...words],
    env: ENVIRONMENT,
    pipes,
    explain: (lines, end) => explainPipeline(lines, end, device),
  };
}
