import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandWords, openChild } from './spawn.ts';

const preload = pathToFileURL(path.resolve('scripts/exit-with-parent.mjs')).href;
const line = { script: 'firmware.js', args: ['--config', 'x'], env: {}, realTime: true };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskmate-spawn-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function script(text: string): Promise<string[]> {
  const file = path.join(folder, `${Math.random()}.mjs`);
  await writeFile(file, text);
  return commandWords({ ...line, script: file }, { realTime: false, bound: false }, preload);
}

const said = (words: string[], onLine: (text: string) => void) => openChild(words, {}, onLine);

describe('commandWords', () => {
  it('asks for what this machine permits', () => {
    const words = (realTime: boolean, bound: boolean): string =>
      commandWords(line, { realTime, bound }, 'p.mjs', 'node').join(' ');
    expect(words(true, true)).toMatch(/^setpriv --pdeathsig KILL chrt -f 50 node .*firmware\.js/);
    expect(words(false, false)).toMatch(/^node /);
  });
});

describe('a real child', () => {
  it('tells its lines and how it ended', async () => {
    const lines: string[] = [];
    const child = said(await script('console.log("one\\ntwo"); process.exit(78)'), (text) =>
      lines.push(text),
    );
    expect(await new Promise((resolve) => child.onExit(resolve))).toEqual({
      how: 'exit code 78',
      lasting: true,
    });
    expect(lines).toEqual(['one', 'two']);
  });

  it('says so when it cannot be started', async () => {
    const child = openChild([path.join(folder, 'nothing')], {}, () => {});
    expect(await new Promise((resolve) => child.onExit(resolve))).toMatchObject({
      how: expect.stringContaining('could not be started'),
    });
  });

  it('goes when whoever started it is gone, though it has worker threads and work to do', async () => {
    const work = `
      import { Worker } from 'node:worker_threads';
      new Worker('setInterval(() => {}, 1000)', { eval: true });
      setInterval(() => {}, 1000);
      setTimeout(() => console.log('alive ' + process.pid), 200);`;
    const words = await script(work);
    const parent = path.join(folder, 'parent.mjs');
    await writeFile(
      parent,
      `import { spawn } from 'node:child_process';
       const [command, ...args] = ${JSON.stringify(words)};
       const env = { ...process.env, DESKMATE_EXIT_WITH_PARENT: '1' };
       spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'], detached: true, env });`,
    );
    const middle = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) =>
      middle.stdout.once('data', (text) => resolve(Number(String(text).replace('alive ', '')))),
    );
    expect(isAlive(pid)).toBe(true);
    middle.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});

/** A zombie, which waits for a parent that asks, has ended too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !endedOnly(pid);
}

function endedOnly(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
