/**
 * Filters the MQTT packets in a broker's stream of bytes before they are buffered, by length, type
 * and rate. No I/O, no clock.
 *
 * A packet's first byte and its length (MQTT 3.1.1 and 5, section 2.1) precede its content, so even
 * the longest packet needs no memory: of a PUBLISH only the first LONGEST_PACKET bytes pass, with
 * an adjusted length; the reader sees that it is too long, acknowledges and refuses it. Ending the
 * connection instead would let any publisher keep the robot offline.
 */

/**
 * Longer than our longest message (MAX_SIGNAL_BYTES), and than the longest topic (65,535 bytes)
 * with everything before the payload, as a truncated topic is unreadable. Bytes.
 */
export const LONGEST_PACKET = 65 * 1024;
/** Maximum of all other packets, which are usually some bytes long. */
const LONGEST_OTHER = 16 * 1024;
const MAX_LENGTH_BYTES = 4;

const PUBLISH = 3;
/** CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP, DISCONNECT (5). */
const FROM_SERVER: ReadonlySet<number> = new Set([2, PUBLISH, 4, 9, 11, 13, 14]);

/** A packet that a broker must not send: the connection is unusable. */
export class StrangePacket extends Error {
  override readonly name = 'StrangePacket';
}

export type Dropped = 'tooLong' | 'tooMany';

interface GaugeParts {
  /** Whether one more PUBLISH may pass now. Otherwise one with QoS 0 is dropped. */
  readonly mayTake: () => boolean;
  /** The same for other packets; only a hostile broker sends more than was requested. */
  readonly mayHear: () => boolean;
  readonly onDropped: (why: Dropped) => void;
}

export class PacketGauge {
  /** First byte and length of a packet whose header is incomplete. */
  private header: number[] = [];
  /** Bytes of the present packet that still pass, and then those to drop. */
  private passing = 0;
  private dropping = 0;

  constructor(private readonly parts: GaugeParts) {}

  /**
   * The parts of `chunk` that pass, in order, and the `rest` that must wait for the rate limit;
   * pass it to `take` again later. Throws StrangePacket.
   */
  take(chunk: Uint8Array): { pass: Uint8Array[]; rest: Uint8Array | undefined } {
    const pass: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.passing > 0) {
        const part = chunk.subarray(at, at + this.passing);
        pass.push(part);
        this.passing -= part.length;
        at += part.length;
      } else if (this.dropping > 0) {
        const skipped = Math.min(this.dropping, chunk.length - at);
        this.dropping -= skipped;
        at += skipped;
      } else {
        this.header.push(chunk[at] ?? 0);
        const length = lengthOf(this.header);
        if (length !== undefined && !this.begin(length, pass)) {
          // The last byte of the header is read again with the rest.
          this.header.pop();
          return { pass, rest: chunk.subarray(at) };
        }
        at += 1;
      }
    }
    return { pass, rest: undefined };
  }

  /** False when the packet must wait. */
  private begin(length: number, pass: Uint8Array[]): boolean {
    const first = this.header[0] ?? 0;
    const kind = first >> 4;
    const qos = (first >> 1) & 3;
    if (!FROM_SERVER.has(kind)) throw new StrangePacket(`a packet of kind ${kind}`);
    if (kind !== PUBLISH) {
      if (length > LONGEST_OTHER) throw new StrangePacket(`kind ${kind} with ${length} bytes`);
      if (!this.parts.mayHear()) return false;
      return this.pass(length, length, pass);
    }
    // Subscribed with QoS 1, which a server must not exceed.
    if (qos > 1) throw new StrangePacket(`a message of quality ${qos}`);
    const room = this.parts.mayTake();
    if (!room && qos === 1) return false;
    if (!room) {
      this.parts.onDropped('tooMany');
      this.header = [];
      this.dropping = length;
      return true;
    }
    const kept = Math.min(length, LONGEST_PACKET);
    if (kept < length) this.parts.onDropped('tooLong');
    return this.pass(kept, length, pass);
  }

  private pass(kept: number, length: number, pass: Uint8Array[]): true {
    const [first = 0] = this.header;
    pass.push(Uint8Array.from(kept === length ? this.header : [first, ...lengthBytes(kept)]));
    this.header = [];
    this.passing = kept;
    this.dropping = length - kept;
    return true;
  }
}

/** Undefined until the length is complete. */
function lengthOf(header: readonly number[]): number | undefined {
  const digits = header.slice(1);
  const last = digits.at(-1);
  if (last === undefined) return undefined;
  if (last >= 128) {
    if (digits.length < MAX_LENGTH_BYTES) return undefined;
    throw new StrangePacket('a length of more than four bytes');
  }
  return digits.reduce((sum, digit, place) => sum + (digit & 127) * 128 ** place, 0);
}

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  for (let left = length; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push(128 + (left % 128));
  }
}
