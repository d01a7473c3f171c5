/** The command as it is shipped, over a head that only writes down what is done with it. */
import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProcess, isAlive } from '../../../hal/linux/testing/process.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { delay } from '../../../hal/ports/clock.ts';

/**
 * The hand turns the head as asked (each angle is read 26 times: one and the mean of 25); the servos
 * do not turn it. Letting go takes its time, in which somebody may press Ctrl-C again.
 */
const DRIVERS = `
  import { appendFileSync } from 'node:fs';
  const did = (what) => appendFileSync(process.env.DID, what + '\\n');
  const encoder = (turn) => {
    let reads = 0;
    return { present: true, read: async () => ({ magnet: 'ok', rawDeg: reads++ < 26 ? 100 : 100 + turn }) };
  };
  export const openBody = async () => ({
    servos: {
      present: true,
      setPulses: async () => did('powered'),
      release: async () => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        did('torque off');
      },
    },
    panEncoder: encoder(50),
    tiltEncoder: encoder(20),
    close: async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      did('closed');
    },
  });
`;

const clock = new SystemClock();
let folder = '';
beforeAll(async () => {
  folder = await bundleProcess('scripts/deskmate/deskmate-main.ts', { drivers: DRIVERS });
  await writeFile(
    join(folder, 'firmware.json'),
    JSON.stringify({
      ...{ board: 'deskmate-1', drivers: 'drivers.js' },
      ...{ link: 'no.sock', calibration: 'calibration.json' },
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Calibrates up to where the servos hold the head. */
async function powered(name: string) {
  const file = join(folder, `${name}.did`);
  await writeFile(file, '');
  const child = spawn(
    process.execPath,
    [join(folder, 'main.js'), 'calibrate', '--config', folder, '--lang', 'en'],
    { env: { ...process.env, DID: file } },
  );
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (code, signal) => resolve([code, signal])),
  );
  let said = '';
  let answered = 0;
  child.stdout.on('data', (text) => {
    said += text;
    for (; answered < said.split('Press Enter').length - 1; answered++) child.stdin.write('\n');
  });
  child.stdin.on('error', () => {});
  const did = async (): Promise<string[]> => (await readFile(file, 'utf8')).trim().split('\n');
  while ((await did()).at(-1) !== 'powered' && isAlive(child)) await delay(clock, 20);
  return { child, ended, did };
}

describe.concurrent('however the person leaves, torque is turned off', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP'] as const)(
    '%s, again and again',
    async (signal) => {
      const { child, ended, did } = await powered(signal);
      for (let times = 0; times < 4; times++) {
        child.kill(signal);
        await delay(clock, 60);
      }
      expect(await ended).toEqual([1, null]);
      expect((await did()).slice(-2)).toEqual(['torque off', 'closed']);
    },
  );

  it('a connection that drops: no terminal to write to, none to read from', async () => {
    const { child, ended, did } = await powered('dropped');
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.kill('SIGHUP');
    expect(await ended).toEqual([1, null]);
    expect((await did()).slice(-2)).toEqual(['torque off', 'closed']);
  });

  it('a reader that has gone, without any signal', async () => {
    const { child, ended, did } = await powered('unread');
    child.stdout.destroy();
    expect(await ended).toEqual([1, null]);
    expect((await did()).slice(-2)).toEqual(['torque off', 'closed']);
  });
});
