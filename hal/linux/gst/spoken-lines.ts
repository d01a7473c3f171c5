import { StringDecoder } from 'node:string_decoder';

/** More of a line says nothing more. */
const LONGEST_LINE = 2_000;

/**
 * Lines of what a program says, without empty ones. Of a line only the beginning is kept: a program
 * that never ends its line takes no more memory than one that does.
 */
export class SpokenLines {
  private readonly decoder = new StringDecoder('utf8');
  private begun = '';

  constructor(private readonly onLine: (line: string) => void) {}

  take(bytes: Buffer): void {
    const [first = '', ...others] = this.decoder.write(bytes).split(/[\r\n]+/);
    this.add(first);
    for (const next of others) {
      this.tell();
      this.add(next);
    }
  }

  /** It says no more. */
  end(): void {
    this.add(this.decoder.end());
    this.tell();
  }

  private add(text: string): void {
    this.begun += text.slice(0, LONGEST_LINE - this.begun.length);
  }

  private tell(): void {
    if (this.begun !== '') this.onLine(this.begun);
    this.begun = '';
  }
}
