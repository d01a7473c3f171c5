import { describe, expect, it } from 'vitest';
import { FrameReader, frameLayout, HEADER_BYTES } from './frame-reader.ts';

function packet(type: number, payload: Uint8Array, ptsNs = 0n): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x0100);
  view.setUint16(4, type);
  view.setUint32(6, payload.length);
  view.setBigUint64(10, ptsNs);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

const size = { width: 16, height: 4 };
const image = (value: number) => new Uint8Array(96).fill(value);

function makeReader(of = size) {
  const frames: { first: number; last: number; bytes: number; ptsMs: number }[] = [];
  const garbage: string[] = [];
  const reader = new FrameReader(frameLayout(of), {
    onFrame: (data, ptsMs) =>
      frames.push({
        first: data[0] ?? -1,
        last: data.at(-1) ?? -1,
        bytes: data.length,
        ptsMs,
      }),
    onGarbage: (why) => garbage.push(why),
  });
  const feed = (bytes: Uint8Array, atMost: number) => {
    for (let at = 0; at < bytes.length; ) {
      const room = reader.room();
      const part = bytes.subarray(at, at + Math.min(atMost, room.length));
      room.set(part);
      at += part.length;
      reader.landed(part.length);
    }
  };
  return { reader, frames, garbage, feed };
}

const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

describe('frames from a pipe', () => {
  it.each([1, 7, 61, 62, 63, 1_000])('come out whole, read %i bytes at a time', (atMost) => {
    const it = makeReader();
    const stream = join(
      packet(78, Buffer.from('GstEventStreamStart')),
      packet(2, Buffer.from('video/x-raw')),
      packet(1, image(1), 33_333_333n),
      packet(70, new Uint8Array(0)),
      packet(1, image(2), 5_000_000_000_000_000n),
    );
    it.feed(stream, atMost);
    expect(it.garbage).toEqual([]);
    expect(it.frames).toEqual([
      { first: 1, last: 1, bytes: 96, ptsMs: 33.333333 },
      { first: 2, last: 2, bytes: 96, ptsMs: 5_000_000_000 },
    ]);
  });

  it('without a time are of no use', () => {
    const it = makeReader();
    it.feed(packet(1, image(1), 0xffff_ffff_ffff_ffffn), 100);
    expect(it.frames).toEqual([]);
  });

  it('are given up at the first bytes that are none, and say so once', () => {
    const it = makeReader();
    it.feed(join(packet(1, image(1)), new Uint8Array(500).fill(7)), 50);
    expect(it.frames).toHaveLength(1);
    expect(it.garbage).toEqual(['bytes that are no frame (version 1799, type 1799)']);
  });

  it('of another size, and endless texts, are refused', () => {
    const other = makeReader();
    other.feed(packet(1, new Uint8Array(90)), 100);
    expect(other.garbage).toEqual(['a frame of 90 bytes instead of 96']);
    const text = makeReader();
    text.feed(packet(64, new Uint8Array(70_000)), 100_000);
    expect(text.garbage).toEqual(['a packet of 70000 bytes']);
  });

  it('lose the padding that GStreamer gives to rows of odd widths', () => {
    const of = { width: 6, height: 4 };
    const layout = frameLayout(of);
    // Rows of 6 in 8 bytes, of 3 in 4.
    expect(layout.bytes).toBe(8 * 4 + 2 * 4 * 2);
    const padded = new Uint8Array(layout.bytes);
    for (let y = 0; y < 4; y++) padded.fill(y + 1, y * 8, y * 8 + 6);
    for (let y = 0; y < 4; y++) padded.fill(y + 11, 32 + y * 4, 32 + y * 4 + 3);
    const rows = [1, 2, 3, 4].flatMap((value) => Array<number>(6).fill(value));
    const chroma = [11, 12, 13, 14].flatMap((value) => Array<number>(3).fill(value));
    expect([...layout.compact(padded)]).toEqual([...rows, ...chroma]);
  });

  it('of widths of whole 8 pixels are the very memory that was read into', () => {
    const layout = frameLayout({ width: 640, height: 480 });
    const memory = new Uint8Array(layout.bytes);
    expect(layout.compact(memory).buffer).toBe(memory.buffer);
    expect(layout.bytes).toBe((640 * 480 * 3) / 2);
  });
});
