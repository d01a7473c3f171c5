/**
 * The pupil's page in a real browser: what stands in the way is shown and told once, and whatever
 * lasts leaves a trace.
 */
import { describe, expect, it } from 'vitest';
import type { PupilPages, Visit } from '../testing/pupil-visit.ts';
import { pupilVisits } from '../testing/pupil-visits.ts';

const open = pupilVisits();

const inClass = (options?: Parameters<PupilPages['inClass']>[0]): Promise<Visit> =>
  open((pages) => pages.inClass(options));

describe('faults', () => {
  it.each([
    ['microphone', 'You do not hear the class.', 'assertive'],
    ['speaker', 'The class does not hear you.', 'assertive'],
    ['batteryLow', 'The battery of the robot is at 82 percent.', 'polite'],
  ] as const)('%s: a banner, announced once', async (problem, title, urgency) => {
    const visit = await inClass();
    await visit.listen();
    await visit.change({ problems: [problem] });
    await visit.change({ volume: 0.5 });
    const banner = visit.page.getByRole('listitem').filter({ hasText: title });
    await banner.waitFor();
    await visit.said(((await banner.textContent()) ?? '').replace(/\s+/g, ' ').trim(), urgency);
    await visit.page.waitForTimeout(300);
    expect((await visit.heardSoFar()).filter((said) => said.includes(title))).toHaveLength(1);
    await visit.change({ problems: [] });
    await banner.waitFor({ state: 'detached' });
  });

  it('a camera out of order is told at once, with what still works', async () => {
    const visit = await inClass();
    await visit.change({ camera: 'fault', problems: ['camera'] });
    await visit.said(
      'There is no picture now. The camera of the robot does not work. You still hear the class. They still hear you: tell them.',
      'assertive',
    );
  });

  it('two pieces of news in one moment are both read, and old ones go', async () => {
    const visit = await inClass();
    await visit.change({ hand: 'up', listenOnly: true });
    await visit.said('Your hand is up.');
    await visit.said('You are just listening. The class sees a blue light and does not hear you.');
    await visit.page.waitForFunction(
      () => document.querySelector('#announcer')?.textContent === '',
      undefined,
      { timeout: 12_000 },
    );
  });
});

describe('the way in', () => {
  it('the first picture is told once, to those who do not see it', async () => {
    const now = await open((pages) => pages.visit('&robot=desk-1'));
    await now.listen();
    await now.page.click('#go');
    await now.said('The picture is there.', 'polite');
    await now.change({ phase: 'waking' });
    await now.said('The robot is waking up. The picture comes in a moment.', 'polite');
    await now.change({ phase: 'live' });
    const heard = await now.heardSoFar();
    expect(heard.filter((said) => said === 'The picture is there.')).toHaveLength(2);
  });
});

describe('a first picture that takes its time', () => {
  it('is told where it will be, and once to those who do not see that', async () => {
    const now = await open((pages) => pages.visit('&robot=desk-1'));
    await now.script({ pictureWaits: true });
    await now.listen();
    await now.page.click('#go');
    const veil = now.page.locator('#veil');
    await veil.getByRole('heading', { name: 'Picture and sound are coming' }).waitFor();
    await veil.getByText('The picture comes in a moment.').waitFor();
    const coming = 'Picture and sound are coming. The picture comes in a moment.';
    await now.said(coming, 'polite');
    await now.showPicture();
    await veil.waitFor({ state: 'hidden' });
    await now.said('The picture is there.', 'polite');
    const heard = await now.heardSoFar();
    expect(heard.filter((said) => said === coming)).toHaveLength(1);
  });

  it('that comes at once is not announced before', async () => {
    const now = await open((pages) => pages.visit('&robot=desk-1'));
    await now.listen();
    await now.page.click('#go');
    await now.said('The picture is there.', 'polite');
    await now.page.waitForTimeout(2_000);
    expect((await now.heardSoFar()).filter((said) => /coming|in a moment/.test(said))).toEqual([]);
  });
});

