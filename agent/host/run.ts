/** A program on a terminal, from its start to Ctrl-C. */
import { messageOf } from '../../hal/common/errors.ts';
import { OptionError } from './given.ts';

/** Terminal output: steps in progress, and messages in between. */
export class ConsoleLines {
  /** A step was announced and its end is still to come on the same line. */
  private open = false;

  constructor(private readonly out: NodeJS.WriteStream) {
    // A terminal that was closed takes no more words; the work goes on or ends without it.
    out.on('error', () => {});
  }

  /** `  doing ... `, to be ended by `done`. */
  begin(doing: string): void {
    this.line('', false);
    this.out.write(`  ${doing} ... `);
    this.open = true;
  }

  done(how: string): void {
    this.out.write(this.open ? `${how}\n` : `  ${how}\n`);
    this.open = false;
  }

  line(text: string, always = true): void {
    if (this.open) this.out.write('\n');
    this.open = false;
    if (always) this.out.write(`${text}\n`);
  }
}

/** Longer than its processes ever take to be ready, shorter than patience. */
const READY_WITHIN_MS = 20_000;

export interface Running {
  /** The page to open. */
  readonly url: string;
  /** The folder of its processes' logs. */
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

/** Resolves when everything has ended. A second signal ends it without waiting. */
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
