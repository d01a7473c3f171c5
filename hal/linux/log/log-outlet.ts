import { constants, fstatSync, openSync, write } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Writes a chunk and calls `done` once, later, with how many bytes it took; 0 is a refusal, of
 * whatever kind. Never throws.
 */
export type LogOutlet = (chunk: Buffer, done: (written: number) => void) => void;

const STDOUT = 1;

/**
 * Standard output, without a wait anywhere: a write that blocks in libuv's threads would keep the
 * process from its end, since `process.exit` joins them (Node 20, measured with a full pipe).
 */
export function stdoutOutlet(): LogOutlet {
  const kind = fstatSync(STDOUT);
  return kind.isFIFO() || kind.isSocket()
    ? streamOutlet(process.stdout)
    : fileOutlet(isatty(STDOUT) ? unblockedTerminal() : STDOUT);
}

/** Pipes and sockets: libuv does not block on them. A reader that is gone is gone for good. */
export function streamOutlet(stream: NodeJS.WritableStream): LogOutlet {
  // Each write is told of it as well; without a listener it would end the process.
  stream.on('error', () => {});
  return (chunk, done) => {
    stream.write(chunk, (error) => done(error ? 0 : chunk.length));
  };
}

/** Files and devices; `descriptor` stays open. */
export function fileOutlet(descriptor: number): LogOutlet {
  return (chunk, done) => {
    write(descriptor, chunk, (error, written) => done(error ? 0 : written));
  };
}

/** A terminal that was stopped (Ctrl-S) takes nothing. An open file of our own: its mode is ours. */
function unblockedTerminal(): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${STDOUT}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return STDOUT;
  }
}