describe('a connection that is late', () => {
  const late = { verdict: 'poor', trouble: 'delay', roundTripMs: 4_500 } as const;

  it('is told with ways out, and not called well heard', async () => {
    const visit = await inClass();
    const { page } = visit;
    await visit.listen();
    await visit.measured(late, 3);
    const banner = page.getByRole('listitem').filter({ hasText: 'Picture and sound come late.' });
    await banner.getByText('It takes about 5 seconds between you and the class.').waitFor();
    await page
      .getByRole('group', { name: 'Does the class hear you?' })
      .getByText('They hear you, but late')
      .waitFor();
    await banner.getByRole('button', { name: 'Smaller picture' }).click();
    await visit.measured({ ...late, roundTripMs: 6_400 }, 2);
    await banner.getByText('about 6 seconds').waitFor();
    const heard = (await visit.heardSoFar()).filter((said) => said.includes('come late'));
    expect(heard).toHaveLength(1);
    await banner.getByRole('button', { name: 'Connect again' }).click();
    const calls = await visit.calls();
    expect(calls).toContain('picture 480p');
    expect(calls).toContain('reconnect');
  });

  it('goes when all is well for a while, or when it is put away; the focus stays on the page', async () => {
    const visit = await inClass();
    const { page } = visit;
    await visit.measured(late, 3);
    await page.focus('#hide-delay');
    await page.keyboard.press('Enter');
    await page.locator('#fact-delay').waitFor({ state: 'detached' });
    expect(await visit.focused()).toBe('stage');
    await visit.measured(late, 2);
    expect(await page.locator('#fact-delay').count()).toBe(0);
    await visit.measured({}, 6);
    await visit.measured(late, 3);
    await page.locator('#fact-delay').waitFor();
    await visit.measured({}, 6);
    await page.locator('#fact-delay').waitFor({ state: 'detached' });
    await visit.said('The connection is better again.');
  });
});

describe('what lasts', () => {
  it.each([
    ['whisper', { voice: 'whisper' }, 'You whisper (talk normally)', 'voice normal'],
    ['loud', { voice: 'loud' }, 'You talk loudly (talk normally)', 'voice normal'],
    ['silent', { volume: 0 }, 'The sound of the robot is off', 'volume 0.7'],
  ] as const)('%s: leaves a chip that ends it', async (name, news, words, call) => {
    const visit = await inClass();
    const { page } = visit;
    await visit.change(news);
    await page.getByRole('button', { name: words }).waitFor();
    await page.focus(`#chip-${name}`);
    await page.keyboard.press('Enter');
    await page.locator(`#chip-${name}`).waitFor({ state: 'hidden' });
    expect(await visit.calls()).toContain(call);
    expect(await visit.focused()).toBe('stage');
  });

  it('a whisper that was chosen is said and still seen when its sheet is closed', async () => {
    const visit = await inClass();
    const { page } = visit;
    await page.click('#sound');
    await page.check('#voice-whisper');
    await page.keyboard.press('Escape');
    await page.locator('#sound-sheet').waitFor({ state: 'hidden' });
    await page.locator('#chip-whisper').waitFor();
    await visit.said('You whisper now: only those beside the robot hear you.');
  });

  it('just listening is told by the meter and by a button that is pressed in', async () => {
    const visit = await inClass();
    const { page } = visit;
    await visit.change({ listenOnly: true });
    await page.getByRole('button', { name: 'Just listen', pressed: true }).waitFor();
    await page
      .getByRole('group', { name: 'Does the class hear you?' })
      .getByText('Just listening')
      .waitFor();
    await page.click('#listen');
    expect(await visit.calls()).toContain('listenOnly false');
  });

  it('a mood is in the name of its button', async () => {
    const visit = await inClass();
    await visit.change({ mood: 'sad' });
    await visit.page.getByRole('button', { name: 'Mood (Sad)' }).waitFor();
  });
});

describe('the size of the picture', () => {
  it('is left to the robot at first, and can be chosen', async () => {
    const visit = await inClass();
    const { page } = visit;
    await page.click('#sound');
    expect(await page.isChecked('#picture-auto')).toBe(true);
    await page.getByText('Now: Sharp.').waitFor();
    await visit.change({ picture: '480p' });
    await page.getByText('Now: Smooth.').waitFor();
    await page.check('#picture-720p');
    await page.getByText('Now:').waitFor({ state: 'hidden' });
    await page.check('#picture-auto');
    const asked = (await visit.calls()).filter((call) => call.startsWith('picture'));
    expect(asked).toEqual(['picture 720p', 'picture auto']);
  });
});

