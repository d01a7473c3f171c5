/** Words on the terminal: steps that are under way, and news that comes in between. */

export class ConsoleLines {
  /** A step was announced and its end is still to come on the same line. */
  private open = false;

  constructor(private readonly out: NodeJS.WriteStream) {
    // A terminal that was closed takes no more words; the work goes on or ends without it.
    out.on('error', () => {});
  }

  /** `  doing ... `, to be ended by `done`. */
  begin(doing: string): void {
    this.line('', false);
    this.out.write(`  ${doing} ... `);
    this.open = true;
  }

  done(how: string): void {
    this.out.write(this.open ? `${how}\n` : `  ${how}\n`);
    this.open = false;
  }

  line(text: string, always = true): void {
    if (this.open) this.out.write('\n');
    this.open = false;
    if (always) this.out.write(`${text}\n`);
  }
}
