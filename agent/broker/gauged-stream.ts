import { Duplex } from 'node:stream';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { type Dropped, PacketGauge } from './packet-gauge.ts';

/**
 * Far more than signalling needs (agent/signalling/rate-limits.ts reads 200 a second), and no more at once
 * than the smallest of computers works off between two beats of its event loop.
 */
const PACKETS = { perSecond: 400, burst: 200 };
/** Acknowledgements and the like: of all that waits at one time (MAX_WAITING), and then some. */
const ANSWERS = { perSecond: 400, burst: 200 };
/** How long a stream that brought too many is left alone. */
const BREATH_MS = 50;

/**
 * A broker's stream of which only what PacketGauge lets through can be read. A reader that is slow
 * and a sender that is too quick both hold the stream itself, so that the flood waits at the sender.
 */
export class GaugedStream extends Duplex {
  private readonly gauge: PacketGauge;
  private held: Uint8Array | undefined;
  private breath: Timer | undefined;
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
    raw.on('data', (chunk: Uint8Array) => this.sift(chunk));
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
    this.breath?.cancel();
    this.held = undefined;
    this.raw.destroy();
    done(error);
  }

  private sift(chunk: Uint8Array): void {
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
    this.breath = this.clock.after(BREATH_MS, () => {
      this.held = undefined;
      this.sift(rest);
      if (this.held === undefined && this.ended) this.push(null);
      else if (this.held === undefined) this.raw.resume();
    });
  }

  private finish(): void {
    this.ended = true;
    if (this.held === undefined && !this.destroyed) this.push(null);
  }
}
