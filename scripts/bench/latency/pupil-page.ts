import { receiveWithLowDelay } from '../../../agent/client/peer-connection.ts';
import { allCandidates } from './gathering.ts';
import { BARCODE_HEIGHT, BARCODE_WIDTH, readBarcode, StampClock } from './picture.ts';

/** The receiver's measurements since `mark`. */
export interface Measured {
  /** Capture to expected display of each frame that was shown, milliseconds. */
  readonly latenciesMs: number[];
  readonly unreadable: number;
  /** Means over the frames, milliseconds. */
  readonly jitterBufferMs: number;
  readonly assemblyMs: number;
  readonly decodeMs: number;
  readonly kbps: number;
  readonly width: number;
}

/** The receiving end, the same for every sender. */
export class PupilPage {
  private readonly connection = new RTCPeerConnection();
  private readonly video = document.createElement('video');
  private readonly clock = new StampClock();
  private readonly strip = new Uint8Array(2_048 * BARCODE_HEIGHT * 2);
  private latenciesMs: number[] = [];
  private unreadable = 0;
  private lastWidth = 0;
  private before: Totals = noTotals;
  private markedAtMs = 0;

  constructor(private readonly drawnWidth: number) {
    this.video.muted = true;
    document.body.replaceChildren(this.video);
    this.connection.ontrack = ({ track, receiver }) => {
      receiveWithLowDelay(receiver);
      this.video.srcObject = new MediaStream([track]);
      this.video.requestVideoFrameCallback((now, frame) => void this.onFrame(now, frame));
      this.video.play().catch(() => {}); // interrupted when the round ends
    };
  }

  async offer(): Promise<string> {
    this.connection.addTransceiver('video', { direction: 'recvonly' });
    await this.connection.setLocalDescription();
    return allCandidates(this.connection);
  }

  async accept(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  async answer(sdp: string): Promise<string> {
    await this.connection.setRemoteDescription({ type: 'offer', sdp });
    await this.connection.setLocalDescription();
    return allCandidates(this.connection);
  }

  async mark(): Promise<void> {
    this.before = await this.totals();
    this.latenciesMs = [];
    this.unreadable = 0;
    this.markedAtMs = performance.now();
  }

  async measured(): Promise<Measured> {
    const now = await this.totals();
    const seconds = (performance.now() - this.markedAtMs) / 1_000;
    const mean = (sum: keyof Totals, count: keyof Totals): number =>
      ((now[sum] - this.before[sum]) * 1_000) / (now[count] - this.before[count]);
    return {
      latenciesMs: this.latenciesMs,
      unreadable: this.unreadable,
      jitterBufferMs: mean('jitterBufferDelay', 'jitterBufferEmittedCount'),
      assemblyMs: mean('totalAssemblyTime', 'framesDecoded'),
      decodeMs: mean('totalDecodeTime', 'framesDecoded'),
      kbps: ((now.bytesReceived - this.before.bytesReceived) * 8) / seconds / 1_000,
      width: this.lastWidth,
    };
  }

  close(): void {
    this.connection.close();
    this.video.srcObject = null;
  }

  /**
   * Shown: `expectedDisplayTime`, the browser's own time of visibility (and what the product's
   * latency figure uses). Only the barcode's rows are read back, and as decoded, without a
   * conversion of colours: reading must not load the machine that it measures.
   */
  private async onFrame(_now: number, shown: VideoFrameCallbackMetadata): Promise<void> {
    this.video.requestVideoFrameCallback((now, next) => void this.onFrame(now, next));
    if (this.connection.connectionState === 'closed') return;
    let frame: VideoFrame;
    try {
      frame = new VideoFrame(this.video);
    } catch {
      return; // between two rounds the element has no picture
    }
    const scale = frame.codedWidth / this.drawnWidth;
    const even = (px: number): number => Math.ceil((px * scale) / 2) * 2;
    const rect = { x: 0, y: 0, width: even(BARCODE_WIDTH), height: even(BARCODE_HEIGHT) };
    const [luma] = await frame.copyTo(this.strip, { rect });
    this.lastWidth = frame.codedWidth;
    frame.close();
    if (!luma) return;
    const stamp = readBarcode(this.strip.subarray(luma.offset), luma.stride, scale);
    if (stamp === undefined) this.unreadable += 1;
    else this.latenciesMs.push(this.clock.sinceMs(stamp, shown.expectedDisplayTime));
  }

  private async totals(): Promise<Totals> {
    let found = noTotals;
    (await this.connection.getStats()).forEach((row: Totals & { type: string; kind?: string }) => {
      if (row.type === 'inbound-rtp' && row.kind === 'video') found = { ...noTotals, ...row };
    });
    return found;
  }
}

const noTotals = {
  jitterBufferDelay: 0,
  jitterBufferEmittedCount: 0,
  totalAssemblyTime: 0,
  totalDecodeTime: 0,
  framesDecoded: 0,
  bytesReceived: 0,
};
type Totals = typeof noTotals;
