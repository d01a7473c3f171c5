/** `npm run hostile -- kills|files [--count N] [--every] [--seed N] [--json]`: breaks the robot on purpose. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../hal/common/errors.ts';
import { EXIT_USAGE, readArguments, UsageError } from '../arguments.mjs';
import { files } from './files.ts';
import { kills } from './kills.ts';
import type { HostileRun, Outcome } from './run.ts';

const HOW = 'npm run hostile -- <name> [--count N] [--every] [--seed N] [--json]';

const runs: Record<string, { what: string; count: number; run: HostileRun }> = {
  kills: {
    what: 'kills agent, media and firmware COUNT times each while a pupil is in class',
    count: 4,
    run: kills,
  },
  files: {
    what: 'starts the built processes on files that are cut and bitten at COUNT places each',
    count: 4,
    run: files,
  },
};

function usage(why = ''): number {
  const rows = Object.entries(runs).map(([name, { what }]) => `  ${name.padEnd(6)} ${what}`);
  process.stderr.write([why, HOW, '', ...rows, ''].filter((line, i) => line || i).join('\n'));
  return EXIT_USAGE;
}

function told({ figures, broken, facts }: Outcome): string {
  return [
    ...figures.map(
      ({ what, runs: n, p50, max }) =>
        `${what.padEnd(40)} p50 ${String(p50).padStart(6)} ms   max ${String(max).padStart(6)} ms   (${n})`,
    ),
    ...Object.entries(facts).map(([what, value]) => `${what.padEnd(40)} ${value}`),
    ...broken.map((what) => `BROKEN: ${what}`),
    broken.length === 0 ? 'every promise held' : `${broken.length} promises broken`,
    '',
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, {
    usage: HOW,
    words: [0, 1],
    options: {
      count: { type: 'string' },
      every: { type: 'boolean', default: false },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name = ''] = words;
  const found = runs[name];
  if (!found) return usage(name === '' ? '' : `no hostile run is called "${name}"`);
  const count = Number(values.count ?? found.count);
  const seed = Number(values.seed ?? Math.floor(performance.timeOrigin) % 1_000_000);
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed))
    return usage('--count and --seed: expected whole numbers, at least 1 of the first');
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  log(`seed ${seed}`);
  const outcome = await found.run({ count, every: values.every, seed, root, log });
  process.stdout.write(told(outcome));
  if (values.json) process.stdout.write(`${JSON.stringify({ name, seed, ...outcome })}\n`);
  return outcome.broken.length === 0 ? 0 : 1;
}

// By `process.exit`: the WebRTC library crashes when the process ends by itself.
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
  },
);
