import type { PipeReader } from '../../bus/child.ts';
import type { Clock } from '../../ports/clock.ts';
import { CHUNK_SAMPLES } from '../../ports/media.ts';
import { CaptureClock } from './capture-clock.ts';

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
