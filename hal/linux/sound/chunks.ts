import type { ChildInput, PipeReader } from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
import { CHUNK_SAMPLES } from '../../ports/media.ts';

/**
 * When the sound of each chunk began, from when chunks arrive. A card delivers evenly, a busy
 * machine hands over late: the least late of a second is believed.
 */
const CHUNK_MS = 10;
const WINDOW_CHUNKS = 100;
/** Times always rise, even when a burst arrives. */
const LEAST_STEP_MS = 0.01;

class CaptureClock {
  private last: number | undefined;
  private leastLateMs = Number.POSITIVE_INFINITY;
  private seen = 0;

  /** Start of the chunk that is complete at `nowMs`. */
  next(nowMs: number): number {
    const arrived = nowMs - CHUNK_MS;
    if (this.last === undefined) {
      this.last = arrived;
      return arrived;
    }
    // Sound cannot arrive before it was made: an early one corrects at once.
    let at = Math.max(this.last + LEAST_STEP_MS, Math.min(this.last + CHUNK_MS, arrived));
    this.leastLateMs = Math.min(this.leastLateMs, arrived - at);
    this.seen += 1;
    if (this.seen === WINDOW_CHUNKS) {
      // All were late: the card's clock is slower than ours, or sound was lost.
      at += Math.max(0, this.leastLateMs);
      this.leastLateMs = Number.POSITIVE_INFINITY;
      this.seen = 0;
    }
    this.last = at;
    return at;
  }
}

const CHUNK_BYTES = CHUNK_SAMPLES * 2;
const CHUNKS = 16;
/** Older sound is of no use to anybody: this process was away, and the room has moved on. */
const STALE_MS = 150;

/** Cuts what the pipeline sends into chunks, in place. */
export class ChunkReader implements PipeReader {
  private readonly bytes = new Uint8Array(CHUNKS * CHUNK_BYTES);
  private readonly captured = new CaptureClock();
  private filled = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onChunk: (samples: Int16Array, capturedAtMs: number) => void,
  ) {}

  room(): Uint8Array {
    return this.bytes.subarray(this.filled);
  }

  landed(count: number): void {
    const end = this.filled + count;
    const nowMs = this.clock.now();
    let at = 0;
    for (; at + CHUNK_BYTES <= end; at += CHUNK_BYTES) {
      const capturedAtMs = this.captured.next(nowMs);
      if (nowMs - capturedAtMs <= STALE_MS)
        this.onChunk(new Int16Array(this.bytes.buffer, at, CHUNK_SAMPLES), capturedAtMs);
    }
    this.bytes.copyWithin(0, at, end);
    this.filled = end - at;
  }
}

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
