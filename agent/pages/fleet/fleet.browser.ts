/** The fleet page in Chromium, before a real service: signing in, finding, handing over, verifying. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../wire/testing/fleet-people.ts';
import { freshSigner } from '../../wire/testing/fleet-people.ts';
import { contrastFindings, controlFindings, edgeFindings } from '../testing/page-checks.ts';
import type { AnsweringRobot } from './testing/answering-robot.ts';
import { FleetPage } from './testing/fleet-page.ts';
import { addRobots } from './testing/many-robots.ts';

let fleet: FleetPage;
let robot: AnsweringRobot;
let central: Person;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  fleet = await FleetPage.open();
  await addRobots(fleet.service.store, 300, Date.now());
  robot = await fleet.answeringRobot('robot-1', 'norra');
  central = await fleet.appoint('central');
  ({ page, complaints } = await fleet.visit());
});

afterAll(async () => {
  await robot?.close();
  await fleet?.close();
});

const shown = (): Promise<string | null> => page.textContent('#count');

describe('a person of the central team', () => {
  it('signs in with a key that cannot leave the browser, and stays signed in', async () => {
    await page.click('#make-key');
    await page.fill('#grant', 'no grant');
    await page.click('#use-grant');
    expect(await page.textContent('#sign-in-fault')).toContain('no grant');
    await page.fill('#grant', central.chain.join(' '));
    await page.click('#use-grant');
    await expect.poll(() => page.textContent('#sign-in-fault')).toContain('another key');
    await page.click('#forget');
    await fleet.signIn(page, central);
    const kept = await page.evaluate(async () => {
      const opening = indexedDB.open('deskmate-fleet');
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const asked = opening.result.transaction('person').objectStore('person').get('me');
      await new Promise((resolve) => asked.addEventListener('success', resolve));
      return { extractable: asked.result.key.extractable, jwk: Object.keys(asked.result.jwk) };
    });
    expect(kept).toEqual({ extractable: false, jwk: ['kty', 'crv', 'x', 'y'] });
    await page.reload();
    await page.waitForSelector('#grid');
    expect(await shown()).toBe('301 of 301 robots');
  });

  it('finds robots by words and by conditions, and hears what is wrong with a condition', async () => {
    await page.fill('#search', 'kiosk norra');
    await expect.poll(shown).toBe('13 of 301 robots');
    await page.fill('#search', 'school:norra and battery<20%');
    const found = await shown();
    expect(found).toMatch(/^\d+ of 301/);
    await page.fill('#search', 'stat:ready');
    expect(await page.textContent('#search-fault')).toContain('did you mean “state”');
    expect(await shown()).toBe(found);
    await page.fill('#search', '');
    await page.click('#quick-attention');
    await expect.poll(shown).toBe('4 of 301 robots');
    await page.click('#quick-all');
  });

  it('goes through the list with the keyboard alone', async () => {
    await page.focus('#grid');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    expect(await page.textContent('#selection p')).toBe('2 robots selected');
    const active = await page.getAttribute('#grid', 'aria-activedescendant');
    expect(await page.getAttribute(`#${active}`, 'aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#robot-title');
    await page.click('#back');
    await page.click('#clear-selection');
  });

  it('sees a state as it changes', async () => {
    await page.fill('#search', 'robot-1');
    await page.waitForSelector('#row-robot-1 [data-tone="good"]');
    await robot.say('live');
    await page.waitForSelector('#row-robot-1 [data-tone="busy"]');
    expect(await page.textContent('#row-robot-1 .state')).toBe('In class');
    await robot.say('ready');
  });

  it('hands a robot over: wiped, proven, invited, within a minute', async () => {
    await page.click('#row-robot-1');
    await page.click('#do-assign');
    expect(await page.textContent('#assign')).toContain('cannot be undone');
    await page.click('#assign-go');
    await page.waitForSelector('#invitation-link');
    expect(await page.inputValue('#invitation-link')).toContain('#r=robot-1');
    expect(await page.isVisible('.qr')).toBe(true);
    expect(robot.obeyed).toEqual(['assign']);
    await page.click('#dialog-close');
  });

  it('reads an audit log that the page has verified itself', async () => {
    await page.click('#back');
    await page.click('#row-robot-1');
    await page.waitForSelector('[data-verdict="verified"]');
    const entries = await page.locator('.entries strong').allTextContents();
    expect(entries).toEqual(['assign', 'wiped', 'joined']);
    await page.click('#nav-audit');
    await page.waitForSelector('[data-verdict="verified"]');
  });

  it('does not show an invitation that the robot has not signed', async () => {
    const own = robot.signer;
    robot.signer = await freshSigner();
    await page.goto(`${fleet.url}#/robots/robot-1`);
    await page.click('#do-invite');
    await page.click('#invite-go');
    // The service refuses what another key has signed; so it stays unanswered.
    await expect.poll(() => robot.obeyed).toContain('invite');
    expect(await page.locator('#invitation-link').count()).toBe(0);
    robot.signer = own;
    await page.click('#dialog-close');
    expect(complaints).toEqual([]);
  });
});

describe.each([
  ['phone', 390, 844, 'light', 'none'],
  ['tablet', 820, 1180, 'dark', 'none'],
  ['desktop', 1440, 900, 'light', 'active'],
] as const)('on a %s', (_name, width, height, colorScheme, forcedColors) => {
  it.each(['nl-NL', 'sv-SE'])('all parts fit and can be read in %s', async (locale) => {
    const look = { viewport: { width, height }, colorScheme, forcedColors, locale };
    const visit = await fleet.visit({ ...look, reducedMotion: 'reduce' });
    const folder = process.env.FLEET_SHOTS;
    const look_ = async (name: string): Promise<void> => {
      if (folder) await visit.page.screenshot({ path: `${folder}/${width}-${locale}-${name}.png` });
      // What is scrolled out of sight lies below the navigation at the foot of a phone.
      const findings = (await controlFindings(visit.page)).filter(
        ({ what, where }) => !(what.startsWith('lies on') && where.startsWith('nav-')),
      );
      expect(findings, name).toEqual([]);
      if (forcedColors === 'active') expect(await edgeFindings(visit.page), name).toEqual([]);
      else expect(await contrastFindings(visit.page), name).toEqual([]);
    };
    await visit.page.waitForSelector('#make-key');
    await look_('sign-in');
    await fleet.signIn(visit.page, central);
    await look_('robots');
    await visit.page.click('#nav-schools');
    await visit.page.waitForSelector('.school');
    await look_('schools');
    await visit.page.click('#nav-alerts');
    await look_('alerts');
    await visit.page.goto(`${fleet.url}#/robots/robot-1`);
    await visit.page.waitForSelector('[data-verdict]');
    await look_('robot');
    await visit.page.click('#do-assign');
    await look_('assign');
    expect(visit.complaints).toEqual([]);
    await visit.page.context().close();
  });
});
