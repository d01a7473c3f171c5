import type { Clock, Timer } from '../ports/clock.ts';
import type { HardwareFault } from '../ports/fault.ts';

/** What the ports promise of every hardware call. */
export const CALL_MS = 20;

/**
 * Calls `act` when `ms` have passed for the device too. After a stall of our own process a timer is
 * due before the answer that lies there has been read; one more turn of the event loop reads it: a
 * late loop is not a late device.
 */
export function deadline(clock: Clock, ms: number, act: () => void): Timer {
  let timer = clock.after(ms, () => {
    timer = clock.after(0, act);
  });
  return { cancel: () => timer.cancel() };
}

/** The call's own end, or `late` after `ms`; the call itself goes on unseen. */
export function inTime<T>(
  clock: Clock,
  ms: number,
  call: Promise<T>,
  late: () => HardwareFault,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = deadline(clock, ms, () => reject(late()));
    call.then(resolve, reject).finally(() => timer.cancel());
  });
}
