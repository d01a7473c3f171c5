/**
 * Start of `make sim` and `make run`: checks Node and packages, builds, and runs the
 * program (the same process, so that Ctrl-C and a closed terminal reach it directly).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { aboutMissing, ensureInstalled, nodeTooOld, root } from './preflight.mjs';

/** One line per step, with its duration. */
async function step(doing, work) {
  const start = performance.now();
  process.stdout.write(`  ${doing} ... `);
  const done = await work();
  console.log(`${done ?? 'done'} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** `run(argv, {root, startedAgoMs})` of the bundle resolves with the exit code. */
async function main(what, bundle, run) {
  const started = performance.now();
  const { engines, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const tooOld = nodeTooOld(process.version, engines.node);
  if (tooOld) throw new Error(tooOld);
  console.log(`Deskmate ${version} ${what}`);
  await step('packages', async () => {
    const { installed, missing } = await ensureInstalled((doing) =>
      process.stdout.write(`${doing} ... `),
    );
    if (!installed) return 'up to date';
    return ['installed', aboutMissing(missing)].filter(Boolean).join(' ');
  });
  await step('building', async () => {
    const { build } = await import('./build.mjs');
    await build();
  });
  const program = await import(`../dist/${bundle}.js`);
  const startedAgoMs = performance.now() - started;
  process.exit(await program[run](process.argv.slice(2), { root, startedAgoMs }));
}

export function start(what, bundle, run) {
  main(what, bundle, run).catch((error) => {
    console.error(`\n${error.errors ? 'The sources do not compile; see above.' : error.message}`);
    process.exit(1);
  });
}
