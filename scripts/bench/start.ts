/**
 * From `make sim` (a second start) to ready, and from the pupil's press to the first picture: on
 * this host, and through relays on separate hosts.
 */
import { RunningSim } from '../../sim/testing/sim-harness.ts';
import { fieldFigures } from './field.ts';
import { type Bench, result } from './result.ts';
import { SimSession } from './sim-session.ts';

const STARTS = 3;
const JOINS = 5;
const START_LIMIT_S = 5;
const FIRST_FRAME_LIMIT_MS = 450;

export const startBench: Bench = async ({ log }) => {
  const starts: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    const begin = performance.now();
    const sim = await RunningSim.start();
    starts.push((performance.now() - begin) / 1_000);
    await sim.stop();
  }
  log(`start to ready: ${starts.map((s) => s.toFixed(2)).join(', ')} s`);
  const joins: number[] = [];
  const session = await SimSession.open();
  try {
    const { pupil } = session;
    for (let run = 0; run < JOINS; run++) {
      joins.push(await pupil.goToClass());
      await pupil.page.waitForTimeout(1_000);
      await pupil.page.click('#leave');
      await pupil.page.click('#leave-dialog-yes');
      await pupil.page.click('#to-start');
      await pupil.page.waitForSelector('#go');
      await pupil.page.waitForTimeout(2_000);
    }
  } finally {
    await session.close();
  }
  log(`request to first frame: ${joins.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  return [
    result('start_to_ready', 's', starts, { limit: [START_LIMIT_S] }),
    result('request_to_first_frame', 'ms', joins, { limit: [FIRST_FRAME_LIMIT_MS] }),
    ...(await fieldFigures(log)),
  ];
};
