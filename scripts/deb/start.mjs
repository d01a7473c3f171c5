/** `make deb` and `make deb-test`: builds dist/, then the packager itself, and runs it. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { EXIT_USAGE, readArguments } from '../arguments.mjs';
import { build } from '../build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const programs = { deb: 'deb-main.ts', 'deb-test': 'install-test/install-test-main.ts' };

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) {
  console.error(`usage: start.mjs ${Object.keys(programs).join('|')} [ARGUMENTS]`);
  process.exit(EXIT_USAGE);
}
const known = {
  deb: { usage: 'make deb [ARCH=arm64|amd64]', options: { arch: { type: 'string' } } },
  'deb-test': { usage: 'make deb-test' },
};
try {
  readArguments(args, known[name]);
} catch (error) {
  console.error(`${name}: ${error.message}`);
  process.exit(EXIT_USAGE);
}
const program = path.join(root, `dist/${name}.js`);
await build();
await esbuild.build({
  entryPoints: [path.join(root, 'scripts/deb', programs[name])],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
await esbuild.stop();
const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
