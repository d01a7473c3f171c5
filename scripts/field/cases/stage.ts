/** A case's environment and its outcome. */
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import type { Network } from '../net/network.ts';
import { look, type Seen, type Way, way } from '../pupils/probe.ts';
import type { Browser } from '../pupils/tab.ts';
import type { Robot } from '../robot/robot.ts';
import { PUPIL_PAGE, type Servers } from '../servers/servers.ts';

export interface Stage {
  readonly clock: Clock;
  readonly network: Network;
  readonly servers: Servers;
  readonly robot: Robot;
  readonly browser: Browser;
}

export interface Outcome {
  readonly way: Way | undefined;
  readonly firstPictureMs: number | undefined;
  /** Additional remarks for the table. */
  readonly note?: string;
  /** Failed expectations. None: it passed. */
  readonly troubles: readonly string[];
}

const LOOK_MS = 50;

/** Polls until `enough`; the last observation after `ms`. */
export async function lookUntil(
  { clock, browser }: Stage,
  ms: number,
  enough: (seen: Seen) => boolean,
): Promise<Seen> {
  const untilMs = clock.now() + ms;
  for (;;) {
    const seen = await browser.tab.evaluate(look, undefined);
    if (enough(seen) || clock.now() > untilMs) return seen;
    await delay(clock, LOOK_MS);
  }
}

export const wayOf = ({ browser }: Stage): Promise<Way | undefined> =>
  browser.tab.evaluate(way, undefined);

const LOBBY_MS = 10_000;
const LOADED_MS = 20_000;
/** The line to the broker is opened while the pupil looks at the lobby. */
const WARM_MS = 700;

/** Reopens the page, as at the beginning of a lesson; it shows the lobby. */
export async function toLobby(stage: Stage): Promise<void> {
  await load(stage);
  const { screen } = await lookUntil(stage, LOBBY_MS, (seen) => seen.screen === 'lobby');
  if (screen !== 'lobby') throw new Error(`the page shows "${screen}", not its lobby`);
  await delay(stage.clock, WARM_MS);
}

/** A browser that has just noticed another network gives up what it was loading. */
async function load({ clock, browser }: Stage): Promise<void> {
  const untilMs = clock.now() + LOADED_MS;
  for (;;) {
    try {
      return await browser.tab.goto(PUPIL_PAGE);
    } catch (error) {
      if (clock.now() > untilMs) throw error;
      await delay(clock, 4 * LOOK_MS);
    }
  }
}

const PICTURE_MS = 20_000;

/** Presses the button, and waits for a picture or a message that there will be none. */
export async function goToClass(stage: Stage, listening = false): Promise<Seen> {
  await stage.browser.tab.press(listening ? '#go-listening' : '#go');
  return lookUntil(
    stage,
    PICTURE_MS,
    (seen) => seen.firstPictureMs !== undefined || seen.screen === 'over',
  );
}

const LEAVE_MS = 5_000;

export async function leave(stage: Stage): Promise<void> {
  const { tab } = stage.browser;
  await tab.press('#leave');
  await tab.press('#leave-dialog-yes');
  await lookUntil(stage, LEAVE_MS, (seen) => seen.screen === 'over');
}
