import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { watchdogContract } from '../../contract/power.ts';
import { openWatchdog } from './watchdog-device.ts';

const STEP_MS = 50;
const TIMEOUT_S = 2;
const made: string[] = [];

afterAll(() => {
  for (const root of made) rmSync(root, { recursive: true, force: true });
});

/** A file that behaves as the kernel's device: armed while open, fed by writes, disarmed by 'V'. */
class FakeWatchdog {
  readonly root = mkdtempSync(path.join(tmpdir(), 'watchdog-'));
  readonly path = path.join(this.root, 'watchdog0');
  bitten = false;
  private leftMs: number | undefined;
  private fed = 0;

  constructor(files: Readonly<Record<string, string>> = { timeout: `${TIMEOUT_S}` }) {
    made.push(this.root);
    writeFileSync(this.path, '');
    const folder = path.join(this.root, 'class/watchdog/watchdog0');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  }

  async pass(clock: SimClock, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await clock.advance(Math.min(left, STEP_MS));
      this.look(Math.min(left, STEP_MS));
    }
    await new Promise((resolve) => setImmediate(resolve));
    this.look(0);
  }

  private look(passedMs: number): void {
    const written = readFileSync(this.path, 'latin1');
    const fed = written.length > this.fed;
    this.fed = written.length;
    if (fed) this.leftMs = TIMEOUT_S * 1_000;
    else if (this.leftMs !== undefined) this.leftMs -= passedMs;
    if (written.endsWith('V') && !this.isOpen()) this.leftMs = undefined;
    if (this.leftMs !== undefined && this.leftMs <= 0) this.bitten = true;
  }

  isOpen(): boolean {
    return readdirSync('/proc/self/fd').some((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`) === this.path;
      } catch {
        return false;
      }
    });
  }
}

watchdogContract('kernel device, a file', async () => {
  const clock = new SimClock();
  const device = new FakeWatchdog();
  const watchdog = await openWatchdog(device.path, { sys: device.root });
  return {
    watchdog,
    now: () => clock.now(),
    pass: (ms) => device.pass(clock, ms),
    bitten: () => device.bitten,
    close: () => watchdog.close(),
  };
});

describe('watchdog device', () => {
  it('is not opened, thus not armed, before the first kick', async () => {
    const device = new FakeWatchdog();
    const watchdog = await openWatchdog(device.path, { sys: device.root });
    expect(device.isOpen()).toBe(false);
    await watchdog.kick();
    expect(device.isOpen()).toBe(true);
    await watchdog.close();
    expect(device.isOpen()).toBe(false);
    expect(readFileSync(device.path, 'latin1')).toBe('\0V');
  });

  it('reads its timeout in seconds, and is found by its other names', async () => {
    const device = new FakeWatchdog({ timeout: '15\n' });
    const link = path.join(device.root, 'by-another-name');
    symlinkSync(device.path, link);
    const legacy = path.join(device.root, 'watchdog');
    writeFileSync(legacy, '');
    for (const name of [device.path, link, legacy])
      expect((await openWatchdog(name, { sys: device.root })).timeoutMs).toBe(15_000);
  });

  it('says what cannot be disarmed, and when the timeout is a guess', async () => {
    const said: string[] = [];
    const logLine = (line: string) => said.push(line);
    const stubborn = new FakeWatchdog({ timeout: '15', nowayout: '1' });
    await openWatchdog(stubborn.path, { sys: stubborn.root, logLine });
    const silent = new FakeWatchdog({});
    const watchdog = await openWatchdog(silent.path, { sys: silent.root, logLine });
    expect(watchdog.timeoutMs).toBe(10_000);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/nowayout.*15 s/);
    expect(said[1]).toMatch(/timeout cannot be read/);
  });

  it.each(['', 'soon', '0', '-5', '1.5'])('refuses a timeout of %j', async (timeout) => {
    const device = new FakeWatchdog({ timeout });
    await expect(openWatchdog(device.path, { sys: device.root })).rejects.toMatchObject({
      kind: 'badData',
    });
  });

  it('lists those that exist when it is not there', async () => {
    const device = new FakeWatchdog();
    const wrong = openWatchdog('/dev/watchdog77', { sys: device.root });
    await expect(wrong).rejects.toMatchObject({
      kind: 'noAnswer',
      message: expect.stringMatching(/ENOENT.*\/dev\/watchdog0/),
    });
  });

  it('that went away says so at a kick, and is taken again when it is back', async () => {
    const device = new FakeWatchdog();
    const watchdog = await openWatchdog(device.path, { sys: device.root });
    rmSync(device.path);
    await expect(watchdog.kick()).rejects.toMatchObject({ kind: 'noAnswer' });
    writeFileSync(device.path, '');
    await watchdog.kick();
    await watchdog.close();
    await expect(watchdog.kick()).rejects.toMatchObject({ kind: 'noAnswer' });
  });
});
