import { readSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';
import type { EpollLibrary, Poller } from './libraries.ts';
import { EVENTS_BYTES, parseLineEvents } from './line-events.ts';

export interface EdgePollParts {
  /** Of a line request of the character device, which has its edges to read. */
  readonly descriptor: number;
  readonly epoll: EpollLibrary;
  readonly clock: Clock;
}

/** Waits for a line's edges by `epoll`, which costs nothing at rest, and reads them. */
export class EdgePoll {
  private readonly bytes = Buffer.alloc(EVENTS_BYTES);
  private readonly poller: Poller;
  private polled = true;

  constructor(
    private readonly parts: EdgePollParts,
    private readonly onEdge: (on: boolean, atMs: number) => void,
    /** It waits no longer, and nobody has told it to stop. */
    private readonly onEnd: (why: string) => void,
  ) {
    const { descriptor, epoll } = parts;
    this.poller = new epoll.Epoll((error, _descriptor, events) => {
      // Without something to read, reading would block. A chip that is gone says so at once, for
      // ever: it is not waited for any longer.
      if (error) this.give(`waiting for its edges failed (${error.message})`);
      else if ((events & epoll.Epoll.EPOLLIN) === 0) this.give('its chip is gone');
      else this.takeEdges();
    });
    this.poller.add(descriptor, epoll.Epoll.EPOLLIN);
  }

  /** To be called before the descriptor is closed: its number may be another file's next. */
  stop(): void {
    if (!this.polled) return;
    this.polled = false;
    this.poller.remove(this.parts.descriptor);
    this.poller.close();
  }

  private give(why: string): void {
    if (!this.polled) return;
    this.stop();
    this.onEnd(why);
  }

  private takeEdges(): void {
    if (!this.polled) return;
    const { descriptor, clock } = this.parts;
    let length: number;
    try {
      length = readSync(descriptor, this.bytes);
    } catch (error) {
      this.give(`its edges cannot be read (${String(error)})`);
      return;
    }
    for (const { on, atMs } of parseLineEvents(this.bytes.subarray(0, length), clock.now()))
      this.onEdge(on, atMs);
  }
}
