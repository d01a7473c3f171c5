/** The pupil's page in a real browser: Back, other tabs, refusals and ends that say what is true. */
import { describe, expect, it } from 'vitest';
import type { Visit } from '../testing/pupil-visit.ts';
import { pupilVisits } from '../testing/pupil-visits.ts';

const open = pupilVisits();

describe('Back', () => {
  const back = (visit: Visit): Promise<void> => visit.page.evaluate(() => history.back());

  it('asks whether to leave the lesson, each time, and staying stays', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    const question = page.getByRole('dialog', { name: 'Leave the lesson?' });
    for (const stay of ['#leave-dialog-no', 'Escape']) {
      await back(visit);
      await question.waitFor();
      expect(await visit.calls()).not.toContain('leave');
      if (stay === 'Escape') await page.keyboard.press('Escape');
      else await page.click(stay);
      await question.waitFor({ state: 'hidden' });
      await page.getByRole('heading', { name: 'You are in class' }).waitFor();
    }
    await back(visit);
    await page.click('#leave-dialog-yes');
    await page.getByRole('heading', { name: 'You have left the lesson' }).waitFor();
  });

  it('by the button of the browser too, twice', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await page.goBack();
    await page.getByRole('dialog', { name: 'Leave the lesson?' }).waitFor();
    await page.keyboard.press('Escape');
    // Staying puts the lesson's entry back a moment after the question is closed.
    await page.waitForFunction(() => history.state !== null);
    await page.goBack();
    await page.getByRole('dialog', { name: 'Leave the lesson?' }).waitFor();
  });

  it('on the way turns back to the lobby', async () => {
    const visit = await open((pages) => pages.visit('&robot=desk-1'));
    const { page } = visit;
    await visit.script({ stopAt: { name: 'handshaking' } });
    await page.click('#go');
    await page.getByText('Knocking at the robot').waitFor();
    await back(visit);
    await page.getByRole('heading', { name: 'Ready for class?' }).waitFor();
  });

  it('leaves no trace of itself: a lesson that was left does not take a Back', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    await page.click('#leave');
    await page.click('#leave-dialog-yes');
    await page.getByRole('heading', { name: 'You have left the lesson' }).waitFor();
    await page.waitForFunction(() => history.state === null);
    await page.click('#again');
    await page.waitForSelector('#stage');
    await back(visit);
    await page.getByRole('dialog', { name: 'Leave the lesson?' }).waitFor();
  });

  it('closing the page in class is asked about by the browser, elsewhere not', async () => {
    const visit = await open((pages) => pages.inClass());
    const { page } = visit;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.click('#hand');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await page.click('#leave');
    await page.click('#leave-dialog-yes');
    await page.getByRole('heading', { name: 'You have left the lesson' }).waitFor();
    await page.reload();
    await page.waitForSelector('#go');
    expect(asked).toEqual(['beforeunload']);
  });
});

describe('a second tab of the same device', () => {
  it('offers to continue there; the first says where the lesson went', async () => {
    const first = await open((pages) => pages.inClass());
    const second = await open((pages) => pages.secondTab(first));
    await second.page
      .getByText('You are already in class, in another tab of this device.')
      .waitFor();
    await second.page.getByRole('button', { name: 'Continue here' }).click();
    await second.page.waitForSelector('#stage');
    // As the robot tells the tab that it takes over from.
    await first.connect({ name: 'ended', why: 'takenOver' });
    await first.page.getByRole('heading', { name: 'Your lesson goes on in another tab' }).waitFor();
    await first.page.getByRole('button', { name: 'Continue here' }).waitFor();
    await second.page.click('#leave');
    await second.page.click('#leave-dialog-yes');
    expect(second.complaints).toEqual([]);
  });

  it('is told when the first leaves, and goes in as ever', async () => {
    const first = await open((pages) => pages.inClass());
    const second = await open((pages) => pages.secondTab(first));
    await second.page.getByRole('button', { name: 'Continue here' }).waitFor();
    await first.page.click('#leave');
    await first.page.click('#leave-dialog-yes');
    await second.page.getByRole('button', { name: 'Go to class' }).waitFor();
    expect(await second.page.locator('#other-tab').textContent()).toBe('');
  });

  it('another device is still called so', async () => {
    const visit = await open((pages) => pages.inClass());
    await visit.connect({ name: 'ended', why: 'takenOver' });
    await visit.page.getByRole('heading', { name: 'You went on from another device' }).waitFor();
  });
});

describe('a robot with a timetable', () => {
  /** Half past ten in Helsinki, six days from now at most. */
  const soon = Date.now() + 4 * 86_400_000;
  const from = Math.floor(soon / 86_400_000) * 86_400_000 + 8.5 * 3_600_000;
  const nextLesson = { from, zone: 'Asia/Tokyo' };

  it('says when the next lesson is: refused, and after one', async () => {
    const visit = await open((pages) =>
      pages.visit('&robot=desk-1', { timezoneId: 'Europe/Helsinki' }),
    );
    const { page } = visit;
    await visit.script({ stopAt: { name: 'refused', reason: 'notInLesson', nextLesson } });
    await page.click('#go');
    await page.getByRole('heading', { name: 'You have no lesson by robot now' }).waitFor();
    const next = page.getByText(/^Your next lesson by robot: \w+day 1[01]:30$/);
    await next.waitFor();
    await page.getByText(/^At school it is then \w+day 17:30\.$/).waitFor();
    await visit.script({ stopAt: undefined });
    await page.click('#again');
    await page.waitForSelector('#stage');
    await visit.connect({ name: 'ended', why: 'lessonOver', nextLesson });
    await page.getByRole('heading', { name: 'The lesson is over' }).waitFor();
    await next.waitFor();
    expect(await page.locator('#again').count()).toBe(0);
  });
});

describe('refused invitations', () => {
  it.each([
    ['invitationUnknown', 'The robot does not know this invitation'],
    ['invitationExpired', 'This invitation is too old'],
    ['invitationUsed', 'This invitation was used before'],
    ['notAuthentic', 'The robot could not check that it is you'],
    ['notAvailable', 'The robot cannot link a device now'],
    ['tooMany', 'That was too many tries'],
    ['staleChallenge', 'That took too long'],
  ] as const)('%s: %s', async (reason, words) => {
    const visit = await open((pages) => pages.withInvitation());
    await visit.script({ refuseBind: reason });
    await visit.page.click('#bind');
    await visit.page.getByRole('alert').getByText(words).waitFor();
  });
});
