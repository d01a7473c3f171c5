/** A running simulator with a pupil in class, for benchmarks: the same drivers as the browser tests. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../agent/pages/testing/chromium.ts';
import { PupilDriver } from '../../agent/pages/testing/pupil-driver.ts';
import type { ProcessName } from '../../sim/console/messages.ts';
import { RunningSim } from '../../sim/testing/sim-harness.ts';

export class SimSession {
  private constructor(
    readonly sim: RunningSim,
    private readonly browser: Browser,
    readonly pupil: PupilDriver,
  ) {}

  /** Starts everything up to the pupil's lobby: `pupil.goToClass()` joins. */
  static async open(): Promise<SimSession> {
    const sim = await RunningSim.start();
    const browser = await launchChromium();
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1024, height: 768 },
    });
    return new SimSession(sim, browser, await PupilDriver.arrive(context, sim.printedInvitation));
  }

  async pid(name: ProcessName): Promise<number> {
    const found = (await this.sim.status()).processes.find((process) => process.name === name);
    if (!found?.pid) throw new Error(`${name} is not running`);
    return found.pid;
  }

  /** The newest line of a process' log that says `message`. */
  async logged(name: ProcessName, message: string): Promise<unknown> {
    const text = await readFile(path.join(this.sim.state, 'log', `${name}.log`), 'utf8');
    const line = text.split('\n').findLast((one) => one.includes(`"msg":"${message}"`));
    if (!line) throw new Error(`${name} has not logged "${message}"`);
    return JSON.parse(line);
  }

  /** Turns the head to and fro with the arrow keys, as a pupil who looks around. */
  async lookAround(ms: number): Promise<void> {
    const { page } = this.pupil;
    await page.focus('#picture');
    const end = performance.now() + ms;
    for (let turn = 0; performance.now() < end; turn++) {
      const key = turn % 2 === 0 ? 'ArrowLeft' : 'ArrowRight';
      await page.keyboard.down(key);
      await page.waitForTimeout(600);
      await page.keyboard.up(key);
      await page.waitForTimeout(200);
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.sim.stop();
  }
}
