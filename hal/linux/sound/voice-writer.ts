import type { ChildInput } from '../../bus/child.ts';
import { CHUNK_SAMPLES } from '../../ports/media.ts';

/**
 * Chunks to the pipeline, at the set volume. The queue of 60 ms is the pipeline's; here only what
 * the kernel does not take would queue, when the pipeline hangs, and that is dropped.
 */
const MOST_UNSENT_BYTES = 6 * CHUNK_SAMPLES * 2;
/** More than may be unsent, as memory must rest until it is sent. */
const BUFFERS = 10;

export class VoiceWriter {
  private input: ChildInput | undefined;
  private readonly buffers = Array.from({ length: BUFFERS }, () => new Int16Array(CHUNK_SAMPLES));
  private next = 0;
  private volume = 1;
  /** Of the last sample that was written; undefined: none since the pipeline began. */
  private reached: number | undefined;

  open(input: ChildInput | undefined): void {
    this.input = input;
    this.reached = undefined;
  }

  setVolume(volume: number): void {
    if (Number.isFinite(volume)) this.volume = Math.max(0, Math.min(1, volume));
  }

  write(samples: Int16Array): void {
    const { input } = this;
    const out = this.buffers[this.next];
    if (!input || !out || samples.length < CHUNK_SAMPLES) return;
    if (input.unsentBytes > MOST_UNSENT_BYTES) return;
    this.next = (this.next + 1) % BUFFERS;
    // A new volume is reached over the chunk: a step would click.
    const from = this.reached ?? this.volume;
    const step = (this.volume - from) / CHUNK_SAMPLES;
    for (let i = 0; i < CHUNK_SAMPLES; i++)
      out[i] = Math.round((samples[i] as number) * (from + step * (i + 1)));
    this.reached = this.volume;
    input.write(new Uint8Array(out.buffer));
  }
}
