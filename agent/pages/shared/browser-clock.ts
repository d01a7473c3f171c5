import type { Clock, Timer } from '../../../hal/ports/clock.ts';

/** The clock of a page. Browsers slow timers of hidden pages down: beats are then dropped, as promised. */
export const browserClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms: number, act: () => void): Timer {
    const timer = setTimeout(act, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms: number, act: () => void): Timer {
    const timer = setInterval(act, ms);
    return { cancel: () => clearInterval(timer) };
  },
};
