/** The simulator as people start it: steps on the way up, one address at the end, an orderly stop. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSim, type RunningSim, type SimPlaces } from './compose.ts';
import { ConsoleLines } from './launcher/console-lines.ts';
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
  const lines = new ConsoleLines(process.stdout);
  try {
    const options = readOptions(argv, process.env, start.root);
    lines.begin('robot');
    const sim = await openSim(options, placesOf(start), ({ process: name, text }) => {
      lines.line(`  ${name}: ${text}`);
    });
    const stopped = stopOnSignal(sim, lines);
    await Promise.race([stopped, announce(sim, lines, from)]);
    await stopped;
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    lines.line('', false);
    process.stderr.write(`${error.message}\n`);
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

/** Says nothing any more once the simulator is stopping. */
async function announce(sim: RunningSim, lines: ConsoleLines, from: number): Promise<void> {
  const since = performance.now();
  const problem = await sim.ready(READY_WITHIN_MS).then(() => undefined, messageOf);
  const invitation = await sim.invitation().catch((error) => `none yet: ${messageOf(error)}`);
  if (sim.stopping) return;
  lines.done(problem ? 'not ready' : `ready (${inSeconds(performance.now() - since)})`);
  if (problem) lines.line(`  ${problem}. Its words are in ${sim.logs}`);
  lines.line('');
  lines.line(`  Open    ${sim.url}`);
  lines.line(`  Invite  ${invitation}`);
  lines.line('');
  for (const note of sim.notes) lines.line(`  ${note}`);
  lines.line(`  Started in ${inSeconds(performance.now() - from)}. Ctrl-C ends it.`);
}

/** Resolves when everything has ended. A second signal does not wait for anybody. */
function stopOnSignal(sim: RunningSim, lines: ConsoleLines): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      if (sim.stopping) process.exit(1); // Its processes go with it.
      lines.line('');
      lines.begin('stopping');
      void sim.stop().then(() => {
        lines.done('stopped');
        resolve();
      });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  process.exit(await runSim(process.argv.slice(2), { root, startedAgoMs: 0 }));
}
