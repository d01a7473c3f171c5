/**
 * `make vm-test`: bundles the parts outside and inside the VM, then runs dist/vm/host.js. The
 * suites are bundled with all their imports, since opening many small files is slow inside. Native
 * add-ons stay in node_modules.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { EXIT_USAGE, readArguments, UsageError } from '../arguments.mjs';
import { build as buildProduct } from '../build.mjs';
import { root } from '../preflight.mjs';

const out = path.join(root, 'dist/vm');
const ADD_ONS = ['i2c-bus', 'onoff', 'epoll', 'node-libgpiod', 'unix-dgram', '@roamhq/wrtc'];
const FOLDERS = ['hal', 'scripts'];

/** Suites that need a kernel of their own, by path from the project's root. */
function suites() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.vm.test.ts'))
      .map((file) => `${folder}/${file.split(path.sep).join('/')}`),
  ).sort();
}

/** `vm-suites`: a table from path to an import of the suite. */
const suiteTable = {
  name: 'suite-table',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vm-suites$/ }, () => ({ path: 'table', namespace: 'vm' }));
    onLoad({ filter: /.*/, namespace: 'vm' }, () => ({
      resolveDir: root,
      contents: `export const suites = {${suites()
        .map((file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)})`)
        .join(',\n')}};`,
    }));
  },
};

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  absWorkingDir: root,
  logLevel: 'error',
};

async function bundle() {
  await esbuild.build({
    ...common,
    entryPoints: ['scripts/vm/host/vm-main.ts'],
    outfile: path.join(out, 'host.js'),
    packages: 'external',
  });
  await esbuild.build({
    ...common,
    entryPoints: {
      suites: 'scripts/vm/guest/suites.ts',
      robot: 'scripts/vm/robot/vm-robot-main.ts',
      plant: 'scripts/vm/robot/plant.ts',
      drivers: 'scripts/vm/robot/drivers.ts',
    },
    outdir: path.join(out, 'guest'),
    outExtension: { '.js': '.mjs' },
    splitting: true,
    sourcemap: 'linked',
    external: [...ADD_ONS, 'vite', 'bufferutil', 'utf-8-validate'],
    // CommonJS packages in the bundle ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as require_ } from 'node:module';\nconst require = require_(import.meta.url);",
    },
    plugins: [suiteTable],
  });
}

async function main() {
  const args = process.argv.slice(2);
  const { values } = readArguments(args, {
    usage: 'make vm-test [ONLY=gpio|body|camera|sound|robot|io|...], or make vm-shell',
    options: { shell: { type: 'boolean' }, only: { type: 'string', default: '' } },
  });
  const { only } = values;
  const unknown = only.split(',').find((word) => !isKnown(word));
  if (unknown !== undefined)
    throw new UsageError(`ONLY=${unknown}: no suite has that in its path:\n${suites().join('\n')}`);
  // A suite alone does not need the processes.
  if (values.shell || only.split(',').some((word) => 'robot'.includes(word))) await buildProduct();
  await bundle();
  await esbuild.stop();
  const { main: run } = await import(pathToFileURL(path.join(out, 'host.js')).href);
  process.exitCode = await run(args, { root, out });
}

/** `none` bundles and runs nothing. */
const isKnown = (word) =>
  ['robot', 'io', 'none'].some((name) => name.includes(word)) ||
  suites().some((file) => file.includes(word));

main().catch((error) => {
  if (error instanceof UsageError) {
    console.error(`vm-test: ${error.message}`);
    process.exit(EXIT_USAGE);
  }
  if (!error.errors) console.error(String(error.message ?? error));
  process.exit(1);
});
