/** What the fleet benchmark measures: connections over time, and bytes on the wire. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import type { Swarm } from '../../sim/fleet/swarm.ts';

const LOOK_MS = 500;
const PATIENCE_MS = 15 * 60_000;
/** Of the peak. In small fleets chance alone makes a second that has several times the mean. */
const WINDOW_MS = 1_000;

/** Resolves with when each connected, from `sinceMs` on, once all are. Milliseconds since 1970. */
export async function awaitAll(
  swarm: Swarm,
  count: number,
  clock: Clock,
  sinceMs = 0,
): Promise<number[]> {
  const untilMs = clock.now() + PATIENCE_MS;
  const ups: number[] = [];
  for (;;) {
    const state = await swarm.look();
    ups.push(...state.ups.filter((at) => at >= sinceMs));
    if (state.connected >= count && ups.length >= count) return ups.sort((a, b) => a - b);
    if (clock.now() > untilMs)
      throw new Error(`${state.connected} of ${count} robots connected in 15 minutes`);
    await delay(clock, LOOK_MS);
  }
}

/** Most connections of a window, beside their mean from the first to the last. */
export function peakToMean(ups: readonly number[]): number {
  const [first = 0, last = first] = [ups[0], ups.at(-1)];
  const windows = Math.max(1, (last - first) / WINDOW_MS);
  const counts = new Map<number, number>();
  for (const at of ups) {
    const window = Math.floor((at - first) / WINDOW_MS);
    counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / (ups.length / windows);
}

/** Sent and received so far by the connections of a process to a local port, by the kernel's count. */
export async function bytesOn(
  port: number,
  pids: readonly (number | undefined)[],
): Promise<number> {
  const args = ['-tinpOH', 'state', 'established', `( dport = :${port} )`];
  const { stdout } = await promisify(execFile)('ss', args, { maxBuffer: 256 * 2 ** 20 });
  const lines = stdout
    .split('\n')
    .filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)));
  let sum = 0;
  for (const [, bytes] of lines.join('\n').matchAll(/\bbytes_(?:sent|received):(\d+)/g))
    sum += Number(bytes);
  return sum;
}
