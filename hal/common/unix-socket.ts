import { connect } from 'node:net';
import type { Timers } from './asynchrony.ts';

/** Whether a living process listens at a Unix socket: a dead one leaves its file behind. */
export function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** Why a question had no answer; the error of the socket where nobody could be reached. */
export type Unanswered = 'late' | 'closed' | 'tooLong' | NodeJS.ErrnoException;

export interface Question {
  readonly path: string;
  readonly line: string;
  readonly clock: Timers;
  readonly withinMs: number;
  /** Longest answer that is taken, in characters. */
  readonly longest: number;
  /** What the question rejects with. */
  readonly failed: (why: Unanswered) => Error;
}

/** Says one line to whoever listens at a Unix socket; resolves with the first line that comes back. */
export function askLine({
  path,
  line,
  clock,
  withinMs,
  longest,
  failed,
}: Question): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const end = (act: () => void): void => {
      timer.cancel();
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      act();
    };
    const fail = (why: Unanswered): void => end(() => reject(failed(why)));
    const timer = clock.after(withinMs, () => fail('late'));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${line}\n`));
    socket.on('error', fail);
    socket.on('close', () => fail('closed'));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const cut = text.indexOf('\n');
      if (cut >= 0 && cut <= longest) end(() => resolve(text.slice(0, cut)));
      else if (text.length > longest) fail('tooLong');
    });
  });
}
