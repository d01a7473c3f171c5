/** The `deskmate` command of staff and technicians, on the robot itself. */

import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import manifest from '../../package.json' with { type: 'json' };
import { openTerminal } from './command/terminal.ts';
import { EXIT } from './command/verb.ts';
import { runCommand } from './run.ts';
import { verbs } from './verbs.ts';

let lost = false;

/** An empty file and "all is well" would be a lie: what could not be written is a failure. */
function outputLost(error: Error): void {
  if (!lost) process.stderr.write(`deskmate: ${error.message}\n`);
  lost = true;
  process.exitCode = EXIT.io;
}

const code = await runCommand(process.argv.slice(2), {
  verbs,
  terminal: openTerminal(process, process.env, outputLost),
  clock: new SystemClock(),
  env: process.env,
  version: manifest.version,
});
if (!lost) process.exitCode = code;
