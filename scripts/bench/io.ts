/** Latency and cost of camera, sound, I2C and GPIO between devices and processes. */

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fakeDeskmate1 } from '../../hal/fake/deskmate1.ts';
import { As5600 } from '../../hal/linux/i2c/as5600.ts';
import { BusGuard } from '../../hal/linux/i2c/guard.ts';
import { LinuxHeadServos } from '../../hal/linux/i2c/head-servos.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { ioCameraBench } from './io-camera.ts';
import { ioSoundBench } from './io-sound.ts';
import { type Bench, type Result, result } from './result.ts';

export const ioBench: Bench = async (options) => {
  const results: Result[] = [];
  for (const bench of [busBench, kernelBench, ioCameraBench, ioSoundBench])
    results.push(...(await bench(options)));
  return results;
};

const KHZ = 400;
const TICK_MS = 10;
const TICKS = 100;
/** START, address, register and data bytes of 9 bits each, repeated START, STOP. */
const READ_BITS = 57;
const WRITE_BITS = 92;

/**
 * Time on the I2C bus of one control tick at 400 kHz: the shipped drivers on chips in memory that
 * count bits, beside the minimum for two angles and two pulses (the difference is the read-back of
 * the servo chip's registers).
 */
const busBench: Bench = async ({ log }) => {
  const clock = new SimClock();
  const { i2c } = fakeDeskmate1(clock, { kHz: KHZ });
  const bus = new BusGuard(i2c, clock, { urgent: [0x36, 0x40, 0x41] });
  const servos = new LinuxHeadServos({ bus, address: 0x41, clock });
  const encoders = [new As5600(bus, 0x36), new As5600(bus, 0x40)];
  const spent: number[] = [];
  for (let tick = 0; tick < TICKS; tick++) {
    const before = i2c.busyMs;
    const calls = [
      ...encoders.map((encoder) => encoder.read()),
      servos.setPulses(1400 + tick, 1500),
    ];
    const done = Promise.all(calls);
    await clock.advance(TICK_MS);
    await done;
    spent.push(i2c.busyMs - before);
  }
  const [ours] = spent.slice(-1);
  log(`I2C: ${(ours ?? 0).toFixed(2)} ms of each ${TICK_MS} ms on the bus at ${KHZ} kHz`);
  return [
    result('i2c_bus_time_per_tick_400khz', 'ms', spent, {
      fewest_bits: [(2 * READ_BITS + WRITE_BITS) / KHZ],
      limit: [TICK_MS / 2],
    }),
  ];
};

const Figures = z.looseObject({
  where: z.string(),
  figures: z.array(z.looseObject({ metric: z.string(), unit: z.string(), median: z.number() })),
});

/** Ours, and the bare library for comparison. */
const PAIRS = [
  ['i2c_tick', 'i2c_tick_bare'],
  ['gpio_edge_characterDevice', 'gpio_edge_bare'],
  ['gpio_edge_sysfs', 'gpio_edge_bare'],
] as const;

/**
 * The kernel's side, measured in the VM of `make vm-test` in one boot: the cost of a control tick's
 * transactions and of a GPIO edge from JavaScript, ours beside the bare libraries.
 */
const kernelBench: Bench = async ({ log }) => {
  await measureInside(log);
  const text = await readFile(join('dist', 'vm', 'io.json'), 'utf8');
  const { where, figures } = Figures.parse(JSON.parse(text));
  log(`kernel interfaces, ${where}`);
  const of = (metric: string) => figures.find((figure) => figure.metric === metric);
  return PAIRS.flatMap(([ours, bare]): Result[] => {
    const [mine, peer] = [of(ours), of(bare)];
    if (!mine || !peer) return [];
    return [result(`${ours}_in_vm`, mine.unit, [mine.median], { bare_library: [peer.median] })];
  });
};

function measureInside(log: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, ['scripts/vm/start.mjs', '--only', 'io'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => log(chunk.toString().trimEnd()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the VM ended with exit code ${code}`)),
    );
  });
}
