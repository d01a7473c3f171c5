import { readdirSync, readlinkSync } from 'node:fs';

/**
 * Edges as the kernel tells them (linux/gpio.h, struct gpioevent_data, which libgpiod 1.x asks
 * for): u64 nanoseconds, u32 id, padded to 16 bytes on arm64, arm and x86-64.
 */
export interface LineEvent {
  readonly on: boolean;
  readonly atMs: number;
}

const EVENT_BYTES = 16;
/** Logical edges: the kernel has applied active-low. */
const RISING = 1;
const FALLING = 2;
/** Room for all that the kernel keeps for a line (16). */
export const EVENTS_BYTES = EVENT_BYTES * 16;

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
