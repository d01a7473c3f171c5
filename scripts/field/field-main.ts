/** `make field`: robot and pupils on separate hosts, through every kind of network. */

import { within } from '../../hal/common/asynchrony.ts';
import { messageOf } from '../../hal/common/errors.ts';
import { EX_UNAVAILABLE } from '../../hal/common/exit-codes.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { EXIT_USAGE, UsageError } from '../arguments.mjs';
import { CASES, type Case } from './cases/cases.ts';
import type { Outcome, Stage } from './cases/stage.ts';
import { removeLeftovers, whyNotHere } from './net/namespaces.ts';
import { HOSTS } from './net/plan.ts';
import { type Options, parseOptions } from './options.ts';

import type { Browser } from './pupils/tab.ts';
import { type Places, Rig } from './rig.ts';
import { heading, json, line, passed, type Row, secondTry, summary } from './table.ts';

/** A shell's exit status for Ctrl-C. */
const INTERRUPTED = 130;

/** No case takes longer, and the whole of it no longer than that. */
const CASE_LIMIT_MS = 120_000;
const RUN_LIMIT_MS = 15 * 60_000;

/** Resolves with the exit code. */
export async function main(args: readonly string[], places: Places): Promise<number> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  try {
    const options = parseOptions(args);
    const why = whyNotHere();
    if (why !== undefined) {
      process.stderr.write(`${why}\n`);
      return EX_UNAVAILABLE;
    }
    const left = removeLeftovers();
    if (left > 0) say(`cleared away ${left} namespaces of a run that was killed`);
    return await perform(options, places, say);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_USAGE;
  }
}

async function perform(
  options: Options,
  places: Places,
  say: (text: string) => void,
): Promise<number> {
  const clock = new SystemClock();
  const stopped = new Stop(clock);
  const rig = new Rig(clock, places);
  process.once('exit', () => rig.remove());
  try {
    const work = play(rig, clock, options, say);
    work.catch(() => undefined);
    return await Promise.race([work, stopped.asked]);
  } finally {
    await rig.close();
  }
}

async function play(
  rig: Rig,
  clock: Clock,
  options: Options,
  say: (text: string) => void,
): Promise<number> {
  const began = clock.now();
  await rig.open(options.browsers);
  say(`hosts, servers, robot and browsers in ${((clock.now() - began) / 1_000).toFixed(1)} s`);
  if (options.stay) {
    for (const host of HOSTS) say(`  ip netns exec ${rig.spaces.nameOf(host)} sh`);
    say('Ctrl-C ends it.');
    return new Promise(() => {});
  }
  const rows: Row[] = [];
  say('');
  say(heading());
  for (const { one, browser } of program(options, rig.browsers)) {
    const { network, servers, robot } = rig;
    const stage = { clock, browser, network, servers, robot };
    const named = { name: one.name, browser: browser.name };
    let row: Row = { ...named, ...(await outcomeOf(one, stage)) };
    if (!passed(row)) {
      await robot.renew();
      row = secondTry(row, { ...named, ...(await outcomeOf(one, stage)) });
    }
    say(line(row));
    rows.push(row);
    if (!passed(row)) await robot.renew();
  }
  say('');
  say(`${((clock.now() - began) / 1_000).toFixed(0)} s; logs in dist/field/logs`);
  if (options.json) say(json(rows));
  say(summary(rows));
  return rows.every(passed) ? 0 : 1;
}

function program({ only, rounds }: Options, browsers: readonly Browser[]) {
  const cases = CASES.filter(({ name }) => only.length === 0 || only.includes(name));
  return cases.flatMap((one) =>
    browsers.flatMap((browser) => Array.from({ length: rounds }, () => ({ one, browser }))),
  );
}

/** A case that throws has failed; the others continue. Rejects when it does not end at all. */
async function outcomeOf({ name, play: act }: Case, stage: Stage): Promise<Outcome> {
  const { clock, browser, robot } = stage;
  const restarts = robot.restarts;
  const outcome = act(stage).catch((error) => ({
    way: undefined,
    firstPictureMs: undefined,
    troubles: [messageOf(error)],
  }));
  const done = await within(clock, CASE_LIMIT_MS, outcome, () => {
    throw new Error(`${name} with ${browser.name} was not over within ${CASE_LIMIT_MS / 1_000} s`);
  });
  if (robot.restarts === restarts) return done;
  return { ...done, troubles: [...done.troubles, "the robot's agent ended"] };
}

/** Ctrl-C, a closed terminal, or a run that does not end by itself. */
class Stop {
  readonly asked: Promise<number>;

  constructor(clock: Clock) {
    this.asked = new Promise((resolve, reject) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => resolve(INTERRUPTED));
      clock.after(RUN_LIMIT_MS, () =>
        reject(new Error(`the run did not end within ${RUN_LIMIT_MS / 60_000} minutes`)),
      );
    });
  }
}
