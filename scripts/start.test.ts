/**
 * Commands of a working day, started wrongly: what to give, and no stack. Only what is refused
 * before anything is installed or built belongs here: a test must not do either.
 */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { root } from './preflight.mjs';

/** As make does: it exports empty variables, too. */
function start(args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH, HOME, PORT: '', HOST: '', BOARD: '', STATE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('started wrongly', () => {
  it.each([
    ['scripts/build.mjs --nope', /^build: Unknown option '--nope'\n.*--quiet\]$/],
    ['scripts/build.mjs now', /^build: Unexpected argument 'now'\n/],
    ['scripts/deb/start.mjs deb --arhc x', /^deb: Unknown option '--arhc'\nmake deb/],
    ['scripts/deb/start.mjs deb-test --x', /^deb-test: Unknown option '--x'\n/],
    ['scripts/deb/start.mjs rpm', /^usage: /],
    ['scripts/vm/start.mjs --onyl gpio', /^vm-test: Unknown option '--onyl'\nmake vm-test/],
    ['scripts/vm/start.mjs --only', /^vm-test: Option '--only <value>' argument missing\n/],
    ['scripts/vm/start.mjs --only gpoi', /^vm-test: ONLY=gpoi: no suite has that in its path/],
    ['scripts/start-station.mjs', /^Which board\? make run BOARD=laptop/],
  ])('node %s', async (line, words) => {
    const { code, out, err } = await start(line.split(' '));
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err.trim()).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('asked how it is used', () => {
  it.each([
    ['scripts/build.mjs --help', /--quiet\]$/],
    ['scripts/vm/start.mjs --help', /^make vm-test /],
    ['scripts/vm/start.mjs --only gpio -h', /^make vm-test /],
    ['scripts/deb/start.mjs deb --help', /^make deb /],
  ])('node %s', async (line, words) => {
    const { code, out, err } = await start(line.split(' '));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trim()).toMatch(words);
  });
});
