/**
 * Cuts a byte stream into lines. A line longer than the limit is told as `undefined` once and its
 * bytes are thrown away as they come: memory stays bounded whatever is sent.
 */
export class LineSplitter {
  private readonly parts: Buffer[] = [];
  private length = 0;
  private skipping = false;

  constructor(
    private readonly maxBytes: number,
    private readonly onLine: (line: string | undefined) => void,
  ) {}

  /** Reads `mostLines` at most; returns how many bytes were read. */
  push(chunk: Buffer, mostLines = Number.POSITIVE_INFINITY): number {
    let from = 0;
    for (let lines = 0; lines < mostLines; lines++) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) {
        // The socket reuses nothing of the chunk, so a part of it may be kept.
        if (from < chunk.length) this.take(chunk.subarray(from));
        return chunk.length;
      }
      this.take(chunk.subarray(from, end));
      this.finish();
      from = end + 1;
    }
    return from;
  }

  private take(part: Buffer): void {
    if (this.skipping) return;
    this.length += part.length;
    this.parts.push(part);
    if (this.length <= this.maxBytes) return;
    this.skipping = true;
    this.clear();
    this.onLine(undefined);
  }

  private finish(): void {
    const skipped = this.skipping;
    const line = skipped ? '' : Buffer.concat(this.parts).toString('utf8');
    this.skipping = false;
    this.clear();
    if (!skipped) this.onLine(line);
  }

  private clear(): void {
    this.parts.length = 0;
    this.length = 0;
  }
}

const NEWLINE = 0x0a;
