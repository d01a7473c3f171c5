/**
 * What every contract suite stands on. A suite is given a maker of benches: a fresh device with
 * whatever the bench can do to it and see of it from outside. What a bench cannot do or see is left
 * out, and the suite asks less of that driver.
 */
import { describe, expect } from 'vitest';
import { HardwareFault, type HardwareFaultKind } from '../ports/fault.ts';

export interface Bench {
  /** Lets time pass for the device: simulated or real. */
  pass(ms: number): Promise<void>;
  /** The clock that the device was given (Clock.now). */
  now(): number;
  /** Takes the device out of reach (bus dead, wire cut) and back. */
  readonly reach?: { lose(): void; restore(): void };
  /** Ends the driver and what the bench set up for it. */
  close(): Promise<void>;
}

/** Every hardware call has settled by then: the ports promise 20 ms, the rest is a slow machine. */
const CALL_LIMIT_MS = 100;

/** Waits for a call while the device's time passes. */
export async function settled<T>(bench: Bench, call: Promise<T>): Promise<T> {
  let open = true;
  const watched = call.finally(() => {
    open = false;
  });
  // Seen by the caller below; without this a rejection during the wait would count as unhandled.
  watched.catch(() => {});
  for (let waited = 0; waited < CALL_LIMIT_MS; waited += 5) {
    await bench.pass(waited === 0 ? 0 : 5);
    if (!open) return watched;
  }
  throw new Error(`the call did not settle within ${CALL_LIMIT_MS} ms`);
}

/** The call rejects with a HardwareFault of one of these kinds, in time, and says which device. */
export async function rejects(
  bench: Bench,
  call: Promise<unknown>,
  ...kinds: HardwareFaultKind[]
): Promise<void> {
  const error = await settled(bench, call).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HardwareFault);
  if (!(error instanceof HardwareFault)) return;
  expect(kinds).toContain(error.kind);
  expect(error.device).not.toBe('');
}

/** While the device is out of reach each call rejects as the ports say; afterwards each works. */
export async function failsAndRecovers(
  bench: Bench,
  calls: readonly (() => Promise<unknown>)[],
): Promise<void> {
  if (!bench.reach) return;
  bench.reach.lose();
  for (const call of calls) await rejects(bench, call(), 'noAnswer', 'timeout', 'busStuck');
  bench.reach.restore();
  await bench.pass(50);
  for (const call of calls) await settled(bench, call());
}

/** Runs a test on a fresh bench and always ends it. */
export function onBench<B extends Bench>(
  make: () => Promise<B>,
  test: (bench: B) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const bench = await make();
    try {
      await test(bench);
    } finally {
      await bench.close();
    }
  };
}

/**
 * A suite of a port's promises, for a driver's `name` and a maker of benches with it. `bench` makes the
 * body of a test, which has a bench of its own.
 */
export const contract =
  <B extends Bench>(
    port: string,
    promises: (bench: (test: (bench: B) => Promise<void>) => () => Promise<void>) => void,
  ) =>
  (name: string, make: () => Promise<B>): void => {
    describe(`${port}: ${name}`, () => promises((test) => onBench(make, test)));
  };
