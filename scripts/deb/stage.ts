import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completionScripts, type Shell } from '../deskmate/command/completion-scripts.ts';
import { checkKind, compileAddon } from './addons.ts';
import { traceBundles } from './bundles.ts';
import { changelog } from './control.ts';
import { commandsForManual } from './documents.ts';
import { fetchPackage, libgpiodFolder, prepareSysroot } from './fetch.ts';
import { filesBelow, writeCompressed } from './files.ts';
import { isNeeded, type LockFile, manifestOf, packagesFor } from './modules.ts';
import { type Machine, nodeVersion } from './pins.ts';
import { shell } from './shell.ts';

/** Where shells of Debian look for completions. */
const COMPLETIONS: Readonly<Record<Shell, string>> = {
  bash: 'usr/share/bash-completion/completions/deskmate',
  zsh: 'usr/share/zsh/vendor-completions/_deskmate',
  fish: 'usr/share/fish/vendor_completions.d/deskmate.fish',
};

interface StageParts {
  readonly project: string;
  readonly machine: Machine;
  readonly version: string;
  readonly epochSeconds: number;
  /** Downloads that a later build may use again. */
  readonly cache: string;
  /** Compiled add-ons that a later build may use again. */
  readonly addons: string;
  readonly work: string;
}

/** Lays out the package's files below `<work>/root`; resolves with that folder. */
export async function stage(parts: StageParts): Promise<string> {
  const root = path.join(parts.work, 'root');
  const lib = path.join(root, 'usr/lib/deskmate');
  await rm(root, { recursive: true, force: true });
  await cp(path.join(parts.project, 'scripts/deb/root'), root, { recursive: true });
  const packages = await placeBundles(parts, lib);
  const node = await placeNode(parts, lib);
  await placeModules(parts, packages, node, lib);
  await placeDocuments(parts, node, root);
  return root;
}

async function placeBundles({ project, version }: StageParts, lib: string) {
  const dist = path.join(project, 'dist');
  const { files, packages } = await traceBundles(dist);
  for (const file of files) await cp(path.join(dist, file), path.join(lib, file));
  await writeFile(path.join(lib, 'package.json'), manifestOf(version));
  return packages;
}

/** Resolves with the unpacked Node package, whose headers the add-ons need. */
async function placeNode({ machine, cache }: StageParts, lib: string): Promise<string> {
  const from = await fetchPackage(
    `node-linux-${machine.node}`,
    nodeVersion,
    machine.sha512OfNode,
    cache,
  );
  const to = path.join(lib, 'bin/node');
  await mkdir(path.dirname(to), { recursive: true });
  await shell(`${machine.triplet}-strip`, [
    '--strip-unneeded',
    '-o',
    to,
    path.join(from, 'bin/node'),
  ]);
  await checkKind(to, machine);
  return from;
}

async function placeModules(
  parts: StageParts,
  packages: readonly string[],
  node: string,
  lib: string,
) {
  const { project, machine, cache, work, addons } = parts;
  const lock: LockFile = JSON.parse(
    await readFile(path.join(project, 'package-lock.json'), 'utf8'),
  );
  const sysroot = await prepareSysroot(machine, cache);
  const tools = { machine, node, sysroot, work: path.join(work, 'addons'), cache: addons };
  for (const key of packagesFor(packages, lock)) {
    const files = await copyPackage(path.join(project, key), path.join(lib, key), key);
    if (!files.includes('binding.gyp')) continue;
    const compiled = await compileAddon(path.join(project, key), tools);
    await cp(compiled, path.join(lib, key, 'build/Release'), { recursive: true });
  }
  await placeWebRtc(parts, lock, lib);
  const gpiod = path.join(libgpiodFolder(sysroot, machine), 'libgpiod.so.2');
  await cp(gpiod, path.join(lib, 'lib/libgpiod.so.2'), { dereference: true });
}

/** Resolves with all files of the package, also those not installed. */
async function copyPackage(from: string, to: string, key: string): Promise<string[]> {
  const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const files = await filesBelow(from).catch(() => {
    throw new Error(
      `${key} is not installed; native packages are optional: npm ci --include=optional`,
    );
  });
  const own = files.filter((file) => !file.startsWith('node_modules/'));
  for (const file of own.filter((one) => isNeeded(name, one)))
    await cp(path.join(from, file), path.join(to, file));
  return own;
}

/** The WebRTC library's program for that machine, which npm installed for this one at most. */
async function placeWebRtc({ machine, cache }: StageParts, lock: LockFile, lib: string) {
  const name = `@roamhq/wrtc-linux-${machine.node}`;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version || !integrity)
    throw new Error(`package-lock.json: ${name}: expected version and integrity`);
  const from = await fetchPackage(name, version, integrity, cache);
  const to = path.join(lib, 'node_modules', name);
  await copyPackage(from, to, `node_modules/${name}`);
  const library = path.join(to, 'wrtc.node');
  await shell(`${machine.triplet}-strip`, ['--strip-unneeded', library]);
  await checkKind(library, machine);
}

async function placeDocuments(
  { project, version, epochSeconds }: StageParts,
  node: string,
  root: string,
) {
  const doc = path.join(root, 'usr/share/doc/deskmate');
  const man = path.join(root, 'usr/share/man/man1');
  const own = path.join(project, 'scripts/deb/doc');
  await mkdir(doc, { recursive: true });
  await mkdir(man, { recursive: true });
  const text = (file: string) => readFile(file, 'utf8');
  await writeCompressed(path.join(doc, 'changelog'), changelog(version, epochSeconds));
  await writeCompressed(
    path.join(doc, 'CHANGELOG.md'),
    await text(path.join(project, 'CHANGELOG.md')),
  );
  await writeCompressed(path.join(doc, 'LICENSE.node'), await text(path.join(node, 'LICENSE')));
  await cp(path.join(own, 'copyright'), path.join(doc, 'copyright'));
  const manual = (await text(path.join(own, 'deskmate.1')))
    .replace('@VERSION@', version)
    .replace('@COMMANDS@', commandsForManual());
  await writeCompressed(path.join(man, 'deskmate.1'), manual);
  for (const [shell, file] of Object.entries(COMPLETIONS)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), completionScripts[shell as Shell]);
  }
}
