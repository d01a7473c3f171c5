/** The simulator as people start it: steps on the way up, one address at the end, an orderly stop. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSim, type RunningSim, type SimPlaces } from './compose.ts';
import type { Warning } from './launcher/log-keeper.ts';
import { OptionError, readOptions } from './launcher/options.ts';

/** Longer than firmware and agent ever take, shorter than patience. */
const READY_WITHIN_MS = 20_000;

export interface SimStart {
  /** The checkout: package.json, dist/ and scripts/ lie in it. */
  readonly root: string;
  /** Milliseconds of work before this, to tell the whole time. */
  readonly startedAgoMs: number;
}

/** Runs until it is asked to stop. Resolves with the exit code. */
export async function runSim(argv: string[], start: SimStart): Promise<number> {
  const from = performance.now() - start.startedAgoMs;
  try {
    const options = readOptions(argv, process.env, start.root);
    const sim = await openSim(options, placesOf(start), showWarning);
    const stopped = stopOnSignal(sim);
    await announce(sim, from);
    await stopped;
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    say(`\n${error.message}`);
    return 1;
  }
}

function placesOf({ root }: SimStart): SimPlaces {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return {
    dist: path.join(root, 'dist'),
    scripts: path.join(root, 'scripts'),
    version: String(version),
  };
}

async function announce(sim: RunningSim, from: number): Promise<void> {
  const since = performance.now();
  say('  robot ... ', '');
  try {
    await sim.ready(READY_WITHIN_MS);
    say(`ready (${inSeconds(performance.now() - since)})`);
  } catch (error) {
    say(`not ready: ${messageOf(error)}. The warnings above and ${sim.logs} say more.`);
  }
  say('');
  say(`  Open    ${sim.url}`);
  say(`  Invite  ${await sim.invitation().catch((error) => `none yet: ${messageOf(error)}`)}`);
  say('');
  for (const note of sim.notes) say(`  ${note}`);
  say(`  Started in ${inSeconds(performance.now() - from)}. Ctrl-C ends it.`);
}

/** Resolves when everything has ended. A second signal does not wait for anybody. */
function stopOnSignal(sim: RunningSim): Promise<void> {
  // A terminal that was closed takes no more words.
  process.stdout.on('error', () => {});
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(1); // Its processes go with it.
      stopping = true;
      say('\n  stopping ... ', '');
      void sim.stop().then(() => {
        say('stopped');
        resolve();
      });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

function showWarning({ process: name, text }: Warning): void {
  say(`  ${name}: ${text}`);
}

function say(text: string, end = '\n'): void {
  process.stdout.write(text + end);
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  process.exit(await runSim(process.argv.slice(2), { root, startedAgoMs: 0 }));
}
