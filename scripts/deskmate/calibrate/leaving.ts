import type { TerminalStreams } from './terminal.ts';

/**
 * What ends Node at once, with the servos powered, unless somebody listens: Ctrl-C, Ctrl-\\, `kill`,
 * a connection that dropped. Ctrl-Z would leave a stopped program that holds the head.
 */
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGTSTP'] as const;

export interface Leaving {
  /** Aborted once the person has gone or wants to. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Whether the person leaves, however often they say so. A terminal that is gone fails at each read
 * and write (EIO, EPIPE): that is leaving too, and no error of its own.
 */
export function watchLeaving(
  process: Pick<NodeJS.Process, 'on' | 'removeListener'>,
  { input, output }: TerminalStreams,
): Leaving {
  const controller = new AbortController();
  const leave = (): void => controller.abort();
  for (const signal of SIGNALS) process.on(signal, leave);
  // Both stay to the end of the program: what was written last may fail after the servos are limp.
  for (const stream of [input, output]) stream.on('error', leave);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of SIGNALS) process.removeListener(signal, leave);
    },
  };
}
