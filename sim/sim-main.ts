/** The simulator as people start it: steps on the way up, one address at the end, an orderly stop. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConsoleLines, inSeconds, opening, runUntilStopped } from '../agent/host/run.ts';
import { openSim, type RunningSim, type SimPlaces } from './compose.ts';
import { readOptions } from './launcher/options.ts';

interface SimStart {
  /** The checkout: package.json, dist/ and scripts/ lie in it. */
  readonly root: string;
  /** Milliseconds of work before this, to tell the whole time. */
  readonly startedAgoMs: number;
}

/** Runs until it is asked to stop. Resolves with the exit code. */
export async function runSim(argv: string[], start: SimStart): Promise<number> {
  const from = performance.now() - start.startedAgoMs;
  const lines = new ConsoleLines(process.stdout);
  const open = (): Promise<RunningSim> => {
    const options = readOptions(argv, process.env, start.root);
    lines.begin('robot');
    return openSim(options, placesOf(start), ({ process: name, text }) => {
      lines.line(`  ${name}: ${text}`);
    });
  };
  return runUntilStopped(lines, open, (sim) => announce(sim, lines, from));
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
  const { trouble, invitation } = await opening(sim);
  if (sim.stopping) return;
  lines.done(trouble ? 'not ready' : `ready (${inSeconds(performance.now() - since)})`);
  if (trouble) lines.line(`  ${trouble}. Its words are in ${sim.logs}`);
  lines.line('');
  lines.line(`  Open    ${sim.url}`);
  lines.line(`  Invite  ${invitation}`);
  lines.line('');
  for (const note of sim.notes) lines.line(`  ${note}`);
  lines.line(`  Started in ${inSeconds(performance.now() - from)}. Ctrl-C ends it.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  process.exit(await runSim(process.argv.slice(2), { root, startedAgoMs: 0 }));
}
