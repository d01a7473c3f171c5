import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { VideoFrame } from '../../hal/ports/media.ts';
import { initialPriming, type PathHealth, PRIMED_BPS, stepPriming } from './bandwidth-priming.ts';
import { withVideoCodecFirst, withVideoStartBitrate } from './low-delay-sdp.ts';
import { NativeCalls } from './native-calls.ts';

/** The cheapest of wrtc's encoders, and the quickest to decode: VP9 costs 15 % more, AV1 20 %. */
const CODEC = 'VP8';
/**
 * Where the estimate of bandwidth starts, kbit/s. Below 500 the library drops the first four frames
 * of a picture larger than 640x480 (its own start is 300), 133 ms in which the pupil sees nothing.
 */
const START_KBPS = 600;
const HEALTH_PERIOD_MS = 1_000;

/** wrtc's source of frames, as far as it is used here. */
interface VideoSource {
  createTrack(): MediaStreamTrack;
  onFrame(frame: { width: number; height: number; data: Uint8Array }): void;
}

/** What @roamhq/wrtc offers; tests pass other things. */
export interface VideoParts {
  readonly RTCVideoSource: new (init: { needsDenoising: boolean }) => VideoSource;
  readonly MediaStream: new (tracks: MediaStreamTrack[]) => MediaStream;
  /** Where others negotiate on the same connection: runs one negotiation after the other. */
  readonly inTurn?: <T>(negotiate: () => Promise<T>) => Promise<T>;
}

/**
 * The robot's picture on its way out, for a connection on which the pupil made the offer:
 *
 *     await connection.setRemoteDescription({ type: 'offer', sdp: OutgoingVideo.prepare(offer) });
 *     const video = new OutgoingVideo(connection, parts, clock, log);
 *     await connection.setLocalDescription(await connection.createAnswer());
 *     video.send(frame); // for each frame of the camera
 *     video.close(); // before the connection is closed
 *
 * A frame is handed to the encoder at once or dropped, never queued: the encoder itself drops all
 * but the newest while it is busy. It stamps frames with the time at which they arrive (monotonic,
 * so wall time may jump) and knows no other capture time.
 */
export class OutgoingVideo {
  private readonly source: VideoSource;
  private readonly track: MediaStreamTrack;
  private readonly calls: NativeCalls;
  private readonly period: number;
  private readonly watch: Timer;
  private nextDueMs = Number.NEGATIVE_INFINITY;
  private copy = new Uint8Array(0);
  private priming = initialPriming;
  private raises = 0;
  private sentBytes = 0;
  private checking = false;
  private closed = false;

  /** The pupil's first offer, with the cheapest codec first and a start that shows a picture at once. */
  static prepare(offerSdp: string): string {
    return withVideoStartBitrate(OutgoingVideo.prepareFurther(offerSdp), START_KBPS);
  }

  /** A later offer on the same connection: what was learnt of the way by then stays. */
  static prepareFurther(offerSdp: string): string {
    return withVideoCodecFirst(offerSdp, CODEC);
  }

  constructor(
    private readonly connection: RTCPeerConnection,
    private readonly parts: VideoParts,
    private readonly clock: Clock,
    private readonly log: Log,
    maxFps = 30,
  ) {
    this.period = 1_000 / maxFps;
    this.calls = new NativeCalls(log);
    // Denoising costs a tenth of the encoder's time, and cameras do it themselves.
    this.source = new parts.RTCVideoSource({ needsDenoising: false });
    this.track = this.source.createTrack();
    // A stream of its own: in one with the sound, browsers hold pictures back for lip sync.
    const sender = connection.addTrack(this.track, new parts.MediaStream([this.track]));
    const transceiver = connection.getTransceivers().find((each) => each.sender === sender);
    if (transceiver) transceiver.direction = 'sendonly';
    this.watch = clock.every(HEALTH_PERIOD_MS, () => void this.check());
  }

