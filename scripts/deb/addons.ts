import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { libgpiodFolder } from './fetch.ts';
import { type Machine, nodeGypVersion, nodeVersion } from './pins.ts';
import { shell } from './shell.ts';

/** Where the package puts libgpiod.so.2; Debian 13 has only a newer one. */
const ownLibraries = '/usr/lib/deskmate/lib';

interface AddonTools {
  readonly machine: Machine;
  /** The unpacked Node package of that machine: it brings the headers. */
  readonly node: string;
  readonly sysroot: string;
  readonly work: string;
  readonly cache: string;
}

/**
 * Compiles an add-on for the bundled Node, with its own binding.gyp. Resolves with the folder
 * that holds its .node files, stripped.
 */
export async function compileAddon(source: string, tools: AddonTools): Promise<string> {
  const { machine, node, work, cache } = tools;
  const manifest: unknown = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'));
  const { name, version } = identity(manifest);
  const flags = await flagsFor(source, tools);
  const done = path.join(
    cache,
    `${name}-${version}-${machine.deb}-${digest([nodeVersion, nodeGypVersion, flags])}`,
  );
  if (await readdir(done).catch(() => undefined)) return done;

  const place = path.join(work, name);
  await rm(place, { recursive: true, force: true });
  await cp(source, place, {
    recursive: true,
    filter: (from) => !from.startsWith(path.join(source, 'build')),
  });
  await cp(path.join(source, '../nan'), path.join(place, 'node_modules/nan'), { recursive: true });
  const gyp = ['-y', `node-gyp@${nodeGypVersion}`, 'rebuild', '--loglevel=error'];
  const target = [`--nodedir=${node}`, `--target=${nodeVersion}`, `--arch=${machine.node}`];
  await shell('npx', [...gyp, ...target], { cwd: place, env: environment(flags, tools, place) });
  await checkHeaders(place, node);
  return keep(path.join(place, 'build/Release'), done, machine);
}

interface Flags {
  readonly compiler: string;
  readonly linker: string;
}

/** Only node-libgpiod links a library of ours. */
async function flagsFor(source: string, { machine, sysroot }: AddonTools): Promise<Flags> {
  const binding = await readFile(path.join(source, 'binding.gyp'), 'utf8');
  if (!binding.includes('-lgpiod')) return { compiler: '', linker: '' };
  return {
    compiler: `-I${path.join(sysroot, 'usr/include')}`,
    linker: `-L${libgpiodFolder(sysroot, machine)} -Wl,-rpath,${ownLibraries}`,
  };
}

/** Keeps this machine's paths out of the objects, so that builds are reproducible. */
function environment(
  { compiler, linker }: Flags,
  { machine, node, sysroot }: AddonTools,
  place: string,
) {
  const maps = [`${place}=.`, `${node}=node`, `${sysroot}=sysroot`].map(
    (map) => `-ffile-prefix-map=${map}`,
  );
  const cxx = `${machine.triplet}-g++`;
  return {
    CC: `${machine.triplet}-gcc`,
    CXX: cxx,
    LINK: cxx,
    AR: `${machine.triplet}-ar`,
    CXXFLAGS: [...maps, compiler].join(' '),
    LDFLAGS: linker,
    // A `nodedir` of the user's npmrc would win over the argument.
    npm_config_nodedir: node,
  };
}

/** Compiled against the headers of another Node, it would be refused when it is loaded. */
async function checkHeaders(place: string, node: string): Promise<void> {
  const used = await readFile(path.join(place, 'build/config.gypi'), 'utf8');
  if (!used.includes(JSON.stringify(node)))
    throw new Error(`${place}: expected the headers of ${node}; see build/config.gypi there`);
}

async function keep(from: string, to: string, machine: Machine): Promise<string> {
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  for (const file of (await readdir(from)).filter((one) => one.endsWith('.node'))) {
    const out = path.join(part, file);
    await shell(`${machine.triplet}-strip`, ['--strip-unneeded', '-o', out, path.join(from, file)]);
    await checkKind(out, machine);
  }
  await rename(part, to);
  return to;
}

/** Detects here, not on the robot, that the cross compiler was not used. */
export async function checkKind(file: string, { deb, elf }: Machine): Promise<void> {
  const kind = (await shell('file', ['--brief', file])).trim();
  if (!elf.test(kind)) throw new Error(`${file}: expected a program for ${deb}, got: ${kind}`);
}

function identity(manifest: unknown): { name: string; version: string } {
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'name' in manifest &&
    'version' in manifest
  )
    return { name: String(manifest.name), version: String(manifest.version) };
  throw new Error('package.json of an add-on: expected name and version');
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
