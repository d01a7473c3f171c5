import { readdirSync, readlinkSync, readSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';
import type { EpollLibrary, Poller } from './libraries.ts';

/**
 * The kernel's edge events (linux/gpio.h, struct gpioevent_data, as used by libgpiod 1.x): u64
 * nanoseconds, u32 id, padded to 16 bytes on arm64, arm and x86-64.
 */
interface LineEvent {
  readonly on: boolean;
  readonly atMs: number;
}

const EVENT_BYTES = 16;
/** Logical edges: the kernel has applied active-low. */
const RISING = 1;
const FALLING = 2;
/** Room for the kernel's whole event buffer of a line (16). */
const EVENTS_BYTES = EVENT_BYTES * 16;

/**
 * Kernels before 5.7 stamp edges by the wall clock. A time stamp that is not within the last seconds
 * of the monotonic clock is of another clock: the edge is then stamped on arrival.
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

/** Descriptors of this process that deliver line edges. */
export function eventDescriptors(folder = '/proc/self/fd'): Set<number> {
  const found = new Set<number>();
  for (const name of readdirSync(folder)) {
    try {
      if (readlinkSync(`${folder}/${name}`) === 'anon_inode:gpio-event') found.add(Number(name));
    } catch {
      // Closed since it was listed, like the descriptor of the listing itself.
    }
  }
  return found;
}

interface EdgePollParts {
  /** Descriptor of a line request of the character device, from which edges are read. */
  readonly descriptor: number;
  readonly epoll: EpollLibrary;
  readonly clock: Clock;
}

/** Waits for a line's edges by `epoll`, without polling, and reads them. */
export class EdgePoll {
  private readonly bytes = Buffer.alloc(EVENTS_BYTES);
  private readonly poller: Poller;
  private polled = true;

  constructor(
    private readonly parts: EdgePollParts,
    private readonly onEdge: (on: boolean, atMs: number) => void,
    /** Called when it stops by itself. */
    private readonly onEnd: (why: string) => void,
  ) {
    const { descriptor, epoll } = parts;
    this.poller = new epoll.Epoll((error, _descriptor, events) => {
      // A read without data would block. A removed chip signals an error continuously, so polling
      // ends.
      if (error) this.give(`waiting for its edges failed (${error.message})`);
      else if ((events & epoll.Epoll.EPOLLIN) === 0) this.give('its chip is gone');
      else this.takeEdges();
    });
    this.poller.add(descriptor, epoll.Epoll.EPOLLIN);
  }

  /** To be called before the descriptor is closed: its number may be reused. */
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
