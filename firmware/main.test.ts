/** The process as it is shipped: bundled, started with a file, ended with a signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../hal/linux/system-clock.ts';
import { delay } from '../hal/ports/clock.ts';
import { connectPipe } from './link/socket-pipe.ts';
import { fakeCalibration } from './testing/fake-body.ts';

const DRIVERS = `
  import { FakeBody } from '${resolve('firmware/testing/fake-body.ts')}';
  export const openBody = async ({ clock }) => {
    const body = new FakeBody(clock);
    process.on('SIGHUP', () => body.teacherButton.press());
    return body;
  };
  export const openMedia = async () => { throw new Error('firmware has no media'); };
`;

const clock = new SystemClock();
let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-firmware-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'drivers.ts'), DRIVERS);
  await build({
    entryPoints: { main: resolve('firmware/main.ts'), drivers: join(folder, 'drivers.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function start(config: object | string) {
  const file = join(folder, `config-${files++}.json`);
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  const child = spawn(process.execPath, [join(folder, 'main.js'), '--config', file]);
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const saying = async (words: string): Promise<void> => {
    while (!said.includes(words) && child.exitCode === null) await delay(clock, 20);
    expect(said).toContain(words);
  };
  return { child, saying, said: () => said };
}

const exit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

describe('firmware process', () => {
  it('starts, answers on its socket, and stops safely on SIGTERM', async () => {
    await writeFile(join(folder, 'calibration.json'), JSON.stringify(fakeCalibration));
    const { child, saying, said } = await start({
      board: 'deskmate-1',
      drivers: 'drivers.js',
      link: 'link.sock',
      calibration: 'calibration.json',
    });
    const ended = exit(child);
    await saying('"ready"');
    const agent = await connectPipe(join(folder, 'link.sock'));
    const line = await new Promise<string | undefined>((resolve) => agent.onLine(resolve));
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'body', motion: expect.any(String) });
    child.kill('SIGUSR2');
    await saying('"loop statistics"');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said()).toContain('"stopped"');
  });

  it('that is killed in the pause comes up paused', async () => {
    const config = {
      board: 'deskmate-1',
      drivers: 'drivers.js',
      link: 'killed.sock',
      calibration: 'calibration.json',
      state: 'run/state',
    };
    const first = await start(config);
    await first.saying('"ready"');
    first.child.kill('SIGHUP');
    await first.saying('"event":"paused"');
    const kept = join(folder, 'run/state/pause.json');
    while (!(await readFile(kept, 'utf8').catch(() => '')).includes('"paused":true'))
      await delay(clock, 10);
    const killed = exit(first.child);
    first.child.kill('SIGKILL');
    await killed;
    const second = await start(config);
    await second.saying('"ready"');
    const agent = await connectPipe(join(folder, 'killed.sock'));
    const line = await new Promise<string | undefined>((resolve) => agent.onLine(resolve));
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'body', paused: true, cameraOn: false });
    const ended = exit(second.child);
    second.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('says what is wrong with its file, field by field, and exits with 78', async () => {
    const good = { board: 'deskmate-1', drivers: 'x.js', link: 'l', calibration: 'c' };
    for (const [config, words] of [
      [{ ...good, board: 'robot' }, 'board: unknown board "robot", expected deskmate-1'],
      ['{', 'expected JSON'],
      [good, 'x.js: expected a module of drivers'],
    ] as const) {
      const { child, said } = await start(config);
      expect(await exit(child)).toBe(78);
      expect(said()).toContain(words);
    }
  });
});
