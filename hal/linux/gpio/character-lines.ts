import { readSync } from 'node:fs';
import type { InputLine, OutputLine } from '../../bus/gpio.ts';
import type { Clock } from '../../ports/clock.ts';
import { lineCall } from './gpio-fault.ts';
import type { EpollLibrary, LibgpiodLine, Poller } from './libraries.ts';
import { EVENTS_BYTES, parseLineEvents } from './line-events.ts';

/** An output of the character device. */
export class CharacterOutput implements OutputLine {
  private closed = false;

  constructor(
    private readonly line: LibgpiodLine,
    private readonly device: string,
    private readonly forget: () => void,
  ) {}

  async set(on: boolean): Promise<void> {
    lineCall(this.device, this.closed, 'set it', () => this.line.setValue(on ? 1 : 0));
  }

  async get(): Promise<boolean> {
    return lineCall(this.device, this.closed, 'read it', () => this.line.getValue() === 1);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    // A chip that is gone cannot be told; the line is let go of all the same.
    await this.set(false).catch(() => {});
    this.closed = true;
    this.forget();
    lineCall(this.device, false, 'give it back', () => this.line.release());
  }
}

export interface CharacterInputParts {
  readonly line: LibgpiodLine;
  readonly device: string;
  readonly descriptor: number;
  readonly epoll: EpollLibrary;
  readonly clock: Clock;
}

/** An input of the character device, its edges waited for by `epoll`. */
export class CharacterInput implements InputLine {
  private readonly listeners = new Set<(on: boolean, atMs: number) => void>();
  private readonly bytes = Buffer.alloc(EVENTS_BYTES);
  private readonly poller: Poller;
  private polled = true;
  private closed = false;

  private readonly line: LibgpiodLine;
  private readonly device: string;
  private readonly descriptor: number;
  private readonly clock: Clock;

  constructor(
    { line, device, descriptor, epoll, clock }: CharacterInputParts,
    private readonly forget: () => void,
  ) {
    this.line = line;
    this.device = device;
    this.descriptor = descriptor;
    this.clock = clock;
    this.poller = new epoll.Epoll((error, _descriptor, events) => {
      // Without something to read, reading would block. A chip that is gone says so at once, for
      // ever: it is not waited for any longer.
      if (error || (events & epoll.Epoll.EPOLLIN) === 0) this.stopPolling();
      else this.takeEdges();
    });
    this.poller.add(descriptor, epoll.Epoll.EPOLLIN);
  }

  async get(): Promise<boolean> {
    return lineCall(this.device, this.closed, 'read it', () => this.line.getValue() === 1);
  }

  onEdge(listener: (on: boolean, atMs: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.forget();
    this.listeners.clear();
    // Before the descriptor is closed: its number may be another file's next.
    this.stopPolling();
    lineCall(this.device, false, 'give it back', () => this.line.release());
  }

  private takeEdges(): void {
    if (!this.polled) return;
    let length: number;
    try {
      length = readSync(this.descriptor, this.bytes);
    } catch {
      this.stopPolling();
      return;
    }
    for (const { on, atMs } of parseLineEvents(this.bytes.subarray(0, length), this.clock.now()))
      for (const listener of [...this.listeners]) listener(on, atMs);
  }

  private stopPolling(): void {
    if (!this.polled) return;
    this.polled = false;
    this.poller.remove(this.descriptor);
    this.poller.close();
  }
}
