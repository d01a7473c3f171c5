/** Promises that camera, microphone and speaker have in common. */
import { expect } from 'vitest';
import type { Camera, MediaDevice, Microphone, Speaker } from '../ports/media.ts';
import { type Bench, settled } from './bench.ts';

export interface MediaBench extends Bench {
  /** How long the driver may take to what it gives or plays first, milliseconds. */
  readonly startMs: number;
  /** Pulls the device out or puts it in, where that can be done. */
  plug?(inserted: boolean): Promise<void>;
}

/** It is idle until started, and stops when it was never started, and twice. */
export async function idleUntilStarted(
  it: MediaBench,
  device: Camera | Microphone | Speaker,
): Promise<void> {
  await it.pass(200);
  expect(device.state).toBe('idle');
  await settled(it, device.stop());
  await settled(it, device.stop());
  expect(device.state).toBe('idle');
}

/** What it gave is dated in order, and just now. */
export function expectDated(
  given: readonly { readonly capturedAtMs: number; readonly arrivedMs: number }[],
  withinMs: number,
): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (const { capturedAtMs, arrivedMs } of given) {
    expect(capturedAtMs).toBeGreaterThan(previous);
    expect(capturedAtMs).toBeLessThanOrEqual(arrivedMs);
    expect(arrivedMs - capturedAtMs).toBeLessThan(withinMs);
    previous = capturedAtMs;
  }
}

/** Unplugged it says why, once; plugged in it comes back by itself. `pass` uses it meanwhile. */
export async function comesBack(
  it: MediaBench,
  device: MediaDevice,
  start: () => Promise<void>,
  pass: (ms: number) => Promise<void> = it.pass,
): Promise<void> {
  const told: string[] = [];
  device.onState((state, why) => {
    if (state === 'fault') told.push(why);
  });
  await start();
  await it.pass(it.startMs + 100);
  await it.plug?.(false);
  await pass(it.startMs + 1_000);
  expect(device.state).toBe('fault');
  expect(told).toHaveLength(1);
  expect(told[0]?.length).toBeGreaterThan(10);
  await it.plug?.(true);
  await pass(it.startMs + 2_000);
  expect(device.state).toBe('running');
}
