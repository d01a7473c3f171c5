/** Server-sent events as a stream of bytes (HTML Living Standard, 9.2.6). */

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** A longer line or event is no row of a robot. Characters. */
const MOST_CHARS = 256 * 1024;

/** Takes bytes as they come and gives whole events; throws RangeError for one without end. */
export class EventStreamReader {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private event = '';
  private data: string[] = [];
  private chars = 0;

  take(bytes: Uint8Array): ServerEvent[] {
    const text = this.rest + this.decoder.decode(bytes, { stream: true });
    // A carriage return at the end may be half of a line end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MOST_CHARS) throw new RangeError('a line without end');
    return lines.flatMap((line) => this.takeLine(line));
  }

  private takeLine(line: string): ServerEvent[] {
    if (line === '') return this.dispatch();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') this.event = value;
    if (field === 'data') {
      this.chars += value.length;
      if (this.chars > MOST_CHARS) throw new RangeError('an event without end');
      this.data.push(value);
    }
    return [];
  }

  private dispatch(): ServerEvent[] {
    const { event, data } = this;
    this.event = '';
    this.data = [];
    this.chars = 0;
    return data.length === 0 ? [] : [{ event: event || 'message', data: data.join('\n') }];
  }
}
