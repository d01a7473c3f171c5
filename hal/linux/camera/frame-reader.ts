import type { PipeReader } from '../../bus/child.ts';
import type { VideoSize } from '../../ports/media.ts';

/**
 * Frames out of a pipe in GStreamer Data Protocol 1.0, as `gdppay crc-header=false` writes it
 * (gst-plugins-bad, gst/gdp/dataprotocol.c): packets of a 62 byte header and a payload, numbers big
 * endian. Of the header we need: byte 0 and 1 version, 4 payload type (1 buffer, 2 caps, 64 and up
 * events), 6 payload length, 10 timestamp in ns.
 *
 * The payload of a buffer is read straight into the frame's memory: one copy, done by the kernel.
 */
export const HEADER_BYTES = 62;
const PAYLOAD = { buffer: 1, caps: 2, firstEvent: 64 } as const;
/** Caps and events are text of some hundred bytes. */
const LONGEST_TEXT = 65_536;
const NO_TIME = 0xffff_ffff;

interface FrameListener {
  /** `ptsMs`: running time of the pipeline. The data is valid until the call returns. */
  onFrame(data: Uint8ClampedArray, ptsMs: number): void;
  /** What came is no frame; nothing more is read. */
  onGarbage(why: string): void;
}

export class FrameReader implements PipeReader {
  private readonly header = new Uint8Array(HEADER_BYTES);
  private readonly head = new DataView(this.header.buffer);
  private readonly text = new Uint8Array(LONGEST_TEXT);
  private readonly frame: Uint8Array;
  /** Where bytes land now, and how many of them have. */
  private into: Uint8Array;
  private filled = 0;
  private broken = false;

  constructor(
    private readonly layout: FrameLayout,
    private readonly listener: FrameListener,
  ) {
    this.frame = new Uint8Array(layout.bytes);
    this.into = this.header;
  }

  room(): Uint8Array {
    return this.filled === 0 ? this.into : this.into.subarray(this.filled);
  }

  landed(count: number): void {
    if (this.broken) return;
    this.filled += count;
    if (this.filled < this.into.length) return;
    this.filled = 0;
    if (this.into === this.header) this.takeHeader();
    else this.takePayload();
  }

  private takeHeader(): void {
    const version = this.head.getUint16(0);
    const type = this.head.getUint16(4);
    const length = this.head.getUint32(6);
    const why = this.oddity(version, type, length);
    if (why !== undefined) this.fail(why);
    else if (length > 0)
      this.into = type === PAYLOAD.buffer ? this.frame : this.text.subarray(0, length);
  }

  private oddity(version: number, type: number, length: number): string | undefined {
    if (
      version !== 0x0100 ||
      !(type === PAYLOAD.buffer || type === PAYLOAD.caps || type >= PAYLOAD.firstEvent)
    )
      return `bytes that are no frame (version ${version}, type ${type})`;
    if (type === PAYLOAD.buffer && length !== this.frame.length)
      return `a frame of ${length} bytes instead of ${this.frame.length}`;
    if (type !== PAYLOAD.buffer && length > LONGEST_TEXT) return `a packet of ${length} bytes`;
    return undefined;
  }

  private takePayload(): void {
    const whole = this.into === this.frame;
    this.into = this.header;
    const [high, low] = [this.head.getUint32(10), this.head.getUint32(14)];
    if (!whole || high === NO_TIME) return;
    this.listener.onFrame(this.layout.compact(this.frame), (high * 2 ** 32 + low) / 1e6);
  }

  private fail(why: string): void {
    this.broken = true;
    this.listener.onGarbage(why);
  }
}

/** How GStreamer lays out an I420 frame, and how the port wants it. */
export interface FrameLayout {
  /** Of GStreamer's frame. */
  readonly bytes: number;
  /** The frame without padding: the same memory, and for widths of whole 8 pixels untouched. */
  compact(frame: Uint8Array): Uint8ClampedArray;
}

/** Rows of each plane are padded to whole 4 bytes (gst_video_info_set_format). */
export function frameLayout({ width, height }: VideoSize): FrameLayout {
  const planes = [
    { row: width, rows: height },
    { row: width / 2, rows: height / 2 },
    { row: width / 2, rows: height / 2 },
  ].map((plane) => ({ ...plane, stride: Math.ceil(plane.row / 4) * 4 }));
  const bytes = planes.reduce((sum, { stride, rows }) => sum + stride * rows, 0);
  const wanted = (width * height * 3) / 2;
  const compact = (frame: Uint8Array): Uint8ClampedArray => {
    if (bytes !== wanted) squeeze(frame, planes);
    return new Uint8ClampedArray(frame.buffer, frame.byteOffset, wanted);
  };
  return { bytes, compact };
}

function squeeze(
  frame: Uint8Array,
  planes: readonly { row: number; rows: number; stride: number }[],
): void {
  let from = 0;
  let to = 0;
  for (const { row, rows, stride } of planes)
    for (let y = 0; y < rows; y++) {
      frame.copyWithin(to, from, from + row);
      from += stride;
      to += row;
    }
}
