/**
 * The world over a local socket: newline-delimited JSON. A client sends numbered requests, the
 * server answers each with `taken` or `refused` and tells the state to all, in one stream and in
 * order.
 */
import { z } from 'zod';
import { WorldCommand, WorldState } from './schema.ts';

/** A longer line is refused unread, at both ends. A state is 1 KB, a command 0.1 KB. */
export const MAX_LINE_BYTES = 4_096;

const id = z.int().nonnegative();

export const WorldRequest = z.strictObject({ id, command: WorldCommand });
export type WorldRequest = z.infer<typeof WorldRequest>;

const Taken = z.strictObject({ kind: z.literal('taken'), id });
/** `id` is -1 when the request could not be read. */
const Refused = z.strictObject({ kind: z.literal('refused'), id: z.int(), why: z.string() });

export const WorldMessage = z.discriminatedUnion('kind', [WorldState, Taken, Refused]);
export type WorldMessage = z.infer<typeof WorldMessage>;

/** Cuts a byte stream into lines; one that is too long is given as undefined, once. */
export class LineCutter {
  private pending: Buffer[] = [];
  private bytes = 0;
  private skipping = false;

  constructor(private readonly onLine: (line: string | undefined) => void) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end < 0) break;
      this.keep(chunk.subarray(start, end));
      this.finish();
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
  }

  private keep(part: Buffer): void {
    if (this.skipping || part.length === 0) return;
    this.bytes += part.length;
    if (this.bytes > MAX_LINE_BYTES) {
      this.skipping = true;
      this.pending = [];
    } else this.pending.push(part);
  }

  private finish(): void {
    const line = this.skipping ? undefined : Buffer.concat(this.pending).toString('utf8');
    this.pending = [];
    this.bytes = 0;
    this.skipping = false;
    this.onLine(line);
  }
}

/** Parsed JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
