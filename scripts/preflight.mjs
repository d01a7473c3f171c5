/**
 * Checks prerequisites: a recent enough Node and the exact packages of package-lock.json. Uses old
 * syntax and no packages, so that it runs on any Node with ES modules and can report the problem.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Record of the toolchain at the last installation, with which add-ons are compiled. */
const TOOLS_FILE = 'node_modules/.deskmate-tools.json';

/** The error message, or undefined when this Node suffices. `wanted` is like `>=20.19`. */
export function nodeTooOld(version, wanted) {
  const [needMajor, needMinor] = wanted.replace('>=', '').split('.').map(Number);
  const [major, minor] = version.replace('v', '').split('.').map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return undefined;
  return (
    `Node ${needMajor}.${needMinor} or newer is needed, this is ${version}. ` +
    'Install a newer one from https://nodejs.org/ (or: nvm install 22) and try again.'
  );
}

/**
 * Whether node_modules holds what the lock file says. npm writes a hidden lock file of what it
 * installed; optional packages may be missing from it, for another platform or because their
 * add-on could not be compiled (see missingAddons).
 */
export function isInstalled(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([name, wanted]) => {
    if (name === '') return true;
    const found = installed.packages[name];
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Our optional packages that npm left out because their add-on could not be compiled here. */
export function missingAddons(lock, installed) {
  return Object.keys(lock.packages[''].optionalDependencies ?? {}).filter(
    (name) => !installed.packages[`node_modules/${name}`],
  );
}

/**
 * Whether to retry a missing add-on: a tool that it is compiled with has been installed, or this is
 * another Node. Otherwise it would fail again at each start.
 */
export function worthAnotherTry(missing, before, now) {
  if (before?.abi !== now.abi) return true;
  return missing.length > 0 && Object.keys(now).some((tool) => now[tool] && !before[tool]);
}

/**
 * Installs when needed. Resolves with {installed, missing}: whether it did, and the add-ons that
 * cannot be installed here; rejects with a message for people.
 */
export async function ensureInstalled(say) {
  const lock = readJson('package-lock.json');
  const tools = toolsHere();
  const installed = readJson('node_modules/.package-lock.json');
  if (isInstalled(lock, installed)) {
    const missing = missingAddons(lock, installed);
    if (!worthAnotherTry(missing, readJson(TOOLS_FILE), tools))
      return { installed: false, missing };
  }
  say(`installing ${Object.keys(lock.packages).length - 1} packages (npm ci)`);
  await npmCi();
  writeFileSync(path.join(root, TOOLS_FILE), `${JSON.stringify(tools)}\n`);
  const missing = missingAddons(lock, readJson('node_modules/.package-lock.json'));
  return { installed: true, missing };
}

/** One line about add-ons that are missing, or undefined when none is. */
export function aboutMissing(missing) {
  if (missing.length === 0) return undefined;
  return (
    `without ${missing.join(', ')}, which only a robot's own computer needs ` +
    '(to have them: apt-get install g++ make python3 libgpiod-dev)'
  );
}

/** The tools that compile add-ons, and the ABI of this Node. */
function toolsHere() {
  const has = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
  return {
    abi: process.versions.modules,
    compiler: has('g++') || has('c++'),
    make: has('make'),
    python: has('python3'),
    libgpiod: existsSync('/usr/include/gpiod.h'),
  };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch {
    return undefined;
  }
}

function npmCi() {
  return new Promise((resolve, reject) => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const child = spawn(npm, ['ci', '--no-progress', '--loglevel=error'], { cwd: root });
    let said = '';
    const keep = (chunk) => {
      said += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', () =>
      reject(
        new Error('npm was not found. It comes with Node: install Node from https://nodejs.org/'),
      ),
    );
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(whatNpmSaid(code, said))),
    );
  });
}

/** npm prints the error first, then its usage. */
function whatNpmSaid(code, said) {
  const lines = said.split('\n').filter((line) => line.replace('npm error', '').trim() !== '');
  return `npm ci failed (exit code ${code}). It said:\n${lines.slice(0, 8).join('\n')}`;
}
