import { parseArgs } from 'node:util';

export interface Options {
  /** Opens a shell inside instead of running anything. */
  readonly shell: boolean;
  /**
   * Runs only what has this in its path or name: a suite, `robot` or `io`. Several with commas
   * between them run side by side.
   */
  readonly only: string;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const USAGE = 'usage: make hil [ONLY=gpio|body|camera|sound|robot|io|...], or make hil-shell';

export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        shell: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
      },
    });
    if (!/^[\w./-]*(,[\w./-]+)*$/.test(values.only)) throw new UsageError(USAGE);
    return { shell: values.shell, only: values.only };
  } catch {
    throw new UsageError(USAGE);
  }
}
