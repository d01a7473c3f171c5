/**
 * `make field`: bundles the product and the rig, then hands over to dist/field/main.mjs. What runs
 * inside the hosts are bundles of their own.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { build as buildProduct } from '../build.mjs';
import { root } from '../preflight.mjs';

const out = path.join(root, 'dist/field');

async function main() {
  await buildProduct();
  await rm(out, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: {
      main: 'scripts/field/field-main.ts',
      pages: 'scripts/field/servers/pages.ts',
      router: 'scripts/field/servers/router.ts',
      'tls-front': 'scripts/field/servers/tls-front.ts',
      'unix-relay': 'scripts/field/pupils/unix-relay.ts',
    },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    absWorkingDir: root,
    logLevel: 'error',
  });
  await esbuild.stop();
  const { main: run } = await import(pathToFileURL(path.join(out, 'main.mjs')).href);
  process.exit(await run(process.argv.slice(2), { root, out }));
}

main().catch((error) => {
  if (!error.errors) console.error(String(error.message ?? error));
  process.exit(1);
});
