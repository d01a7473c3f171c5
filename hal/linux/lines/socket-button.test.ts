import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { buttonContract } from '../../contract/lines.ts';
import type { Button, ButtonChange } from '../../ports/body.ts';
import { delay } from '../../ports/clock.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openSocketButton, pressSocketButton } from './socket-button.ts';

const clock = new SystemClock();

buttonContract('Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'button-'));
  const path = join(folder, 'b.sock');
  const button = await openSocketButton(path, clock, () => {});
  return {
    button,
    tap: async () => void (await pressSocketButton(path, clock)),
    now: () => clock.now(),
    pass: (ms) => delay(clock, ms),
    close: async () => {
      await button.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('button on a Unix socket', () => {
  let folder: string;
  let path: string;
  let said: string[];
  let changes: ButtonChange[];
  const opened: Button[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'button-'));
    path = join(folder, 'b.sock');
    [said, changes] = [[], []];
  });

  afterEach(async () => {
    for (const button of opened.splice(0)) await button.close();
    await rm(folder, { recursive: true });
  });

  async function open(by: SystemClock | SimClock = clock): Promise<Button> {
    const button = await openSocketButton(path, by, (line) => said.push(line));
    opened.push(button);
    button.onChange((change) => changes.push(change));
    return button;
  }

  /** Sends as it is, and hears all that comes back until the other end closes. */
  function send(bytes: string | Uint8Array, whole = true): Promise<string> {
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(path, () => (whole ? socket.end(bytes) : socket.write(bytes)));
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
    });
  }

  it('is for this user alone, and gone when it is closed', async () => {
    const button = await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await button.close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await expect(pressSocketButton(path, clock)).rejects.toMatchObject({ kind: 'noAnswer' });
  });

  it('tells whoever presses when that was, by its own clock', async () => {
    const own = new SimClock();
    await own.advance(122_456.5);
    await open(own);
    expect(await pressSocketButton(path, clock)).toBe(123_456.5);
    expect(changes).toEqual([
      { pressed: true, atMs: 123_456.5 },
      { pressed: false, atMs: 123_456.5 },
    ]);
  });

  it('counts each of many presses that come at once', async () => {
    await open();
    await Promise.all(Array.from({ length: 8 }, () => pressSocketButton(path, clock)));
    expect(changes.map(({ pressed }) => pressed)).toEqual(
      Array.from({ length: 16 }, (_, i) => i % 2 === 0),
    );
  });

  it.each([
    ['another word', 'resume\n'],
    ['two words', 'press press\n'],
    ['two presses', 'press\npress\n'],
    ['half a press', 'pre'],
    ['no end', 'press'],
    ['bytes', Uint8Array.from({ length: 64 }, (_, i) => i * 4)],
    ['too much', 'x'.repeat(1_000_000)],
  ])('takes %s for no press, with one line', async (_, bytes) => {
    await open();
    expect(await send(bytes)).toMatch(/^(expected press\n)?$/);
    await send(bytes);
    await expect
      .poll(() => said)
      .toEqual(['button socket: not a press, expected the line "press"']);
    expect(changes).toEqual([]);
    await pressSocketButton(path, clock);
    expect(changes).toHaveLength(2);
  });

  it('is not disturbed by who says nothing, and does not wait for them', async () => {
    const own = new SimClock();
    await open(own);
    expect(await send('')).toBe('');
    const silent = send('', false);
    await pressSocketButton(path, clock);
    await own.advance(2_000);
    expect(await silent).toBe('');
    expect(said).toEqual([]);
  });

  it('says so when nobody could reach it, and not before', async () => {
    const button = await open();
    expect(await button.read()).toBe(false);
    await rm(path);
    await expect(button.read()).rejects.toMatchObject({ kind: 'noAnswer' });
    await writeFile(path, '');
    await expect(button.read()).rejects.toMatchObject({ kind: 'noAnswer' });
    await rm(path);
    await button.close();
    const again = await open();
    expect(await again.read()).toBe(false);
  });

  it('takes over what a dead process left behind', async () => {
    // A socket's file stays when its process is killed.
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect((await stat(path)).isSocket()).toBe(true);
    await open();
    await pressSocketButton(path, clock);
    expect(changes).toHaveLength(2);
  });

  it('leaves alone what belongs to others, in one line', async () => {
    await open();
    const expectFault = (kind: string, words: RegExp) =>
      expect(openSocketButton(path, clock, () => {})).rejects.toMatchObject({
        kind,
        message: expect.stringMatching(words),
      });
    await expectFault('busy', /another process listens at .*b\.sock; stop it first$/);
    await chmod(folder, 0o750);
    await expectFault('notPermitted', /open to others, expected .* chmod 700/);
    await chmod(folder, 0o700);
    path = join(folder, 'note');
    await writeFile(path, 'mine');
    await expectFault('badData', /is there and is no socket/);
    path = join(folder, 'none', 'b.sock');
    await expectFault('noAnswer', /none is no folder; make it: mkdir -p -m 700/);
  });

  it('a finger says what is wrong with whom it finds there', async () => {
    const strange = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume().end('220 smtp\n');
    });
    await new Promise<void>((resolve) => strange.listen(path, resolve));
    await expect(pressSocketButton(path, clock)).rejects.toMatchObject({ kind: 'badData' });
    await new Promise((resolve) => strange.close(resolve));
    const deaf = createServer((socket) => socket.resume().on('error', () => {}));
    await new Promise<void>((resolve) => deaf.listen(path, resolve));
    const own = new SimClock();
    const press = pressSocketButton(path, own);
    press.catch(() => {});
    await own.advance(1_000);
    await expect(press).rejects.toMatchObject({ kind: 'timeout' });
    await new Promise((resolve) => deaf.close(resolve));
  });
});
