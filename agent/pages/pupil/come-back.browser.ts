/** A tablet that is cut off in the middle of a lesson: the browser is gone at once, and comes back. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningSim } from '../../../sim/testing/sim-harness.ts';
import { CHROMIUM } from '../testing/chromium.ts';
import { PupilDriver } from '../testing/pupil-driver.ts';

const BACK_MS = 15_000;

let sim: RunningSim;
let profile: string;
const left: BrowserContext[] = [];

beforeAll(async () => {
  profile = await mkdtemp(path.join(tmpdir(), 'deskmate-tablet-'));
  sim = await RunningSim.start();
});

afterAll(async () => {
  await killTablet();
  await sim?.stop();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

async function tablet(): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    ...CHROMIUM,
    locale: 'en-GB',
    viewport: { width: 1024, height: 768 },
  });
  left.push(context);
  return context;
}

/** The browser of this test's own profile, all processes of it at once: no page says goodbye. */
async function killTablet(): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!line.includes(`--user-data-dir=${profile}`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
  await Promise.all(left.splice(0).map((context) => context.close().catch(() => undefined)));
  // What the browser would have taken away itself, and looks at when it starts.
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie'])
    await rm(path.join(profile, name), { force: true });
}

it('killed in class and started again: in class within seconds, each time', async () => {
  const first = await PupilDriver.arrive(await tablet(), sim.printedInvitation);
  await first.goToClass();
  const [address = ''] = first.page.url().split('#');
  const took: number[] = [];
  for (let n = 0; n < 3; n++) {
    await killTablet();
    const back = await PupilDriver.comeBack(await tablet(), address);
    took.push(Math.round(await back.goToClass()));
  }
  for (const ms of took) expect(ms, took.join(', ')).toBeLessThan(BACK_MS);
}, 150_000);
