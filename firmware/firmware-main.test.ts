/** The process as shipped: bundled, started with a file, ended with a signal. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProcess, isAlive } from '../hal/linux/testing/process.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import { delay } from '../hal/ports/clock.ts';
import { connectPipe } from './link/socket-pipe.ts';
import { fakeCalibration } from './testing/fake-body.ts';
import { HERE } from './testing/rig.ts';

const DRIVERS = `
  import { FakeBody } from '${resolve('firmware/testing/fake-body.ts')}';
  export const openBody = async ({ clock }) => {
    const body = new FakeBody(clock);
    process.on('SIGURG', () => body.teacherButton.press());
    process.on('SIGWINCH', () => { throw new Error('a bug'); });
    process.on('SIGCONT', () => {
      body.amplifier.set = () => new Promise(() => {});
      Promise.reject(new Error('a bug that nobody awaits'));
    });
    process.on('SIGPWR', () => console.log('BODY', body.cameraRail.on, body.pulses !== 'torqueOff'));
    process.on('exit', () => console.log('LEFT', body.cameraRail.on, body.microphoneRail.on, body.pulses));
    return body;
  };
  export const openMedia = async () => { throw new Error('firmware has no media'); };
`;

/** A body that is on when opened, and with which firmware fails to start. */
const BROKEN = DRIVERS.replace(
  'return body;',
  `body.cameraRail.on = body.microphoneRail.on = true;
   body.pulses = { pan: 1500, tilt: 1500 };
   body.pairButton.onChange = () => { throw new Error('no such button'); };
   return body;`,
);

/** A bus whose opening blocks. */
const HANGING = `${DRIVERS.replace('openBody', 'unused')}
  export const openBody = () => { console.log('OPENING'); return new Promise(() => {}); };`;

/** How long an agent is stopped: longer than AUTHORITY_MS. */
const STOPPED_MS = 2_000;
const clock = new SystemClock();
let folder = '';
let files = 0;
beforeAll(async () => {
  const modules = { drivers: DRIVERS, broken: BROKEN, hanging: HANGING };
  folder = await bundleProcess('firmware/firmware-main.ts', modules);
});
afterAll(() => rm(folder, { recursive: true }));

/** Configuration for every start. */
const robot = { board: 'deskmate-1', drivers: 'drivers.js', calibration: 'calibration.json' };

