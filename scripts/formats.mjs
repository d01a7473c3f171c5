/**
 * `node scripts/formats.mjs VERSION [--from COMMIT]`: keeps the state files of a release, as that
 * release writes them, and its code that reads them, in agent/state/formats/VERSION/. To be run once a
 * release; `agent/state/versions.test.ts` then holds every later version to them.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { readArguments } from './arguments.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const ENTRY = 'agent/state/testing/robot.ts';
const DISK = 'sim/testing/memory-storage.ts';

const { values, words } = readArguments(process.argv.slice(2), {
  usage: 'node scripts/formats.mjs VERSION [--from COMMIT]',
  words: [1, 1],
  options: { from: { type: 'string' } },
});
const to = path.join(root, 'agent/state/formats', words[0]);
const tree = values.from === undefined ? root : await checkedOut(values.from);
await rm(to, { recursive: true, force: true });
await mkdir(path.join(to, 'files'), { recursive: true });
await bundle(path.join(tree, ENTRY), path.join(to, 'robot.js'));
const disk = path.join(to, 'disk.js');
await bundle(path.join(root, DISK), disk);
await keep(await import(pathToFileURL(disk).href));
await rm(disk);
if (tree !== root) await rm(tree, { recursive: true });
await esbuild.stop();

/** The tree of a commit; a release from before this script gets today's entry. */
async function checkedOut(commit) {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-formats-'));
  const tar = execFileSync('git', ['-C', root, 'archive', commit], { maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: tar });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await cp(path.join(root, ENTRY), path.join(folder, ENTRY), { recursive: true, force: false });
  return folder;
}

/** Packages are not bundled: only our own code is kept. */
async function bundle(entry, outfile) {
  await esbuild.build({
    ...{ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' },
    ...{ target: 'node20', packages: 'external', treeShaking: true, charset: 'utf8' },
    ...{ define: { DESKMATE_BUILT_S: '0' }, logLevel: 'error' },
    ...{ minifySyntax: true, minifyWhitespace: true, lineLimit: 100, legalComments: 'none' },
  });
}

/** Files as this release writes them, and its own reading of them. */
async function keep({ MemoryStorage }) {
  const robot = await import(pathToFileURL(path.join(to, 'robot.js')).href);
  const lived = new MemoryStorage();
  await robot.live(lived);
  for (const [name, text] of lived.contents) await writeFile(path.join(to, 'files', name), text);
  const seen = await robot.read(lived);
  await writeFile(path.join(to, 'seen.json'), `${JSON.stringify(seen, null, 2)}\n`);
}
