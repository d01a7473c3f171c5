import { connect, type Socket } from 'node:net';
import { LineSplitter } from '../../hal/common/line-splitter.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { PacedReader } from './paced-reader.ts';
import type { Pipe } from './pipe.ts';
import { MAX_LINE_BYTES } from './schema.ts';

/**
 * A peer with this much unread data has stopped reading: it is disconnected, so that memory stays
 * bounded and what it reads after a restart is fresh. About ten seconds of `body`.
 */
const MOST_UNSENT_BYTES = 256 * 1024;

interface Pace {
  readonly clock: Clock;
  /** The peer floods and is disconnected. */
  onFlood(): void;
}

interface PipeOptions {
  /** Set for an untrusted peer: limits the rate of reading. */
  readonly pace?: Pace | undefined;
  /** A longer line arrives as `undefined`. */
  readonly maxLineBytes?: number;
}

/** A Pipe over a stream socket, for both ends. */
export class SocketPipe implements Pipe {
  private lineListener: (line: string | undefined) => void = () => {};
  private readonly closeListeners: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly socket: Socket,
    { pace, maxLineBytes = MAX_LINE_BYTES }: PipeOptions = {},
  ) {
    const onLine = (line: string | undefined): void => {
      if (!this.closed) this.lineListener(line);
    };
    const reader = pace
      ? new PacedReader(maxLineBytes, socket, pace.clock, onLine, () => {
          pace.onFlood();
          this.close();
        })
      : new LineSplitter(maxLineBytes, onLine);
    socket.on('data', (chunk: Buffer) => {
      if (!this.closed) reader.push(chunk);
    });
    // The reason does not matter: `onClose` reports it.
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  send(line: string): void {
    if (this.closed) return;
    if (this.socket.writableLength > MOST_UNSENT_BYTES) {
      this.close();
      return;
    }
    this.socket.write(`${line}\n`);
  }

  onLine(listener: (line: string | undefined) => void): void {
    this.lineListener = listener;
  }

  onClose(listener: () => void): void {
    this.closeListeners.push(listener);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    for (const listener of this.closeListeners) listener();
  }
}

/** Connects to a Unix socket; rejects with the system's error when nobody listens. */
export function connectPipe(path: string, options?: PipeOptions): Promise<SocketPipe> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(new SocketPipe(socket, options));
    });
  });
}
