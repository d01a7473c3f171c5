/** The robot's page on a running simulator: drawn in space, its faults break things and mend them. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../../agent/pages/testing/chromium.ts';
import {
  contrastFindings,
  controlFindings,
  edgeFindings,
} from '../../../agent/pages/testing/page-checks.ts';
import { look } from '../../../agent/pages/testing/pixels.ts';
import { RobotDriver } from '../../testing/robot-driver.ts';
import { RunningSim } from '../../testing/sim-harness.ts';

/** A stage with nothing drawn on it compresses to a few kilobytes. */
const DRAWN_BYTES = 30_000;

let sim: RunningSim;
let browser: Browser;

beforeAll(async () => {
  [sim, browser] = await Promise.all([RunningSim.start(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await sim?.stop();
});

async function open(flat: boolean, options: BrowserContextOptions = {}): Promise<RobotDriver> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  return RobotDriver.open(context, sim.address, flat);
}

describe.sequential("the robot's page", () => {
  it('draws the robot in space', async () => {
    const { page } = await open(false);
    await page.locator('#stage[data-view="space"] canvas').waitFor();
    await expect
      .poll(async () => (await page.locator('#stage').screenshot()).length, { timeout: 20_000 })
      .toBeGreaterThan(DRAWN_BYTES);
    await page.context().close();
  });

  it('breaks and mends body, broker and processes', async () => {
    const robot = await open(true);
    const { page } = robot;
    await robot.reads('life', 'ready');
    await page.locator('#fault-batteryLow').click();
    await robot.reads('battery', /^\d$/);
    await robot.reads('ring', 'fault');
    await page.locator('#fault-panEncoderLost').click();
    await robot.reads('life', 'alert');
    await page.locator('#mend-all').click();
    await robot.reads('ring', 'off');
    await robot.reads('life', 'ready');
    const before = await robot.reading('firmware');
    await page.locator('#kill-firmware').click();
    await robot.reads('firmware', /^(?!running)/, 5_000);
    await robot.reads('firmware', before);
    await robot.reads('life', 'ready');
    await page.context().close();
  });

  it('holds up a code that is dropped on it, and the robot looks at it', async () => {
    const { page } = await open(true);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'WIFI:T:WPA;S:Norrskolan;P:correct horse;;');
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    });
    await page.locator('#code[data-held="yes"]').waitFor();
    await page.locator('#pair-hold').click();
    await page.locator('#seen-ring[data-value="pairing"]').waitFor();
    await page.locator('#seen-watch[data-value="on"]').waitFor();
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
    // The code was read: this robot takes no network from codes, says so, and the eyes answer.
    await page.locator('#warnings', { hasText: 'code refused' }).waitFor();
    await page.locator('#code-away').click();
    await page.locator('#code[data-held="no"]').waitFor();
    await page.locator('#code-text').fill('  ');
    await page.locator('#code-hold').click();
    expect(await page.locator('#code-answer').textContent()).toContain('no text');
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has an edge on what can be pressed, and shows a press, forced %s',
    async (colorScheme) => {
      const { page } = await open(true, { forcedColors: 'active', colorScheme });
      expect(await edgeFindings(page)).toEqual([]);
      const button = page.locator('#pair-button');
      const up = await look(button);
      await page.locator('#pair-hold').click();
      await page.locator('#pair-button.held').waitFor();
      expect((await look(button)).ground).not.toBe(up.ground);
      await page.context().close();
    },
  );

  it.each([
    [390, 800, 'nl-NL', 'light'],
    [1024, 768, 'sv-SE', 'dark'],
  ] as const)(
    'fits %i x %i and can be read in %s, %s',
    async (width, height, locale, colorScheme) => {
      const { page } = await open(true, { viewport: { width, height }, locale, colorScheme });
      expect(await controlFindings(page)).toEqual([]);
      expect(await contrastFindings(page)).toEqual([]);
      await page.context().close();
    },
  );
});
