/** Commands of a working day, started wrongly: one line that says what to give, and no stack. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './preflight.mjs';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
writeFileSync(join(folder, 'file'), '');
afterAll(() => rmSync(folder, { recursive: true }));

/** With nothing in the environment but what is given: make exports empty variables, too. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH, HOME, PORT: '0', MQTT_PORT: '0', HOST: '', BOARD: '', STATE: folder, ...env },
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
    ['scripts/build.mjs --nope', {}, 64, /^build: Unknown option '--nope'\n.*--quiet\]$/],
    ['scripts/build.mjs now', {}, 64, /^build: Unexpected argument 'now'\n/],
    ['scripts/deb/start.mjs deb --arhc x', {}, 64, /^deb: Unknown option '--arhc'\nmake deb/],
    ['scripts/deb/start.mjs deb-test --x', {}, 64, /^deb-test: Unknown option '--x'\n/],
    ['scripts/deb/start.mjs rpm', {}, 64, /^usage: /],
    ['scripts/hil/start.mjs --onyl gpio', {}, 64, /^hil: Unknown option '--onyl'\nmake hil/],
    ['scripts/hil/start.mjs --only', {}, 64, /^hil: Option '--only <value>' argument missing\n/],
    ['scripts/hil/start.mjs --only gpoi', {}, 64, /^hil: ONLY=gpoi: no suite has that in its path/],
    ['scripts/start-station.mjs', {}, 64, /^Which board\? make run BOARD=laptop/],
  ])('node %s', async (line, env, expected, words) => {
    const { code, out, err } = await start(line.split(' '), env);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err.trim()).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['sim', { PORT: 'abc' }, /^PORT=abc: expected a port number, 0 to 65535$/],
    ['sim', { HOST: 'no.such.host.invalid' }, /^no\.such\.host\.invalid is no address of this/],
    ['sim', { STATE: join(folder, 'file') }, /file is no folder that can be written \(ENOTDIR\)/],
    ['sim', { STATE: '/proc/deskmate' }, /\/proc\/deskmate is no folder that can be written/],
    ['station', { BOARD: 'lap' }, /^BOARD: unknown board "lap"/],
    ['station', { BOARD: 'laptop', PORT: '-1' }, /^PORT=-1: expected a port number, 0 to 65534$/],
  ])('%s with %j', async (which, env, words) => {
    const { code, err } = await start([`scripts/start-${which}.mjs`], env);
    expect(code).toBe(1);
    expect(err.trim()).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
