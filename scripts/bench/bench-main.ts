/** `npm run bench -- <name> [--json]`: runs one benchmark and prints a table, or one JSON line last. */
import { EXIT_USAGE, UsageError } from '../arguments.mjs';
import { runBench } from './command.ts';

runBench(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`bench: ${error.message}`);
    process.exitCode = EXIT_USAGE;
  },
);
