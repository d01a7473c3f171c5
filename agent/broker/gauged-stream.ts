import { Duplex } from 'node:stream';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { type Dropped, PacketGauge } from './packet-gauge.ts';

/**
 * Far more than signalling needs (agent/signalling/rate-limits.ts reads 200 a second), and a burst
 * small enough for the slowest computer to process without blocking its event loop.
 */
const PACKETS = { perSecond: 400, burst: 200 };
/** Acknowledgements and similar: as many as can be outstanding (MAX_WAITING), with margin. */
const ANSWERS = { perSecond: 400, burst: 200 };
/** How long a stream that exceeded its rate is paused. */
const PAUSE_MS = 50;

/**
 * A broker's stream of which only what PacketGauge passes can be read. Both a slow reader and a
 * fast sender pause the underlying stream, so that a flood backs up at the sender.
 */
export class GaugedStream extends Duplex {
  private readonly gauge: PacketGauge;
  private held: Uint8Array | undefined;
  private pauseTimer: Timer | undefined;
  private ended = false;

  constructor(
    private readonly raw: Duplex,
    private readonly clock: Clock,
    onDropped: (why: Dropped) => void,
  ) {
    super({ allowHalfOpen: false });
    const packets = new TokenBucket(clock, PACKETS);
    const answers = new TokenBucket(clock, ANSWERS);
    const mayTake = (): boolean => packets.take();
    const mayHear = (): boolean => answers.take();
    this.gauge = new PacketGauge({ mayTake, mayHear, onDropped });
    raw.on('data', (chunk: Uint8Array) => this.filterChunk(chunk));
    raw.on('end', () => this.finish());
    raw.on('error', (error) => this.destroy(error));
    raw.on('close', () => (this.ended ? undefined : this.destroy()));
    raw.pause();
  }

  override _read(): void {
    if (this.held === undefined) this.raw.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void) {
    this.raw.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.pauseTimer?.cancel();
    this.held = undefined;
    this.raw.destroy();
    done(error);
  }

  private filterChunk(chunk: Uint8Array): void {
    if (this.destroyed) return;
    try {
      const { pass, rest } = this.gauge.take(chunk);
      const flows = pass.reduce((more, part) => this.push(part) && more, true);
      if (rest) this.hold(rest);
      else if (!flows) this.raw.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  private hold(rest: Uint8Array): void {
    this.raw.pause();
    this.held = rest;
    this.pauseTimer = this.clock.after(PAUSE_MS, () => {
      this.held = undefined;
      this.filterChunk(rest);
      if (this.held === undefined && this.ended) this.push(null);
      else if (this.held === undefined) this.raw.resume();
    });
  }

  private finish(): void {
    this.ended = true;
    if (this.held === undefined && !this.destroyed) this.push(null);
  }
}
