import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { VideoFrame } from '../../hal/ports/media.ts';
import { MAX_CODE_BYTES } from '../media-link/schema.ts';
import type { CodeDecoder } from './code-thread.ts';

/** At most this many pictures a second are read, one at a time: the others are dropped. */
const PICTURES_PER_S = 5;
const PERIOD_MS = 1_000 / PICTURES_PER_S;
/** After a failure, before the next picture. */
const RETRY_MS = 2_000;
/** Later frames of a grid count as in time. */
const SLACK_MS = 5;

interface ScannerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly decoder: CodeDecoder;
  readonly onCode: (text: string) => void;
  /** Codes cannot be read (why), or can again (undefined). */
  readonly onFault: (why: string | undefined) => void;
}

/**
 * Looks for codes in the camera's pictures while it is on. Pictures stay here: what leaves is the
 * text of codes. It repeats a code as long as it is seen: who collects them may miss one.
 */
export class CodeScanner {
  private on = false;
  private busy = false;
  private nextMs = Number.NEGATIVE_INFINITY;
  private fault: string | undefined;
  /** Counts the times it was switched, so that an answer of before is dropped. */
  private run = 0;

  constructor(private readonly parts: ScannerParts) {}

  set(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    this.run += 1;
    if (on) return;
    this.busy = false;
    this.nextMs = Number.NEGATIVE_INFINITY;
    // A fault stays until a picture was read: staff sees it when nobody holds up a code any more.
    this.parts.decoder.rest();
  }

  /** The frame's memory is the camera's: its luma is copied. */
  take({ width, height, data }: VideoFrame): void {
    const nowMs = this.parts.clock.now();
    if (!this.on || this.busy || nowMs < this.nextMs - SLACK_MS) return;
    this.busy = true;
    this.nextMs = nowMs + PERIOD_MS;
    void this.read(width, height, Uint8Array.from(data.subarray(0, width * height)));
  }

  private async read(width: number, height: number, luma: Uint8Array): Promise<void> {
    const { run } = this;
    try {
      const texts = await this.parts.decoder.decode({ width, height, luma });
      if (run !== this.run) return;
      this.settle(undefined);
      for (const text of new Set(texts)) this.tell(text);
    } catch (error) {
      if (run !== this.run) return;
      this.nextMs = this.parts.clock.now() + RETRY_MS;
      this.settle(String(error instanceof Error ? error.message : error));
    }
    this.busy = false;
  }

  private tell(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (bytes > 0 && bytes <= MAX_CODE_BYTES) this.parts.onCode(text);
    else this.parts.log.debug({ bytes }, 'a code of that length is dropped');
  }

  private settle(fault: string | undefined): void {
    if ((fault === undefined) === (this.fault === undefined)) return;
    this.fault = fault;
    if (fault !== undefined) this.parts.log.error({ why: fault }, 'codes cannot be read');
    this.parts.onFault(fault);
  }
}