describe('after the connection was away', () => {
  it('what lasts is asked for again: the robot may have begun a new lesson', async () => {
    const visit = await inClass();
    const { page } = visit;
    await page.click('#listen');
    await visit.change({ voice: 'whisper', volume: 0.3 });
    await page.click('#sound');
    await page.check('#picture-480p');
    await page.keyboard.press('Escape');
    const before = (await visit.calls()).length;
    await visit.connect({ name: 'reconnecting', attempt: 1 });
    await visit.connect({ name: 'inClass' });
    expect((await visit.calls()).slice(before)).toEqual([
      ...['listenOnly true', 'voice whisper', 'volume 0.3', 'picture 480p'],
    ]);
  });
});

describe('a head that cannot turn', () => {
  it.each([
    ['paused', { phase: 'paused' }, 'Not while the robot is paused. It works again afterwards.'],
    ['torque off', { motion: 'off', problems: ['noMotion'] }, 'The head cannot turn now.'],
  ] as const)('%s: its buttons say why, and ask nothing of the robot', async (_name, news, why) => {
    const visit = await inClass();
    const { page } = visit;
    await visit.change({ ...news, problems: 'problems' in news ? [...news.problems] : [] });
    for (const id of ['preset-board', 'preset-teacher', 'preset-class', 'store', 'nod', 'shake']) {
      const button = page.locator(`#${id}`);
      expect(await button.getAttribute('aria-disabled'), id).toBe('true');
      expect(await button.getAttribute('aria-describedby'), id).toBe('head-reason');
      await button.press('Enter');
      await page.locator('#toast').getByText(why).waitFor();
    }
    expect(await page.locator('#head-reason').textContent()).toBe(why);
    for (const key of ['ArrowLeft', 'Home', 'b', 'n', 'Shift+T']) await page.keyboard.press(key);
    const turns = /^(goPreset|storePreset|gesture|look|lookRate)/;
    expect((await visit.calls()).filter((call) => turns.test(call))).toEqual([]);
    await visit.change({ phase: 'live', motion: 'holding', problems: [] });
    expect(await page.locator('#preset-board').getAttribute('aria-disabled')).toBeNull();
    await page.click('#preset-board');
    expect(await visit.calls()).toContain('goPreset board');
  });

  it('says once that a key is held at the limit', async () => {
    const visit = await inClass();
    const { page } = visit;
    await visit.change({ pan: { deg: 175, targetDeg: 175, minDeg: -175, maxDeg: 175 } });
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { deskmateHeard: told });
      const toast = document.querySelector('#toast');
      if (toast)
        new MutationObserver(() => told.push(toast.textContent ?? '')).observe(toast, {
          childList: true,
        });
    });
    await page.keyboard.down('ArrowLeft');
    await page.waitForTimeout(600);
    await page.keyboard.up('ArrowLeft');
    expect(await visit.heardSoFar()).toEqual(['The head cannot turn further.']);
  });

  it('a pause in the middle of a turn ends it, and the key does not go on by itself', async () => {
    const visit = await inClass();
    const { page } = visit;
    await page.keyboard.down('ArrowRight');
    await page.waitForTimeout(200);
    await visit.change({ phase: 'paused' });
    await page.waitForTimeout(200);
    const before = (await visit.calls()).length;
    await visit.change({ phase: 'live' });
    await page.waitForTimeout(300);
    expect((await visit.calls()).length).toBe(before);
    await page.keyboard.up('ArrowRight');
  });
});

describe('privacy is said where it is asked', () => {
  it('on the invitation, in the lobby and in the help', async () => {
    const now = await open((pages) => pages.withInvitation());
    const { page } = now;
    const promise = page.getByText('Nothing is recorded, no picture and no sound.');
    await promise.waitFor();
    await page.click('#bind');
    await page.click('#pin-skip');
    await page.waitForSelector('#go');
    await promise.waitFor();
    await page.click('#go');
    await page.waitForSelector('#stage');
    await page.click('#help');
    await promise.waitFor();
  });
});
