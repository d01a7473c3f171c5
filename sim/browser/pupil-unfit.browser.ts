/** The pupil's page where a browser lacks what it needs: it says so, keeps the link, and is never blank. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PupilPages, type Visit } from './pupil-visit.ts';

let all: PupilPages;
let now: Visit | undefined;

beforeAll(async () => {
  all = await PupilPages.open();
});

afterAll(() => all?.close());

afterEach(async () => {
  await now?.page.context().close();
  now = undefined;
});

/** Opens a link in a browser from which `take` has taken something away. */
async function open(take: () => void): Promise<Visit> {
  now = await all.visit('');
  await now.page.addInitScript(take);
  const [address = ''] = now.page.url().split('#');
  await now.page.goto('about:blank');
  await now.page.goto(`${address}#r=deskmate-7&s=x`);
  return now;
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
    const visit = await open(take);
    await visit.page.getByRole('heading', { name: title }).waitFor();
    expect(await visit.page.evaluate(() => location.hash)).toContain('r=deskmate-7');
    expect(await visit.calls()).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});

describe('a page whose script does not run', () => {
  it('says after a while where it opens', async () => {
    now = await all.withInvitation({ javaScriptEnabled: false });
    const { page } = now;
    const told = page.getByText('This page does not start here.');
    await told.waitFor({ state: 'attached' });
    expect(await told.isVisible()).toBe(false);
    await told.waitFor({ timeout: 15_000 });
  });

  it('is not spoken of where it runs', async () => {
    now = await all.withInvitation();
    await now.page.waitForSelector('#bind');
    expect(await now.page.locator('.not-started').count()).toBe(0);
    expect(await now.page.locator('noscript').isVisible()).toBe(false);
  });
});

describe('a browser without popovers', () => {
  it('opens and closes its sheets all the same, by key too', async () => {
    now = await all.visit('&robot=desk-1');
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
