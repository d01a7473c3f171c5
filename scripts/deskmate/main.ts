/** The `deskmate` command of staff and technicians, on the robot itself. */

import { SystemClock } from '../../hal/linux/system-clock.ts';
import manifest from '../../package.json' with { type: 'json' };
import { runCommand } from './run.ts';
import { openTerminal } from './terminal.ts';
import { verbs } from './verbs.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  verbs,
  terminal: openTerminal(process, process.env),
  clock: new SystemClock(),
  env: process.env,
  version: manifest.version,
});
