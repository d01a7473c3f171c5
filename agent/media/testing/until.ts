import { type Clock, delay } from '../../../hal/ports/clock.ts';

/** Waits for what the real library does in its own time. Rejects when it is not done by the limit. */
export async function until(clock: Clock, done: () => boolean, limitMs = 10_000): Promise<void> {
  const end = clock.now() + limitMs;
  while (!done()) {
    if (clock.now() > end) throw new Error(`not reached within ${limitMs} ms`);
    await delay(clock, 5);
  }
}
