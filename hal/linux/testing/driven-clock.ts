import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/** Simulated time as tests drive it; sim/time has it. */
export interface DrivenClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** A call on the bus ends within 20 ms, whatever happens. */
const ENDED_MS = 25;

/** What has become of a call: its result, or the kind of its fault. */
export async function endedCall<T>(clock: DrivenClock, call: Promise<T>): Promise<T | string> {
  const settled = call.catch((error: unknown) =>
    error instanceof HardwareFault ? error.kind : `no fault: ${error}`,
  );
  await clock.advance(ENDED_MS);
  return settled;
}
