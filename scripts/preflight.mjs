/**
 * What must hold before anything of ours can run: a Node that is new enough and the exact packages
 * of package-lock.json. Plain old syntax and no packages: this file runs on any Node that knows
 * modules, to say what is wrong.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The sentence to stop with, or undefined when this Node will do. `wanted` is like `>=20.19`. */
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
 * installed; packages that are optional for this platform may be missing from it.
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

/** Installs when needed. Resolves with whether it did; rejects with a sentence for people. */
export async function ensureInstalled(say) {
  const lock = readJson('package-lock.json');
  if (isInstalled(lock, readJson('node_modules/.package-lock.json'))) return false;
  say(`installing ${Object.keys(lock.packages).length - 1} packages (npm ci)`);
  await npmCi();
  return true;
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

/** npm says what is wrong first, and how to use npm after that. */
function whatNpmSaid(code, said) {
  const lines = said.split('\n').filter((line) => line.replace('npm error', '').trim() !== '');
  return `npm ci failed (exit code ${code}). It said:\n${lines.slice(0, 8).join('\n')}`;
}
