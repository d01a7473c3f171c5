import { SimClock } from '../../sim/time/sim-clock.ts';
import { SystemClock } from '../linux/time/system-clock.ts';
import { type Clock, delay } from '../ports/clock.ts';
import { clockContract } from './clock.ts';

const benchOf = (clock: Clock, lateMs: number, pass: (ms: number) => Promise<void>) => ({
  ...{ clock, lateMs, pass },
  now: () => clock.now(),
  close: async () => {},
});

clockContract('simulated', async () => {
  const clock = new SimClock();
  return benchOf(clock, 0, (ms) => clock.advance(ms));
});

clockContract('system', async () => {
  const clock = new SystemClock();
  // A test machine is shared: this is about order and count, the benchmarks measure jitter.
  return benchOf(clock, 200, (ms) => delay(clock, ms));
});
