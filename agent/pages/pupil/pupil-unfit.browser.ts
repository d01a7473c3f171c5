/** The pupil's page where a browser lacks what it needs: it says so, keeps the link, and is never blank. */
import { describe, expect, it } from 'vitest';
import type { Visit } from '../testing/pupil-visit.ts';
import { pupilVisits } from '../testing/pupil-visits.ts';

const open = pupilVisits();

/** Opens a link in a browser from which `take` has taken something away. */
async function openWithout(take: () => void): Promise<Visit> {
  const visit = await open((pages) => pages.visit(''));
  const { page } = visit;
  await page.addInitScript(take);
  const [address = ''] = page.url().split('#');
  await page.goto('about:blank');
  await page.goto(`${address}#r=deskmate-7&s=x`);
  return visit;
}

describe('a browser that cannot bring anybody to class', () => {
  it.each([
    [
      'no TLS',
      'This page was not opened safely',
      () => {
        Object.defineProperty(window, 'isSecureContext', { value: false });
        Object.assign(crypto, { randomUUID: undefined });
      },
    ],
    [
      'no WebRTC',
      'This browser cannot make calls',
      () => Reflect.deleteProperty(window, 'RTCPeerConnection'),
    ],
    [
      'no storage',
      'This page may not keep anything here',
      () => {
        const refuse = (): never => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
        IDBFactory.prototype.open = refuse;
        Object.defineProperty(window, 'localStorage', { get: refuse });
        Object.assign(window, { BroadcastChannel: refuse });
      },
    ],
  ])('%s: %s', async (_what, title, take) => {
    const visit = await openWithout(take);
    await visit.page.getByRole('heading', { name: title }).waitFor();
    expect(await visit.page.evaluate(() => location.hash)).toContain('r=deskmate-7');
    expect(await visit.calls()).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});

describe('a page whose script does not run', () => {
  it('says after a while where it opens', async () => {
    const now = await open((pages) => pages.withInvitation({ javaScriptEnabled: false }));
    const { page } = now;
    const told = page.getByText('This page does not start here.');
    await told.waitFor({ state: 'attached' });
    expect(await told.isVisible()).toBe(false);
    await told.waitFor({ timeout: 15_000 });
  });

  it('is not spoken of where it runs', async () => {
    const now = await open((pages) => pages.withInvitation());
    await now.page.waitForSelector('#bind');
    expect(await now.page.locator('.not-started').count()).toBe(0);
    expect(await now.page.locator('noscript').isVisible()).toBe(false);
  });
});

describe('a browser without popovers', () => {
  it('opens and closes its sheets all the same, by key too', async () => {
    const now = await open((pages) => pages.visit('&robot=desk-1'));
    const { page } = now;
    await page.addInitScript(() => {
      const { prototype } = HTMLElement;
      for (const name of ['popover', 'showPopover', 'hidePopover', 'togglePopover'])
        Reflect.deleteProperty(prototype, name);
    });
    await page.reload();
    await page.click('#go');
    await page.waitForSelector('#stage');
    for (const id of ['mood', 'store', 'sound', 'quality']) {
      const sheet = page.locator(`[id="${id}-sheet"], [id="${id}-details"]`);
      expect(await sheet.isVisible(), id).toBe(false);
      await page.click(`#${id}`);
      await sheet.waitFor();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
      expect(await now.focused()).toBe(id);
    }
    await page.click('#mood');
    await page.click('#sound');
    await page.locator('#mood-sheet').waitFor({ state: 'hidden' });
    await page.locator('#sound-sheet').waitFor();
    await page.mouse.click(5, 300);
    await page.locator('#sound-sheet').waitFor({ state: 'hidden' });
    await page.keyboard.press('h');
    expect(await now.calls()).toContain('hand true');
    expect(now.complaints).toEqual([]);
  });
});
