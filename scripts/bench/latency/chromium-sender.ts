import { BenchBrowser } from './browser.ts';
import type { Sender } from './sender.ts';

/** A second Chromium as the robot. */
export async function chromiumSender(url: string): Promise<Sender> {
  const browser = await BenchBrowser.launch(url);
  const { page, pid } = browser;
  return {
    name: 'chromium',
    start: async (pupil, size, periodMs) => {
      const offer = await pupil.offer();
      const answer = await page.evaluate(
        (given) => {
          window.sender = new window.SenderPage();
          return window.sender.answer(given.offer, given.size, given.periodMs);
        },
        { offer, size, periodMs },
      );
      await pupil.accept(answer);
      return { pid, stop: () => page.evaluate(() => window.sender.close()) };
    },
    close: () => browser.close(),
  };
}
