import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { delay, type Timer } from '../../../ports/clock.ts';
import { SystemClock } from '../../time/system-clock.ts';

const clock = new SystemClock();

/** The drivers give up after 20 ms; a machine that runs all tests at once may need more. */
export class PatientClock extends SystemClock {
  override after(ms: number, act: () => void): Timer {
    return super.after(ms * 50, act);
  }
}

/** A folder that looks like /sys. */
export class FakeSys {
  readonly root = mkdtempSync(path.join(tmpdir(), 'sys-'));

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
  }

  put(folder: string, files: Readonly<Record<string, string | number>>): void {
    const full = path.join(this.root, 'class', folder);
    mkdirSync(full, { recursive: true });
    for (const [name, value] of Object.entries(files))
      writeFileSync(path.join(full, name), `${value}\n`);
  }

  /** The device's driver lets go of it, and takes it again. */
  unplug(folder: string, plugged: boolean): void {
    const full = path.join(this.root, 'class', folder);
    if (plugged) renameSync(`${full}.gone`, full);
    else renameSync(full, `${full}.gone`);
  }

  bench(folder: string) {
    return {
      now: () => clock.now(),
      pass: (ms: number) => delay(clock, ms),
      reach: { lose: () => this.unplug(folder, false), restore: () => this.unplug(folder, true) },
      close: async () => {},
    };
  }
}
