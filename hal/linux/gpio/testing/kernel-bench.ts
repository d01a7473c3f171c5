import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { GpioChip } from '../../../bus/gpio.ts';
import type { Bench } from '../../../contract/bench.ts';
import { type Clock, delay, type Timer } from '../../../ports/clock.ts';
import { SystemClock } from '../../time/system-clock.ts';

/*
 * A bench on a real kernel: lines of its gpio-sim driver, whose wires are files
 * (Documentation/admin-guide/gpio/gpio-sim.rst). `pull` is the hand on an input, `value` the level
 * on any wire.
 */
export interface SimulatedChip {
  /** As the board file would name it: `gpiochip0`. */
  readonly name: string;
  readonly label: string;
  /** Its first number in sysfs. */
  readonly base: number;
  /** What is on the wire, `true` is high. */
  high(offset: number): boolean;
  /** Pulls a wire that nobody drives; where a line rests when nobody has it open. */
  pull(offset: number, high: boolean): void;
}

/** The first chip of gpio-sim, or undefined on a computer without one. */
export function findSimulatedChip(platform = '/sys/devices/platform'): SimulatedChip | undefined {
  for (const device of namesIn(platform, /^gpio-sim\.\d+$/))
    for (const name of namesIn(`${platform}/${device}`, /^gpiochip\d+$/)) {
      const folder = `${platform}/${device}/${name}`;
      return {
        name,
        ...sysfsOf(`${platform}/${device}/gpio`),
        high: (offset) => readFileSync(`${folder}/sim_gpio${offset}/value`, 'utf8').trim() === '1',
        pull: (offset, high) =>
          writeFileSync(`${folder}/sim_gpio${offset}/pull`, high ? 'pull-up' : 'pull-down'),
      };
    }
  return undefined;
}

function sysfsOf(folder: string): { label: string; base: number } {
  const [chip] = namesIn(folder, /^gpiochip\d+$/);
  const read = (file: string): string => readFileSync(`${folder}/${chip}/${file}`, 'utf8').trim();
  return { label: read('label'), base: Number(read('base')) };
}

function namesIn(folder: string, fits: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => fits.test(name));
  } catch {
    return [];
  }
}

/** The part of a bench that every suite on a kernel shares: real time passes. */
export function realTime(clock: Clock): Pick<Bench, 'now' | 'pass'> {
  return { now: () => clock.now(), pass: (ms) => delay(clock, ms) };
}

/**
 * Time at a quarter of its speed, for suites whose fingers are quicker than an emulated processor
 * is punctual: 5 ms of theirs are 20 ms of the kernel's.
 */
export class SlowClock extends SystemClock {
  override now(): number {
    return super.now() / SLOWNESS;
  }

  override after(ms: number, act: () => void): Timer {
    return super.after(ms * SLOWNESS, act);
  }
}

const SLOWNESS = 4;

/** The same chip, its edges dated in the time of SlowClock. */
export function slowed(chip: GpioChip): GpioChip {
  return {
    name: chip.name,
    output: (offset, options) => chip.output(offset, options),
    close: () => chip.close(),
    input: async (offset, options) => {
      const line = await chip.input(offset, options);
      return {
        get: () => line.get(),
        get deaf() {
          return line.deaf;
        },
        close: () => line.close(),
        onEdge: (listener) => line.onEdge((on, atMs) => listener(on, atMs / SLOWNESS)),
      };
    },
  };
}

/** One sample an edge, milliseconds. */
interface EdgeSamples {
  /** From the edge (as the kernel dates it, or 0 where a driver has no date) to JavaScript. */
  readonly heardMs: readonly number[];
  /** From the write that moves the wire to JavaScript: what a finger would feel. */
  readonly wholeMs: readonly number[];
}

/** An edge that was not heard of by then is lost. */
const LOST_MS = 500;

/** Moves a wire up and down and measures how long its edges take to be heard of. */
export async function measureEdges(
  chip: GpioChip,
  wire: SimulatedChip,
  offset: number,
  presses: number,
): Promise<EdgeSamples> {
  const clock = new SystemClock();
  wire.pull(offset, false);
  const line = await chip.input(offset, { activeLow: false, consumer: 'edge latency' });
  const heardMs: number[] = [];
  const wholeMs: number[] = [];
  let pressedMs = 0;
  let heard = (): void => {};
  line.onEdge((_on, atMs) => {
    const now = clock.now();
    heardMs.push(now - atMs);
    wholeMs.push(now - pressedMs);
    heard();
  });
  for (let press = 0; press < presses * 2; press++) {
    const told = new Promise<void>((resolve) => {
      heard = resolve;
    });
    pressedMs = clock.now();
    wire.pull(offset, press % 2 === 0);
    await Promise.race([told, delay(clock, LOST_MS)]);
    await delay(clock, 5);
  }
  await line.close();
  return { heardMs, wholeMs };
}
