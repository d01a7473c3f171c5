/**
 * Command lines of this folder's scripts. An unknown argument is an error: if it were ignored,
 * something else would be measured, built or checked than requested.
 */
import { parseArgs } from 'node:util';

/** EX_USAGE of sysexits.h. */
export const EXIT_USAGE = 64;

/** The message is shown to people: the error, and the usage. */
export class UsageError extends Error {
  name = 'UsageError';
}

/**
 * `--help` or `-h` prints the usage, and the program exits with 0, unless `options`
 * has `help`: then the caller answers.
 * `options` as parseArgs takes them; `words`: how many there must be, at least and at most. Throws
 * UsageError. `usage` is what follows the reason, on a line of its own.
 */
export function readArguments(args, { usage, options = {}, words = [0, 0] }) {
  const refuse = (why) => {
    throw new UsageError(`${why}\n${usage}`);
  };
  if (!options.help && args.some((one) => one === '--help' || one === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  let given;
  try {
    given = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node appends advice on arguments that begin with a hyphen, which does not apply here.
    return refuse(error.message.replace(/\. To specify a positional[\s\S]*$/, '').trim());
  }
  const [least, most] = words;
  const { values, positionals } = given;
  if (positionals.length > most) return refuse(`Unexpected argument '${positionals[most]}'`);
  if (positionals.length < least) return refuse('Something is missing');
  return { values, words: positionals };
}
