import { expect, it } from 'vitest';
import { UsageError } from '../arguments.mjs';
import { runBench } from './command.ts';

const run = async (...args: string[]) => {
  const said = { out: '', err: '' };
  const code = await runBench(args, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
};

it.each([
  [['motion', '--runs', 'x'], /^Unknown option '--runs'\nnpm run bench/],
  [['motion', '--jsn'], /^Unknown option '--jsn'\n/],
  [['motion', '--json=yes'], /--json.*does not take an argument/],
  [['motion', 'jitter'], /^Unexpected argument 'jitter'\n/],
  [['speed'], /^No benchmark is called 'speed'\n/],
  [['toString'], /^No benchmark is called 'toString'\n/],
  [[], /^Which benchmark\?\n/],
  [['--json'], /^Which benchmark\?\n/],
])('%j is refused, and it is said how it is used', async (args, words) => {
  const refused = run(...args);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(words);
});

it.each(['--help', '-h'])('%s lists the benchmarks', async (flag) => {
  const { code, out } = await run(flag);
  expect(code).toBe(0);
  expect(out).toContain('  motion     a 90 degree turn');
});
