import type { SimClock } from '../time/sim-clock.ts';

/**
 * Waits for work that needs both simulated time and the machine's own (cryptography runs on threads
 * of its own): moves simulated time on in small steps until the work is done.
 */
export async function pump<T>(clock: SimClock, work: Promise<T>, limitMs = 60_000): Promise<T> {
  const end = clock.now() + limitMs;
  let done = false;
  const settled = work.finally(() => {
    done = true;
  });
  settled.catch(() => undefined);
  while (!done) {
    if (clock.now() > end) throw new Error(`not done within ${limitMs} ms of simulated time`);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (!done) await clock.advance(1);
  }
  return settled;
}