  /**
   * Hands a frame to the encoder; its memory is free again on return. False when it was dropped: the
   * camera is faster than agreed (half a period of jitter is allowed), the encoder does not take it,
   * or this is closed. Never throws.
   */
  send(frame: VideoFrame): boolean {
    const now = this.clock.now();
    if (this.closed || now < this.nextDueMs - this.period / 2) return false;
    this.nextDueMs = Math.max(this.nextDueMs, now - this.period / 2) + this.period;
    const { width, height } = frame;
    return this.calls.call('picture', () =>
      this.source.onFrame({ width, height, data: this.whole(frame.data) }),
    ).ok;
  }

  close(): void {
    this.closed = true;
    this.watch.cancel();
    this.calls.call('stop the picture', () => this.track.stop());
  }

  /** The encoder takes only memory that is a buffer of its own: no part of one, nothing shared. */
  private whole(data: Uint8ClampedArray): Uint8Array {
    const { buffer } = data;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === data.byteLength) {
      return new Uint8Array(buffer);
    }
    if (this.copy.length !== data.length) this.copy = new Uint8Array(data.length);
    this.copy.set(data);
    return this.copy;
  }

  private async check(): Promise<void> {
    if (this.checking || this.closed) return;
    this.checking = true;
    try {
      const health = await this.health();
      if (this.closed) return;
      const step = stepPriming(this.priming, health, this.clock.now());
      this.priming = step.state;
      const { inTurn = (act) => act() } = this.parts;
      if (step.raise) await inTurn(() => this.raise());
    } catch (error) {
      if (!this.closed)
        this.log.warn({ error: String(error) }, 'video pacing could not be checked');
    } finally {
      this.checking = false;
    }
  }

  /**
   * The estimate can be set only by applying a description, so the pupil's own offer is applied
   * once more with another starting point. Nothing is sent: answer and transport stay what they
   * are. It costs one key frame and no visible gap.
   */
  private async raise(): Promise<void> {
    const { connection } = this;
    const offer = this.closed ? null : connection.remoteDescription;
    if (offer?.type !== 'offer' || connection.signalingState !== 'stable') return;
    // A value that is the same as before would be ignored.
    this.raises += 1;
    const kbps = PRIMED_BPS / 1_000 + (this.raises % 2);
    const sdp = withVideoStartBitrate(offer.sdp, kbps);
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription(await connection.createAnswer());
    this.log.debug({ kbps, raises: this.raises }, 'video leaves in whole frames');
  }

  private async health(): Promise<PathHealth> {
    let estimateBps: number | undefined;
    let lossRatio: number | undefined;
    let roundTripMs: number | undefined;
    let bytes = this.sentBytes;
    for (const row of rows(await this.connection.getStats())) {
      if (row.type === 'candidate-pair' && row.nominated === true) {
        estimateBps = row.availableOutgoingBitrate ?? estimateBps;
        roundTripMs = inMs(row.currentRoundTripTime) ?? roundTripMs;
      }
      if (row.kind !== 'video') continue;
      if (row.type === 'remote-inbound-rtp') lossRatio = row.fractionLost;
      if (row.type === 'outbound-rtp') bytes = row.bytesSent ?? bytes;
    }
    const sentBps = ((bytes - this.sentBytes) * 8_000) / HEALTH_PERIOD_MS;
    this.sentBytes = bytes;
    const connected = this.connection.connectionState === 'connected';
    return { connected, estimateBps, sentBps, lossRatio, roundTripMs };
  }
}

/** The statistics that are read here; each row has some of them. */
interface StatsRow {
  readonly type: string;
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly availableOutgoingBitrate?: number;
  readonly currentRoundTripTime?: number;
  readonly fractionLost?: number;
  readonly bytesSent?: number;
}

function rows(report: RTCStatsReport): StatsRow[] {
  const found: StatsRow[] = [];
  report.forEach((row: StatsRow) => {
    found.push(row);
  });
  return found;
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
