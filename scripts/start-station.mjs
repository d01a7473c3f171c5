/** `make run BOARD=laptop` */
import { EXIT_USAGE } from './arguments.mjs';
import { start } from './start.mjs';

// Checked before anything is installed or built: it is often forgotten.
const given = process.argv.slice(2).some((one) => /^--board(=|$)/.test(one));
if (process.env.BOARD || given) start('station', 'station', 'runStation');
else {
  console.error('Which board? make run BOARD=laptop (or the name or path of another board)');
  process.exitCode = EXIT_USAGE;
}
