/**
 * `make sim`: checks Node and packages, builds, and becomes the simulator (the same process, so
 * that Ctrl-C and a closed terminal reach it directly).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled, nodeTooOld, root } from './preflight.mjs';

const started = performance.now();

/** One calm line a step: what, and how long it took. */
async function step(doing, work) {
  const start = performance.now();
  process.stdout.write(`  ${doing} ... `);
  const done = await work();
  console.log(`${done ?? 'done'} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

async function main() {
  const { engines, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const tooOld = nodeTooOld(process.version, engines.node);
  if (tooOld) throw new Error(tooOld);
  console.log(`Deskmate ${version} simulator`);
  await step('packages', async () =>
    (await ensureInstalled((what) => process.stdout.write(`${what} ... `)))
      ? 'installed'
      : 'up to date',
  );
  await step('building', async () => {
    const { build } = await import('./build.mjs');
    await build();
  });
  const { runSim } = await import('../dist/sim.js');
  const code = await runSim(process.argv.slice(2), {
    root,
    startedAgoMs: performance.now() - started,
  });
  process.exit(code);
}

main().catch((error) => {
  console.error(`\n${error.errors ? 'The sources do not compile; see above.' : error.message}`);
  process.exit(1);
});
