import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { PupilPages, type Visit } from './pupil-visit.ts';

type OpenVisit = (how: (pages: PupilPages) => Promise<Visit>) => Promise<Visit>;

/**
 * To be called once in a test file: one browser for all of its tests; the visits of each end with it. A page
 * that complained (an exception, an error in the console) fails its test.
 */
export function pupilVisits(): OpenVisit {
  let all: PupilPages;
  const visits: Visit[] = [];

  beforeAll(async () => {
    all = await PupilPages.open();
  });

  afterAll(() => all?.close());

  afterEach(async () => {
    const over = visits.splice(0);
    for (const { page } of over) await page.context().close();
    expect(over.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  return async (how) => {
    const visit = await how(all);
    visits.push(visit);
    return visit;
  };
}
