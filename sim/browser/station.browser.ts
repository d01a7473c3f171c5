/**
 * A laptop as a telepresence station, as people use it: started by the command, the person beside
 * it at its page, the pupil at a phone of the same network.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { contrastFindings, controlFindings } from './page-checks.ts';
import { HUES, PupilDriver } from './pupil-driver.ts';
import { buildTestDrivers, RunningStation } from './station-harness.ts';

const PHONE = { width: 390, height: 844 };

let browser: Browser;
/** Errors of the pages, violations of their content security policy among them. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

async function device(viewport = PHONE): Promise<BrowserContext> {
  // As a person who chose “continue”: nobody vouches for the station's certificate.
  const options = { locale: 'en-GB', viewport, ignoreHTTPSErrors: true };
  const context = await browser.newContext(options);
  context.on('weberror', (error) => complaints.push(error.error().message));
  return context;
}

const part = (page: Page, name: string, words: string | RegExp) =>
  page.locator(`[data-part="${name}"]`).filter({ hasText: words }).waitFor({ timeout: 20_000 });

describe.sequential('a station that is open to its network', () => {
  let station: RunningStation;
  let home: Page;
  let pupil: PupilDriver;

  beforeAll(async () => {
    const drivers = await buildTestDrivers();
    station = await RunningStation.start('--host', '0.0.0.0', '--drivers', drivers);
  });

  afterAll(() => station?.stop());

  it('shows the person beside it the invitation and what it sees and hears with', async () => {
    home = await (await device()).newPage();
    await home.goto(station.address);
    await home.getByRole('heading', { name: 'This computer is a place in class' }).waitFor();
    await home.locator('#qr').waitFor();
    expect(await home.locator('#pupil-page').getAttribute('href')).toBe(station.invitation);
    await part(home, 'classroom', 'nobody is in class');
    await part(home, 'camera', /No camera was found|ready/);
    expect(await home.getByText('Robot on its desk').count()).toBe(0);
    expect(await controlFindings(home)).toEqual([]);
    expect(await contrastFindings(home)).toEqual([]);
  });

  it('gives others in the network the pupil’s page, by HTTPS, and nothing else', async () => {
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

  it('lets a pupil with a phone in: picture and sound come', async () => {
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
    expect(await controlFindings(pupil.page)).toEqual([]);
    await part(home, 'camera', 'on: a pupil is in class');
    await part(home, 'sound', 'on: a pupil is in class');
    await part(home, 'classroom', 'a pupil is in class');
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

  beforeAll(async () => {
    // Without a camera on a machine that has one, too.
    station = await RunningStation.start('--board', 'sim/station/testing/no-camera.json');
  });

  afterAll(() => station?.stop());

  it('says so, and lets the pupil in all the same', async () => {
    expect(new URL(station.invitation).hostname).toBe('localhost');
    const home = await (await device()).newPage();
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
});
