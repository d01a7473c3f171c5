/**
 * The kernel's side, measured inside the VM of `make vm-test` in one boot: what a control tick's
 * transactions and a GPIO edge cost from JavaScript, ours beside the bare libraries.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Bench, type Result, result } from './result.ts';

const Figures = z.looseObject({
  where: z.string(),
  figures: z.array(z.looseObject({ metric: z.string(), unit: z.string(), median: z.number() })),
});

/** Ours, and the bare library that it is held against. */
const PAIRS = [
  ['i2c_tick', 'i2c_tick_bare'],
  ['gpio_edge_characterDevice', 'gpio_edge_bare'],
  ['gpio_edge_sysfs', 'gpio_edge_bare'],
] as const;

export const ioKernelBench: Bench = async ({ log }) => {
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
