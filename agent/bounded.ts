import type { Clock, Timer } from '../hal/ports/clock.ts';

/** Resolves when `work` has ended, well or not, and after `ms` at the latest. */
export async function bounded(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined;
  const late = new Promise<void>((resolve) => {
    timer = clock.after(ms, resolve);
  });
  const ended = work.then(
    () => {},
    () => {},
  );
  await Promise.race([ended, late]);
  timer?.cancel();
}
