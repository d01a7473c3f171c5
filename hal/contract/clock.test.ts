import { SimClock } from '../../sim/time/sim-clock.ts';
import { SystemClock } from '../linux/time/system-clock.ts';
import { delay } from '../ports/clock.ts';
import { clockContract } from './clock.ts';

clockContract('simulated', async () => {
  const clock = new SimClock();
  return {
    clock,
    lateMs: 0,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    close: async () => {},
  };
});

clockContract('system', async () => {
  const clock = new SystemClock();
  return {
    clock,
    // A test machine is shared: this is about order and count, the benchmarks measure jitter.
    lateMs: 200,
    now: () => clock.now(),
    pass: (ms) => delay(clock, ms),
    close: async () => {},
  };
});
