import { expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { type Bench, contract } from './bench.ts';

interface ClockBench extends Bench {
  readonly clock: Clock;
  /** How late a timer may be on this machine; 0 on simulated time. */
  readonly lateMs: number;
}

/** A timer of whole milliseconds may be a fraction early against a clock that has fractions. */
const EARLY_MS = 1.5;

/** The promises of the Clock port. */
export const clockContract = contract<ClockBench>('clock', (bench) => {
  it(
    'goes on and never back',
    bench(async (it) => {
      let before = it.clock.now();
      const wall = it.clock.wall();
      for (let i = 0; i < 20; i++) {
        await it.pass(2);
        expect(it.clock.now()).toBeGreaterThan(before);
        before = it.clock.now();
      }
      expect(it.clock.wall() - wall).toBeGreaterThanOrEqual(30);
      // Milliseconds since 1970, somewhere in this century.
      expect(new Date(it.clock.wall()).getUTCFullYear()).toBeGreaterThan(2020);
    }),
  );

  it(
    'calls once, when it is time, and not when cancelled',
    bench(async (it) => {
      const start = it.clock.now();
      const fired: number[] = [];
      it.clock.after(30, () => fired.push(it.clock.now() - start));
      const cancelled = it.clock.after(20, () => fired.push(Number.NaN));
      cancelled.cancel();
      await it.pass(100 + it.lateMs);
      expect(fired).toHaveLength(1);
      expect(fired[0]).toBeGreaterThanOrEqual(30 - EARLY_MS);
      expect(fired[0]).toBeLessThanOrEqual(30 + it.lateMs);
      cancelled.cancel();
    }),
  );

  it(
    'calls soon, but never within `after`, when there is nothing to wait for',
    bench(async (it) => {
      let called = false;
      it.clock.after(0, () => {
        called = true;
      });
      expect(called).toBe(false);
      await it.pass(5 + it.lateMs);
      expect(called).toBe(true);
    }),
  );

  it(
    'beats on the grid of its start until cancelled, from within too',
    bench(async (it) => {
      const start = it.clock.now();
      const beats: number[] = [];
      const timer = it.clock.every(20, () => {
        beats.push(it.clock.now() - start);
        if (beats.length === 5) timer.cancel();
      });
      await it.pass(300 + 5 * it.lateMs);
      expect(beats).toHaveLength(5);
      for (const at of beats) {
        const late = ((at + EARLY_MS) % 20) - EARLY_MS;
        expect(late).toBeLessThanOrEqual(it.lateMs);
      }
    }),
  );

  it(
    'refuses a beat without a length',
    bench(async (it) => {
      for (const ms of [0, -5, Number.NaN])
        expect(() => it.clock.every(ms, () => {})).toThrow(RangeError);
    }),
  );
});
