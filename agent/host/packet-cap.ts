/**
 * Follows the lengths of MQTT packets in a byte stream (MQTT 3.1.1, section 2.2.3) and says when
 * one is longer than we take: the broker would otherwise gather up to 256 MB before it looks.
 */
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';

/** A payload and its topic. */
const MAX_PACKET_BYTES = MAX_SIGNAL_BYTES + 1_024;

export class PacketCap {
  /** Bytes of the present packet still to come. */
  private left = 0;
  private length = 0;
  private shift = 0;
  private inHeader = false;

  /** False from the first packet that is too long. Takes what `ws` delivers. */
  take(data: Buffer | ArrayBuffer | Buffer[]): boolean {
    const chunks = Array.isArray(data) ? data : [data];
    return chunks.every((chunk) => this.walk(new Uint8Array(chunk)));
  }

  private walk(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at);
        this.left -= step;
        at += step;
      } else if (!this.header(bytes[at++] ?? 0)) return false;
    }
    return true;
  }

  /** The first byte is type and flags, then the length in 7 bits a byte, lowest first. */
  private header(byte: number): boolean {
    if (!this.inHeader) {
      this.inHeader = true;
      this.length = 0;
      this.shift = 0;
      return true;
    }
    this.length += (byte & 0x7f) << this.shift;
    this.shift += 7;
    if (this.length > MAX_PACKET_BYTES || this.shift > 28) return false;
    if (byte & 0x80) return true;
    this.inHeader = false;
    this.left = this.length;
    return true;
  }
}
