import { readArguments, UsageError } from '../../arguments.mjs';

export interface Options {
  /** Opens a shell inside instead of running anything. */
  readonly shell: boolean;
  /**
   * Runs only those with this in their path or name: a suite, `robot` or `io`. Several, comma
   * separated, run in parallel.
   */
  readonly only: string;
}

const USAGE = 'usage: make vm-test [ONLY=gpio|body|camera|sound|robot|io|...], or make vm-shell';

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    usage: USAGE,
    options: {
      shell: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const { only, shell } = values;
  if (!/^[\w./-]*(,[\w./-]+)*$/.test(only)) throw new UsageError(`ONLY=${only}?\n${USAGE}`);
  return { shell, only };
}
