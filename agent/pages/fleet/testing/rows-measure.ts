/** How long the page takes to filter and to scroll many robots, in Chromium. */
import { FleetPage } from './fleet-page.ts';
import { addRobots } from './many-robots.ts';

export interface RowsMeasure {
  /** From a changed query until its rows are drawn, milliseconds each. */
  readonly filterMs: readonly number[];
  /** From a scroll until the rows in sight are drawn, milliseconds each. */
  readonly scrollMs: readonly number[];
}

const QUERIES = ['', 'kiosk', 'norra 12', 'school:norra and battery<50%', 'state:lost', ''];
const SCROLLS = 40;

/** `page_10000_rows_ms` of scripts/bench, with 10,000. */
export async function measureRows(robots = 10_000): Promise<RowsMeasure> {
  const fleet = await FleetPage.open();
  try {
    await addRobots(fleet.service.store, robots, Date.now());
    const { page } = await fleet.visit({ viewport: { width: 1440, height: 900 } });
    await fleet.signIn(page, await fleet.appoint('central'));
    await page.waitForFunction(
      (all) => document.querySelector('#count')?.textContent?.includes(`${all} of ${all}`),
      robots,
    );
    return await page.evaluate(
      async ({ queries, scrolls }) => {
        const search = document.querySelector('#search') as HTMLInputElement;
        const scroller = document.querySelector('.scroller') as HTMLElement;
        // Two frames: the first one draws, at the second it has been drawn.
        const drawn = (): Promise<void> =>
          new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const timed = async (act: () => void): Promise<number> => {
          await drawn();
          const before = performance.now();
          act();
          await drawn();
          return performance.now() - before;
        };
        const filterMs: number[] = [];
        for (const query of queries)
          filterMs.push(
            await timed(() => {
              search.value = query;
              search.dispatchEvent(new Event('input'));
            }),
          );
        const scrollMs: number[] = [];
        const most = scroller.scrollHeight - scroller.clientHeight;
        for (let step = 1; step <= scrolls; step++)
          scrollMs.push(
            await timed(() => {
              scroller.scrollTop = (most * ((step * 7) % scrolls)) / scrolls;
            }),
          );
        return { filterMs, scrollMs };
      },
      { queries: QUERIES, scrolls: SCROLLS },
    );
  } finally {
    await fleet.close();
  }
}
