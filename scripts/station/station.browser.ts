/**
 * A laptop as a telepresence station, end to end: started by the command, its page for the person
 * beside it, and a pupil's phone on the same network.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../agent/pages/testing/chromium.ts';
import { contrastFindings, controlFindings } from '../../agent/pages/testing/page-checks.ts';
import { HUES, PupilDriver } from '../../agent/pages/testing/pupil-driver.ts';
import { buildTestDrivers, RunningStation } from './testing/station-harness.ts';

const PHONE = { width: 390, height: 844 };
const LOOKS = [
  [{ width: 1024, height: 768 }, 'dark'],
  [{ width: 360, height: 740 }, 'dark'],
  [{ width: 768, height: 1024 }, 'light'],
  [PHONE, 'light'],
] as const;

let browser: Browser;
/** Errors of the pages, violations of their content security policy among them. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

async function device(viewport = PHONE): Promise<BrowserContext> {
  // As after “continue”: the station's certificate is self-signed.
  const options = { locale: 'en-GB', viewport, ignoreHTTPSErrors: true };
  const context = await browser.newContext(options);
  context.on('weberror', (error) => complaints.push(error.error().message));
  return context;
}

const part = (page: Page, name: string, words: string | RegExp) =>
  page.locator(`[data-part="${name}"]`).filter({ hasText: words }).waitFor({ timeout: 20_000 });

/** On each kind of device, in light and dark mode. */
async function looksWell(page: Page): Promise<void> {
  for (const [viewport, colorScheme] of LOOKS) {
    await page.setViewportSize(viewport);
    // After transitions, whose intermediate colours would be measured.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await controlFindings(page), JSON.stringify(viewport)).toEqual([]);
    expect(await contrastFindings(page), colorScheme).toEqual([]);
  }
}

/** Programs of the station that have a camera or a microphone open. */
async function capturing(station: RunningStation): Promise<string[]> {
  return [...(await station.programs()).values()].filter((words) => words.includes('gst-launch'));
}

async function firmwareOf(station: RunningStation): Promise<number> {
  for (const [pid, words] of await station.programs())
    if (words.includes('firmware.js')) return pid;
  return 0;
}