async function start(config: object | string, log?: FileHandle) {
  const file = join(folder, `config-${files++}.json`);
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  const child = spawn(process.execPath, [join(folder, 'main.js'), '--config', file], {
    stdio: ['ignore', log?.fd ?? 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (text) => (output += text));
  child.stderr?.on('data', (text) => (output += text));
  const waitForOutput = async (words: string): Promise<void> => {
    while (!output.includes(words) && isAlive(child)) await delay(clock, 20);
    expect(output).toContain(words);
  };
  return { child, waitForOutput, output: () => output };
}

const exit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

describe('firmware process', () => {
  it('starts, answers on its socket, and stops safely on SIGTERM', async () => {
    await writeFile(join(folder, 'calibration.json'), JSON.stringify(fakeCalibration));
    const { child, waitForOutput, output } = await start({
      ...robot,
      link: 'link.sock',
    });
    const ended = exit(child);
    await waitForOutput('"ready"');
    const agent = await connectPipe(join(folder, 'link.sock'));
    const line = await new Promise<string | undefined>((resolve) => agent.onLine(resolve));
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'body', motion: expect.any(String) });
    child.kill('SIGUSR2');
    await waitForOutput('"loop statistics"');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output()).toContain('"stopped"');
  });

  describe('whose log', () => {
    /** Statistics are a log line each; more of them than a pipe buffers. */
    async function heldOut(child: ChildProcess, link: string): Promise<void> {
      const agent = await served(child, link);
      for (let n = 0; n < 400; n++) {
        child.kill('SIGUSR2');
        await delay(clock, 1);
      }
      agent.close();
      await served(child, link);
      const ended = exit(child);
      child.stdout?.destroy();
      child.kill('SIGTERM');
      const askedMs = clock.now();
      expect(await ended).toBe(0);
      expect(clock.now() - askedMs).toBeLessThan(3_000);
    }

    /** An agent that receives `body`; it reconnects if it was too early. */
    async function served(child: ChildProcess, link: string) {
      while (isAlive(child)) {
        const agent = await connectPipe(join(folder, link)).catch(() => undefined);
        // Firmware may not have noticed yet that the previous one closed: sending takes its place.
        agent?.send(JSON.stringify({ kind: 'desired', seq: 0, desired: HERE }));
        const received = await new Promise<boolean>((resolve) => {
          agent?.onLine((line) => JSON.parse(line ?? '').kind === 'body' && resolve(true));
          agent?.onClose(() => resolve(false));
          if (!agent) resolve(false);
        });
        if (agent && received) return agent;
        await delay(clock, 20);
      }
      throw new Error(`firmware has ended: ${child.exitCode ?? child.signalCode}`);
    }

    it('is on a full disk continues, and exits with 0', async () => {
      const full = await open('/dev/full', 'w');
      const { child } = await start({ ...robot, link: 'full.sock' }, full);
      await heldOut(child, 'full.sock');
      await full.close();
    });

    it('nobody reads continues, and exits with 0', async () => {
      const { child } = await start({ ...robot, link: 'unread.sock' });
      child.stdout?.removeAllListeners('data').pause();
      await heldOut(child, 'unread.sock');
    });

    it('lost its reader continues, and exits with 0', async () => {
      const { child, waitForOutput } = await start({ ...robot, link: 'closed.sock' });
      await waitForOutput('"ready"');
      child.stdout?.destroy();
      await heldOut(child, 'closed.sock');
    });
  });

  it('exits with 0 during the start, on any of the signals, also sent twice', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const link = `early-${signal}.sock`;
      const { child, waitForOutput } = await start({ ...robot, drivers: 'hanging.js', link });
      const ended = exit(child);
      await waitForOutput('OPENING');
      child.kill(signal);
      child.kill(signal);
      expect(await ended).toBe(0);
    }
  });

  it('asked for its statistics during the start continues', async () => {
    const { child, waitForOutput } = await start({
      ...robot,
      drivers: 'hanging.js',
      link: 'early.sock',
    });
    const ended = exit(child);
    await waitForOutput('OPENING');
    child.kill('SIGUSR2');
    await waitForOutput('still starting');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('leaves nothing on when its terminal is closed', async () => {
    const { child, waitForOutput, output } = await start({ ...robot, link: 'terminal.sock' });
    const ended = exit(child);
    await waitForOutput('"ready"');
    child.kill('SIGHUP');
    expect(await ended).toBe(0);
    expect(output()).toContain('LEFT false false torqueOff');
  });

  it('turns the camera off while its agent is stopped, keeps its timing, and serves it when it continues', async () => {
    const link = 'stopped.sock';
    const { child, waitForOutput, output } = await start({ ...robot, link });
    const ended = exit(child);
    await waitForOutput('"ready"');
    const desired = JSON.stringify({ kind: 'desired', seq: 1, desired: HERE });
    const agent = spawn(process.execPath, [
      '-e',
      `const one = () => {
         const socket = require('node:net').connect(${JSON.stringify(join(folder, link))});
         const beat = setInterval(() => socket.write(${JSON.stringify(`${desired}\n`)}), 50);
         socket.on('error', () => {}).resume().on('close', () => { clearInterval(beat); setTimeout(one, 250); });
       };
       one();`,
    ]);
    const camera = async (): Promise<string> => {
      const from = output().length;
      child.kill('SIGPWR');
      while (!/BODY .*\n/.test(output().slice(from)) && isAlive(child)) await delay(clock, 10);
      return (
        output()
          .slice(from)
          .match(/BODY (\w+)/)?.[1] ?? ''
      );
    };
    const becomes = async (what: string, ms: number): Promise<void> => {
      const giveUpMs = clock.now() + ms;
      while ((await camera()) !== what && clock.now() < giveUpMs) await delay(clock, 20);
      expect(await camera()).toBe(what);
    };
    await becomes('true', 5_000);
    agent.kill('SIGSTOP');
    await becomes('false', 1_000);
    await delay(clock, STOPPED_MS);
    expect(await camera()).toBe('false');
    agent.kill('SIGCONT');
    await becomes('true', 3_000);
    child.kill('SIGUSR2');
    await waitForOutput('"loop statistics"');
    const { ticks } = JSON.parse(output().match(/{.*"loop statistics".*}/)?.[0] ?? '{}');
    expect(ticks).toBeGreaterThan(STOPPED_MS / 20);
    agent.kill('SIGKILL');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 30_000);

  it('restarts paused when it was killed during a pause', async () => {
    const config = {
      ...robot,
      link: 'killed.sock',
      state: 'run/state',
    };
    const first = await start(config);
    await first.waitForOutput('"ready"');
    first.child.kill('SIGURG');
    await first.waitForOutput('"event":"paused"');
    const kept = join(folder, 'run/state/pause.json');
    while (!(await readFile(kept, 'utf8').catch(() => '')).includes('"paused":true'))
      await delay(clock, 10);
    const killed = exit(first.child);
    first.child.kill('SIGKILL');
    await killed;
    const second = await start(config);
    await second.waitForOutput('"ready"');
    const agent = await connectPipe(join(folder, 'killed.sock'));
    const line = await new Promise<string | undefined>((resolve) => agent.onLine(resolve));
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'body', paused: true, cameraOn: false });
    const ended = exit(second.child);
    second.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each([
    ['SIGWINCH', 'Error: a bug'],
    ['SIGCONT', 'Error: a bug that nobody awaits'],
  ] as const)('turns all off and ends with 70 at a bug (%s)', async (bug, words) => {
    const link = `bug-${bug}.sock`;
    const { child, waitForOutput, output } = await start({
      ...robot,
      link,
    });
    await waitForOutput('"ready"');
    const agent = await connectPipe(join(folder, link));
    let seq = 0;
    const beats = clock.every(50, () => {
      agent.send(JSON.stringify({ kind: 'desired', seq: seq++, desired: HERE }));
      child.kill('SIGPWR');
    });
    await waitForOutput('BODY true true');
    const ended = exit(child);
    child.kill(bug);
    const begunMs = clock.now();
    expect(await ended).toBe(70);
    beats.cancel();
    expect(clock.now() - begunMs).toBeLessThan(3_000);
    expect(output()).toContain(words);
    expect(output()).toContain('LEFT false false torqueOff');
  });

  it('touches no hardware when its socket is in use', async () => {
    const config = {
      ...robot,
      link: 'one.sock',
    };
    const first = await start(config);
    await first.waitForOutput('"ready"');
    for (const [link, words] of [
      ['one.sock', 'another firmware process listens there'],
      ['no/folder.sock', 'cannot listen'],
    ]) {
      const { child, output } = await start({ ...config, link });
      expect(await exit(child)).toBe(70);
      expect(output()).toContain(words);
      expect(output()).not.toContain('LEFT');
    }
    const ended = exit(first.child);
    first.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('leaves nothing on when it cannot start', async () => {
    const { child, output } = await start({
      board: 'deskmate-1',
      drivers: 'broken.js',
      link: 'broken.sock',
      calibration: 'calibration.json',
    });
    expect(await exit(child)).toBe(70);
    expect(output()).toContain('no such button');
    expect(output()).toContain('LEFT false false torqueOff');
  });

  it('reports which of its files is missing; it starts without a calibration', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const wrong = await start({ ...robot, link: 'pipe.sock', board: pipe });
    expect(await exit(wrong.child)).toBe(78);
    expect(wrong.output()).toContain(`board: ${pipe}: the board file: a pipe, expected a file`);
    const { child, waitForOutput, output } = await start({
      ...robot,
      link: 'pipe.sock',
      calibration: pipe,
    });
    await waitForOutput('"ready"');
    expect(output()).toContain('a pipe, expected a file');
    const ended = exit(child);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('reports the errors of its file by field, and exits with 78', async () => {
    const good = { board: 'deskmate-1', drivers: 'x.js', link: 'l', calibration: 'c' };
    for (const [config, words] of [
      [{ ...good, board: 'robot' }, 'board: unknown board "robot", expected deskmate-1'],
      ['{', 'expected JSON'],
      [good, 'x.js: expected a module of drivers'],
    ] as const) {
      const { child, output } = await start(config);
      expect(await exit(child)).toBe(78);
      expect(output()).toContain(words);
    }
  });
});
