import { readdirSync, readlinkSync, readSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';
import type { EpollLibrary, Poller } from './libraries.ts';

/**
 * Edges as the kernel tells them (linux/gpio.h, struct gpioevent_data, which libgpiod 1.x asks
 * for): u64 nanoseconds, u32 id, padded to 16 bytes on arm64, arm and x86-64.
 */
interface LineEvent {
  readonly on: boolean;
  readonly atMs: number;
}

const EVENT_BYTES = 16;
/** Logical edges: the kernel has applied active-low. */
const RISING = 1;
const FALLING = 2;
/** Room for all that the kernel keeps for a line (16). */
const EVENTS_BYTES = EVENT_BYTES * 16;

/**
 * Kernels before 5.7 date edges by the wall clock. A date that is not of the last seconds by the
 * monotonic clock is of another clock: then the edge is dated when it was heard of.
 */
const LATEST_MS = 10_000;

export function parseLineEvents(bytes: Buffer, nowMs: number): LineEvent[] {
  const events: LineEvent[] = [];
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    const id = bytes.readUInt32LE(at + 8);
    if (id !== RISING && id !== FALLING) continue;
    const stampMs = Number(bytes.readBigUInt64LE(at)) / 1e6;
    const dated = stampMs <= nowMs && stampMs > nowMs - LATEST_MS;
    events.push({ on: id === RISING, atMs: dated ? stampMs : nowMs });
  }
  return events;
}

/** Descriptors of this process that tell edges of a line. */
export function eventDescriptors(folder = '/proc/self/fd'): Set<number> {
  const found = new Set<number>();
  for (const name of readdirSync(folder)) {
    try {
      if (readlinkSync(`${folder}/${name}`) === 'anon_inode:gpio-event') found.add(Number(name));
    } catch {
      // Closed since it was listed, as the listing's own descriptor is.
    }
  }
  return found;
}

interface EdgePollParts {
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
