/**
 * Every screen of the pupil's page on every kind of device, in each language, light and dark: nothing
 * overlaps, runs over or hides, every control has a name and room for a finger, all text can be read.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contrastFindings, controlFindings, coveredFindings } from '../testing/page-checks.ts';
import { PupilPages } from '../testing/pupil-visit.ts';

let all: PupilPages;

beforeAll(async () => {
  all = await PupilPages.open();
});

afterAll(() => all?.close());

const SCREENS: readonly [string, number, number][] = [
  ['phone standing', 360, 740],
  ['phone lying', 740, 360],
  ['tablet lying', 1024, 768],
  ['tablet standing', 768, 1024],
  ['tablet at 200 %', 512, 384],
  ['desktop', 1440, 900],
];

describe.each(SCREENS)('%s', (_name, width, height) => {
  it.each([
    ['nl-NL', 'light'],
    ['sv-SE', 'dark'],
    ['en-GB', 'light'],
  ] as const)('fits and can be read in %s, %s', async (locale, colorScheme) => {
    // Measured at rest: colours on their way to others are neither.
    const device = {
      viewport: { width, height },
      hasTouch: true,
      reducedMotion: 'reduce',
    } as const;
    const visit = await all.withInvitation({ ...device, locale, colorScheme });
    const { page } = visit;
    await page.waitForSelector('#bind');
    await expectWell(page, 'invited');
    await page.click('#bind');
    await page.waitForSelector('#pin-skip');
    await expectWell(page, 'pin');
    await page.click('#pin-skip');
    await page.waitForSelector('#microphone-level');
    await expectWell(page, 'lobby');
    await page.click('#go');
    await page.waitForSelector('#stage');
    await expectWell(page, 'class');
    await visit.change({
      hand: 'acknowledged',
      listenOnly: true,
      problems: ['noMotion', 'batteryLow'],
    });
    await expectWell(page, 'class with problems');
    await visit.change({ problems: [], voice: 'whisper', volume: 0, motion: 'off' });
    const late = { verdict: 'poor', trouble: 'delay', roundTripMs: 4_500 } as const;
    await visit.measured({ ...late, videoLatencyMs: 12_300 }, 3);
    await expectWell(page, 'class that is late');
    await visit.measured({}, 6);
    await visit.change({ voice: 'normal', volume: 0.6, motion: 'holding' });
    for (const opener of ['mood', 'store', 'sound', 'quality']) {
      await page.click(`#${opener}`);
      await expectWell(page, opener);
      await page.keyboard.press('Escape');
    }
    await page.click('#help');
    await expectWell(page, 'help');
    await page.keyboard.press('Escape');
    await visit.change({ phase: 'paused' });
    await expectWell(page, 'paused');
    await visit.change({ problems: ['microphone', 'speaker', 'noMotion', 'batteryLow'] });
    await expectWell(page, 'paused, with much out of order');
    expect(await coveredFindings(page, '#veil h2, #veil p')).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await page.context().close();
  });
});

async function expectWell(page: Page, screen: string): Promise<void> {
  expect(await controlFindings(page), screen).toEqual([]);
  expect(await contrastFindings(page), screen).toEqual([]);
}
