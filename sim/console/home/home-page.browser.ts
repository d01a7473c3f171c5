/** The home page in a real browser, in front of answers of a simulator that does well. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  contrastFindings,
  controlFindings,
  edgeFindings,
} from '../../../agent/pages/testing/page-checks.ts';
import { PupilPages } from '../../../agent/pages/testing/pupil-visit.ts';

let all: PupilPages;

beforeAll(async () => {
  all = await PupilPages.open();
});

afterAll(() => all?.close());

describe('the home page', () => {
  it('leads to the pupil with an invitation and to the robot, and shows the QR code', async () => {
    const { page, complaints } = await all.home();
    const pupil = page.getByRole('link', { name: /Pupil’s page/ });
    await pupil.and(page.locator('[href*="#r=deskmate-7"]')).waitFor();
    expect(await page.getByRole('link', { name: /Robot on its desk/ }).getAttribute('href')).toBe(
      '/robot/',
    );
    const code = page.getByRole('img', { name: 'QR code with the invitation link' });
    await code.waitFor();
    expect(await code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.locator('[data-part="agent"]').getByText('running').waitFor();
    await page.getByRole('button', { name: 'New invitation' }).click();
    await page.getByText('Here is a new invitation.').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has an edge on what can be pressed, forced %s',
    async (colorScheme) => {
      const { page } = await all.home({ forcedColors: 'active', colorScheme });
      await page.locator('[data-part="broker"]').waitFor();
      expect(await edgeFindings(page)).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    [360, 740, 'nl-NL', 'dark'],
    [740, 360, 'sv-SE', 'light'],
    [1024, 768, 'en-GB', 'dark'],
    [1440, 900, 'nl-NL', 'light'],
  ] as const)(
    'fits %i x %i and can be read in %s, %s',
    async (width, height, locale, colorScheme) => {
      const { page } = await all.home({ viewport: { width, height }, locale, colorScheme });
      await page.locator('[data-part="broker"]').waitFor();
      expect(await controlFindings(page)).toEqual([]);
      expect(await contrastFindings(page)).toEqual([]);
      await page.context().close();
    },
  );
});
