/**
 * The whole path, as people use it: the simulator as `make sim` starts it, a pupil in Chromium who
 * comes by the invitation link, and the robot's page beside it.
 */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { landmarks, project } from '../../../sim/classroom/scene.ts';
import { RobotDriver } from '../../../sim/testing/robot-driver.ts';
import { RunningSim } from '../../../sim/testing/sim-harness.ts';
import { launchChromium } from '../testing/chromium.ts';
import { HUES, PupilDriver } from '../testing/pupil-driver.ts';

const DARK = 24;
const EYES_OPEN = 60;

let sim: RunningSim;
let browser: Browser;
let tablet: BrowserContext;
let pupil: PupilDriver;
let robot: RobotDriver;
/** Errors of the pages, violations of their content security policy among them. */
const complaints: string[] = [];

beforeAll(async () => {
  [sim, browser] = await Promise.all([RunningSim.start(), launchChromium()]);
  tablet = await browser.newContext({ locale: 'en-GB', viewport: { width: 1024, height: 768 } });
  const desk = await browser.newContext({ locale: 'en-GB' });
  for (const context of [tablet, desk])
    context.on('weberror', (error) => complaints.push(error.error().message));
  await tablet.addInitScript(countRestarts);
  robot = await RobotDriver.open(desk, sim.address);
  pupil = await PupilDriver.arrive(tablet, sim.printedInvitation);
});

afterAll(async () => {
  await browser?.close();
  await sim?.stop();
});

interface CountingWindow extends Window {
  iceRestarts?: { offered: number; answered: number };
}

async function raiseAndLower(): Promise<void> {
  await pupil.page.keyboard.press('h');
  await robot.reads('hand', 'up');
  await pupil.page.keyboard.press('h');
  await robot.reads('hand', 'down');
}

/** Runs in the page: counts offers of new ways, and their answers. */
function countRestarts(): void {
  const counts = { offered: 0, answered: 0 };
  (window as CountingWindow).iceRestarts = counts;
  const prototype = RTCPeerConnection.prototype as unknown as {
    createOffer(options?: RTCOfferOptions): Promise<unknown>;
    setRemoteDescription(description: unknown): Promise<void>;
  };
  const { createOffer, setRemoteDescription } = prototype;
  prototype.createOffer = function (options) {
    if (options?.iceRestart) counts.offered += 1;
    return createOffer.call(this, options);
  };
  prototype.setRemoteDescription = async function (description) {
    await setRemoteDescription.call(this, description);
    if (counts.offered > counts.answered) counts.answered += 1;
  };
}

/**
 * Holds an arrow key until the head is there. On a machine that is busy firmware may be away for a
 * moment: that ends the hold, the page says so, and whoever turns presses again.
 */
async function turnUntil(key: string, there: (panDeg: number) => boolean): Promise<boolean> {
  const { keyboard } = pupil.page;
  await keyboard.down(key);
  const endMs = performance.now() + 6_000;
  let arrived = false;
  while (!arrived && performance.now() < endMs) arrived = there((await robot.pose()).panDeg);
  await keyboard.up(key);
  return arrived;
}

