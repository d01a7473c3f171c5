/**
 * Documents in QR codes. What does not fit in one readable code is shown as a sequence of codes, each
 *
 *     DM1/<n>/<of>/<id>/<chunk>
 *
 * `n` counts from 1 to `of`, `id` is a checksum of the whole document (16 hex digits), `chunk` is a
 * part of its UTF-8 bytes in base64url. A page shows them in turn, for ever; a reader takes them in any
 * order and as often as they come. The checksum only tells sequences apart and finds mistakes:
 * whoever shows codes can make it fit, so documents are signed (wire/order.ts).
 */
import { base64url } from 'jose';

/** QR alternatives to this framing (structured append) depend on scanners; this one does not. */
const PREFIX = 'DM1/';
/** Document bytes in a code: with header under 425 bytes, version 13 at level L, 69 modules wide. */
const CHUNK_BYTES = 297;
/** Codes in a sequence, so that documents are at most 19 kB. */
export const MAX_CODES = 64;
/** A longer text is no code of ours, UTF-16 units. */
const MAX_CODE_LENGTH = 600;
/** Sequences being collected: one on a tablet, some in the background. */
const MAX_SEQUENCES = 4;

const FRAME = /^DM1\/([1-9]\d?)\/([1-9]\d?)\/([0-9a-f]{16})\/([A-Za-z0-9_-]+)$/;

export type SplitCodes =
  | { readonly ok: true; readonly codes: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** The codes that show `text`, in order. */
export function splitIntoCodes(text: string): SplitCodes {
  const bytes = new TextEncoder().encode(text);
  const of = Math.ceil(bytes.length / CHUNK_BYTES);
  if (of === 0) return { ok: false, why: 'document: expected some text, got none' };
  if (of > MAX_CODES) {
    const most = MAX_CODES * CHUNK_BYTES;
    return { ok: false, why: `document: expected at most ${most} bytes, got ${bytes.length}` };
  }
  const id = checksum(bytes);
  const codes = Array.from({ length: of }, (_, i) => {
    const chunk = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    return `${PREFIX}${i + 1}/${of}/${id}/${base64url.encode(chunk)}`;
  });
  return { ok: true, codes };
}

/** Whether a code belongs to a sequence, well-formed or not. */
export function isPart(code: string): boolean {
  return code.startsWith(PREFIX);
}

export type Collected =
  /** Not a code of a sequence, or one that says impossible things. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** `have` of `of` codes were seen; `fresh`: this one for the first time. */
  | {
      readonly kind: 'part';
      readonly have: number;
      readonly of: number;
      readonly fresh: boolean;
    }
  /** The last missing code: the document. Told once for each sequence. */
  | { readonly kind: 'whole'; readonly text: string };

interface Sequence {
  readonly of: number;
  readonly chunks: Map<number, string>;
  whole: boolean;
}

/** Puts sequences together. Bounded: the sequence that was seen longest ago is forgotten. */
export class CodeCollector {
  private readonly sequences = new Map<string, Sequence>();

  take(code: string): Collected {
    const [, n = '', of = '', id = '', chunk = ''] =
      code.length <= MAX_CODE_LENGTH ? (FRAME.exec(code) ?? []) : [];
    const [number, count] = [Number(n), Number(of)];
    if (number === 0) return malformed('expected DM1/<n>/<of>/<id>/<base64url>');
    if (count > MAX_CODES) return malformed(`of: expected at most ${MAX_CODES}, got ${count}`);
    if (number > count) return malformed(`n: expected at most ${count}, got ${number}`);
    const sequence = this.sequenceOf(id, count);
    const before = sequence.chunks.get(number);
    // The same place with other content: one of both is wrong, and nobody can say which.
    if (count !== sequence.of || (before !== undefined && before !== chunk)) {
      this.sequences.delete(id);
      return malformed('a code that contradicts another one of its sequence');
    }
    sequence.chunks.set(number, chunk);
    if (sequence.whole || sequence.chunks.size < count)
      return { kind: 'part', have: sequence.chunks.size, of: count, fresh: before === undefined };
    return this.join(id, sequence);
  }

  private sequenceOf(id: string, of: number): Sequence {
    const sequence = this.sequences.get(id) ?? { of, chunks: new Map(), whole: false };
    // Moved to the end: the first is the one that was seen longest ago.
    this.sequences.delete(id);
    this.sequences.set(id, sequence);
    const [oldest] = this.sequences.keys();
    if (this.sequences.size > MAX_SEQUENCES && oldest !== undefined) this.sequences.delete(oldest);
    return sequence;
  }

  private join(id: string, sequence: Sequence): Collected {
    const parts = Array.from({ length: sequence.of }, (_, i) => sequence.chunks.get(i + 1) ?? '');
    const text = textOf(parts, id);
    if (text === undefined) {
      this.sequences.delete(id);
      return malformed('codes whose checksum is not that of the document');
    }
    sequence.whole = true;
    return { kind: 'whole', text };
  }
}

function textOf(parts: readonly string[], id: string): string | undefined {
  try {
    const chunks = parts.map((part) => base64url.decode(part));
    const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    if (checksum(bytes) !== id) return undefined;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function malformed(why: string): Collected {
  return { kind: 'malformed', why };
}

/** FNV-1a, 64 bit (draft-eastlake-fnv). */
function checksum(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