describe.sequential('a station that is open to its network', () => {
  let station: RunningStation;
  let home: Page;
  let pupil: PupilDriver;

  beforeAll(async () => {
    const drivers = await buildTestDrivers();
    station = await RunningStation.start(
      '--board',
      'laptop',
      '--host',
      '0.0.0.0',
      '--drivers',
      drivers,
    );
  });

  afterAll(() => station?.stop());

  it('shows the person beside it the invitation, camera and sound', async () => {
    home = await (await device()).newPage();
    await home.goto(station.address);
    await home.getByRole('heading', { name: 'This computer is a place in class' }).waitFor();
    await home.locator('#qr').waitFor();
    expect(await home.locator('#pupil-page').getAttribute('href')).toBe(station.invitation);
    await part(home, 'classroom', 'nobody is in class');
    await part(home, 'camera', /No camera was found|ready/);
    expect(await home.getByText('Robot on its desk').count()).toBe(0);
    await looksWell(home);
  });

  it('serves other computers the pupil’s page by HTTPS, and nothing else', async () => {
    const visitor = await device();
    const outside = new URL(station.invitation).origin;
    expect(outside).toMatch(/^https:/);
    const ask = async (path: string): Promise<number> =>
      (await visitor.request.get(`${outside}${path}`)).status();
    expect(await ask('/pupil/')).toBe(200);
    for (const path of ['/', '/station/', '/api/status', '/api/invitation', '/home/'])
      expect(await ask(path), path).toBe(404);
    await visitor.close();
  });

  it('admits a pupil with a phone: picture and sound arrive', async () => {
    pupil = await PupilDriver.arrive(await device(), station.invitation);
    await pupil.goToClass();
    // The left of GStreamer's test picture has a yellow bar, the right of it a blue one.
    await expect
      .poll(async () => (await pupil.look(HUES.blue)).spot.pixels, { timeout: 15_000 })
      .toBeGreaterThan(500);
    expect((await pupil.look(HUES.yellow)).spot.x).toBeLessThan(
      (await pupil.look(HUES.blue)).spot.x,
    );
    expect(await pupil.listen(5_000)).toBeGreaterThan(0.01);
    // A station has no head: no control to turn it is shown, and no problem.
    for (const id of ['views', 'nod', 'shake', 'head-map'])
      expect(await pupil.page.locator(`#${id}`).isVisible()).toBe(false);
    expect(await pupil.page.locator('#problems').textContent()).toBe('');
    expect(await controlFindings(pupil.page)).toEqual([]);
    await part(home, 'camera', 'on: a pupil is in class');
    await part(home, 'sound', 'on: a pupil is in class');
    await part(home, 'classroom', 'a pupil is in class');
  });

  it('is paused from its page: camera and microphone are off, and the pupil is told', async () => {
    const button = home.getByRole('button', { name: 'Pause' });
    expect(await capturing(station)).not.toEqual([]);
    // A double tap: the second tap does not undo the first.
    await button.dblclick();
    const began = performance.now();
    await part(home, 'classroom', /^Paused/);
    expect(performance.now() - began).toBeLessThan(1_000);
    await pupil.page.locator('#veil[data-why="paused"]').waitFor();
    await expect.poll(() => capturing(station)).toEqual([]);
    await expect.poll(async () => (await pupil.look(HUES.blue)).brightness).toBeLessThan(20);
    // Sound already buffered in the pupil's browser fades out.
    await expect.poll(() => pupil.listen(200), { timeout: 5_000 }).toBeLessThan(0.001);
    // A machine without a camera then reports that it has none.
    await part(home, 'camera', /off during the pause|No camera was found/);
    await looksWell(home);
  });

  it('stays paused when firmware is killed', async () => {
    const before = await firmwareOf(station);
    process.kill(before, 'SIGKILL');
    await expect
      .poll(() => firmwareOf(station), { timeout: 10_000 })
      .not.toSatisfy((pid: number) => pid === 0 || pid === before);
    // Longer than the agent takes to hear from it.
    const end = performance.now() + 3_000;
    while (performance.now() < end) {
      expect(await capturing(station)).toEqual([]);
      expect((await station.status()).paused).not.toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await station.status()).paused).toBe(true);
    expect(await home.getByRole('button', { name: 'Go on' }).count()).toBe(1);
  });

  it('resumes by a key: picture and sound are back', async () => {
    await home.getByRole('button', { name: 'Go on' }).press('Enter');
    await part(home, 'classroom', 'a pupil is in class');
    await pupil.page.locator('#veil').waitFor({ state: 'hidden' });
    await expect
      .poll(async () => (await pupil.look(HUES.blue)).spot.pixels, { timeout: 15_000 })
      .toBeGreaterThan(500);
    expect(await pupil.listen(5_000)).toBeGreaterThan(0.01);
    await looksWell(home);
  });

  it('switches camera and microphone off when the pupil leaves', async () => {
    await pupil.page.click('#leave');
    await pupil.page.locator('#leave-dialog-yes').click();
    await part(home, 'classroom', 'nobody is in class');
    await expect
      .poll(async () => (await station.status()).camera.state, { timeout: 20_000 })
      .not.toBe('on');
    expect(complaints).toEqual([]);
  });
});

describe.sequential('a station whose camera is not there', () => {
  let station: RunningStation;
  let home: Page;

  beforeAll(async () => {
    // Also without a camera on a machine that has one.
    station = await RunningStation.start('--board', 'scripts/station/testing/no-camera.json');
  });

  afterAll(() => station?.stop());

  it('reports it, and admits the pupil all the same', async () => {
    expect(new URL(station.invitation).hostname).toBe('localhost');
    home = await (await device()).newPage();
    await home.goto(station.address);
    await part(home, 'camera', 'does not work: the pupil still hears and speaks');
    await part(home, 'camera', /The camera \/dev\/video999 is not there/);
    const pupil = await PupilDriver.arrive(await device(), station.invitation);
    await pupil.page.click('#go');
    await pupil.page.waitForSelector('#stage');
    await pupil.page.locator('#status').filter({ hasText: 'In class' }).waitFor();
    await part(home, 'classroom', 'a pupil is in class');
    expect(station.said).toMatch(/^ {2}Camera {2}The camera \/dev\/video999 is not there/m);
    expect(complaints).toEqual([]);
  });

  it('is reported as gone, and a press then reports that it had no effect', async () => {
    await station.stop();
    await part(home, 'classroom', 'The station does not answer');
    await home.getByRole('button', { name: 'Pause' }).click();
    await home.getByRole('alert').filter({ hasText: 'It could not be paused' }).waitFor();
  });
});
