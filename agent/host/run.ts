/** A program on a terminal, from its start to Ctrl-C. */
import { messageOf } from '../../hal/common/errors.ts';
import type { ConsoleLines } from './console-lines.ts';
import { OptionError } from './given.ts';

/** Longer than its processes ever take to be ready, shorter than patience. */
export const READY_WITHIN_MS = 20_000;

export interface Running {
  /** The page to open. */
  readonly url: string;
  /** The folder with its processes' words. */
  readonly logs: string;
  /** Resolves when the robot has told the broker that it is there; rejects after `ms`. */
  ready(ms: number): Promise<void>;
  /** A link that nobody has used. */
  invitation(): Promise<string>;
  /** `stop` was called. */
  readonly stopping: boolean;
  /** Ends all processes in order. */
  stop(): Promise<void>;
}

/** Runs until it is asked to stop. Resolves with the exit code. */
export async function runUntilStopped<Started extends Running>(
  lines: ConsoleLines,
  start: () => Promise<Started>,
  announce: (started: Started) => Promise<void>,
): Promise<number> {
  try {
    const started = await start();
    const stopped = stopOnSignal(started, lines);
    await Promise.race([stopped, announce(started)]);
    await stopped;
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    lines.line('', false);
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

/** Resolves when everything has ended. A second signal does not wait for anybody. */
function stopOnSignal(running: Running, lines: ConsoleLines): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      if (running.stopping) process.exit(1); // Its processes go with it.
      lines.line('');
      lines.begin('stopping');
      void running.stop().then(() => {
        lines.done('stopped');
        resolve();
      });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

/** Whether all of it is there, and the invitation, once both are known. */
export async function opening(running: Running): Promise<{ trouble?: string; invitation: string }> {
  const trouble = await running.ready(READY_WITHIN_MS).then(() => undefined, messageOf);
  const invitation = await running.invitation().catch((error) => `none yet: ${messageOf(error)}`);
  return { invitation, ...(trouble !== undefined && { trouble }) };
}

export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
