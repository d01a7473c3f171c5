/** The `deskmate` command of staff and technicians, on the robot itself. */

import { SystemClock } from '../../hal/linux/system-clock.ts';
import manifest from '../../package.json' with { type: 'json' };
import { runCommand } from './run.ts';
import { openTerminal } from './terminal.ts';
import { verbs } from './verbs.ts';

/** EX_SOFTWARE of sysexits.h. */
const EXIT_BUG = 70;

runCommand(process.argv.slice(2), {
  verbs,
  terminal: openTerminal(process, process.env),
  clock: new SystemClock(),
  env: process.env,
  version: manifest.version,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`deskmate: this is a mistake in the program, please report it: ${text}\n`);
    process.exitCode = EXIT_BUG;
  },
);