describe.sequential('a lesson in Chromium', () => {
  it('begins asleep and dark; joining lifts the head and lights the watch light', async () => {
    expect(await robot.reading('watch')).toBe('off');
    expect((await robot.pose()).tiltDeg).toBeLessThan(-20);
    await pupil.goToClass();
    await robot.reads('watch', 'on');
    await robot.reads('life', 'live');
    await robot.still();
    expect((await robot.pose()).tiltDeg).toBeGreaterThan(-3);
    expect((await pupil.look(HUES.red)).brightness).toBeGreaterThan(EYES_OPEN);
  });

  it('turns the picture to where the scene says', async () => {
    for (const { key, colour, until } of [
      { key: 'ArrowRight', colour: 'red', until: (pan: number) => pan < -55 },
      { key: 'ArrowLeft', colour: 'blue', until: (pan: number) => pan > 60 },
    ] as const) {
      await pupil.page.bringToFront();
      await pupil.page.focus('#picture');
      await expect.poll(() => turnUntil(key, until), { timeout: 20_000 }).toBe(true);
      await robot.still();
      await pupil.page.waitForTimeout(400);
      const pose = await robot.pose();
      const seen = await pupil.look(HUES[colour]);
      const expected = project(landmarks.posters[colour].centre, pose, seen);
      expect(expected, `${colour} poster from ${JSON.stringify(pose)}`).toBeDefined();
      expect(seen.spot.pixels).toBeGreaterThan(200);
      expect(Math.abs(seen.spot.x - (expected?.x ?? 0))).toBeLessThan(seen.width * 0.03);
      expect(Math.abs(seen.spot.y - (expected?.y ?? 0))).toBeLessThan(seen.height * 0.04);
    }
  });

  it('brings the teacher to the pupil, and the pupil to the class', async () => {
    expect(await pupil.listen(8_000)).toBeGreaterThan(0.01);
    await robot.reads('speaker', /^[1-9]\d*$/);
    await pupil.page.keyboard.press('m');
    await robot.reads('ring', 'listening');
    await pupil.page.waitForTimeout(500);
    for (let i = 0; i < 20; i++) {
      expect(await robot.reading('speaker')).toMatch(/^(0|off)$/);
      await pupil.page.waitForTimeout(60);
    }
    await pupil.page.keyboard.press('m');
    await robot.reads('speaker', /^[1-9]\d*$/);
  });

  it('raises a hand that the teacher sees and acknowledges', async () => {
    await pupil.page.keyboard.press('h');
    await robot.reads('hand', 'up');
    await robot.press('teacher');
    const seen = pupil.page.locator('#hand').filter({ hasText: 'Teacher saw it' });
    await seen.waitFor();
    // Seen for some seconds on both sides, then one press raises it anew.
    await robot.reads('hand', 'down', 10_000);
    await seen.waitFor({ state: 'detached' });
    await raiseAndLower();
    expect(await robot.reading('life')).toBe('live');
  });

  it('is paused with one press: black for the pupil, dark on the desk, and back', async () => {
    await robot.press('teacher');
    await robot.reads('watch', 'off');
    await robot.reads('microphone', 'off');
    await pupil.page.locator('#veil').filter({ hasText: 'The teacher has paused' }).waitFor();
    await expect
      .poll(async () => (await pupil.look(HUES.red)).brightness, { timeout: 5_000 })
      .toBeLessThan(DARK);
    await robot.press('teacher');
    await robot.reads('watch', 'on');
    await expect
      .poll(async () => (await pupil.look(HUES.red)).brightness, { timeout: 10_000 })
      .toBeGreaterThan(EYES_OPEN);
  });

  it('refuses a second pupil, kindly, and disturbs nobody', async () => {
    const other = await browser.newContext({ locale: 'en-GB' });
    const second = await PupilDriver.arrive(other, await sim.invite());
    await second.page.click('#go');
    await second.page.locator('#outcome').waitFor();
    expect(await second.page.locator('#app').textContent()).toMatch(/somebody|someone|in use/i);
    await other.close();
    expect(await robot.reading('life')).toBe('live');
    expect((await pupil.look(HUES.red)).brightness).toBeGreaterThan(EYES_OPEN);
  });

  it('finds new ways when the network changes, and the lesson goes on meanwhile', async () => {
    await pupil.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await pupil.page.waitForFunction(() => (window as CountingWindow).iceRestarts?.answered === 1);
    await pupil.picture();
    expect(await robot.reading('life')).toBe('live');
    await raiseAndLower();
    expect(await pupil.text('#status')).toContain('In class');
  });

  it('survives the death of the agent: head stops, camera dark, all back by itself', async () => {
    await pupil.page.focus('#picture');
    await pupil.page.keyboard.down('ArrowLeft');
    await pupil.page.waitForTimeout(500);
    await robot.page.click('#kill-agent');
    await robot.reads('watch', 'off', 2_000);
    await pupil.page.keyboard.up('ArrowLeft');
    const pose = await robot.pose();
    await robot.page.waitForTimeout(300);
    expect(Math.abs((await robot.pose()).panDeg - pose.panDeg)).toBeLessThan(1.5);
    await robot.reads('life', 'live', 40_000);
    await robot.reads('watch', 'on');
    await pupil.picture();
    await expect
      .poll(async () => (await pupil.look(HUES.red)).brightness, { timeout: 15_000 })
      .toBeGreaterThan(EYES_OPEN);
    await pupil.page.locator('#status').filter({ hasText: 'In class' }).waitFor();
  });

  it('survives the death of the media process: camera dark, picture and sound back by themselves', async () => {
    await robot.page.click('#kill-media');
    await robot.reads('watch', 'off', 2_000);
    await robot.reads('watch', 'on', 40_000);
    await robot.reads('media', 'running');
    await pupil.picture();
    await pupil.page.locator('#status').filter({ hasText: 'In class' }).waitFor();
    await robot.reads('life', 'live');
  });

  it('ends: the pupil leaves, the robot sleeps, the pages had nothing to complain of', async () => {
    await pupil.page.click('#leave');
    await pupil.page.locator('#leave-dialog-yes').click();
    await robot.reads('watch', 'off');
    await robot.reads('life', 'ready');
    await expect
      .poll(async () => (await robot.pose()).tiltDeg, { timeout: 10_000 })
      .toBeLessThan(-20);
    expect(complaints).toEqual([]);
  });
});
