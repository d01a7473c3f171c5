import type { VideoSize } from '../../ports/media.ts';

/** Where pictures come from, as a piece of a pipeline, and what is known of them beforehand. */
export interface CameraSource {
  /** For people: `camera (/dev/video0)`. */
  readonly name: string;
  /** Its device file, to find out who else holds it. */
  readonly file?: string;
  /** In gst-launch's words, from the source element to a caps filter that fixes the mode. */
  readonly words: readonly string[];
  readonly coding: 'raw' | 'jpeg';
  /** Undefined: only the pipeline will know. */
  readonly size: VideoSize | undefined;
  readonly fps: number | undefined;
}

/** Finds it for one attempt. Rejects with HardwareFault (or NotYet) when there is none. */
export type FindSource = (size: VideoSize, fps: number) => Promise<CameraSource>;
