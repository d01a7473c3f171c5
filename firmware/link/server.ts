import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { socketAnswers } from '../../hal/common/unix-socket.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import type { Pipe } from './pipe.ts';
import { SocketPipe } from './socket-pipe.ts';

/** The owner and the agent's group may connect, nobody else. */
const SOCKET_MODE = 0o660;
/** More at one time wait no longer than it takes to be refused. */
const BACKLOG = 8;
/** More connections within this are no agent that restarts: nobody is let in while the server rests. */
const RUSH = { connections: 8, withinMs: 100, restMs: 500 } as const;
/** How often the file is looked at: without it no agent finds its way here. */
const LOOK_MS = 1_000;
/** A rush is told to the log this often. */
const REPORT_MS = 10_000;

/** How a server keeps the loop's time from whoever connects; without, everybody is trusted. */
interface Guard {
  readonly clock: Clock;
  readonly log: Log;
  /** See PipeOptions. */
  readonly maxLineBytes?: number;
}

/** Listens on a Unix socket and hands each connection on as a Pipe. */
export class LinkServer {
  private server: Server;
  private readonly open = new Set<Pipe>();
  private rush = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
  private readonly reports = new Cadence(REPORT_MS);
  private resting: Timer | undefined;
  private looking: Timer | undefined;
  /** The file as it was made. */
  private made: string | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly onPipe: (pipe: Pipe) => void,
    private readonly guard?: Guard,
  ) {
    this.server = this.make();
  }

  /** Takes over a socket file that a dead process left behind; rejects when a live one has it. */
  async listen(): Promise<void> {
    await this.takeOver();
    this.looking = this.guard?.clock.every(LOOK_MS, () => void this.look());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.resting?.cancel();
    this.looking?.cancel();
    for (const pipe of this.open) pipe.close();
    if (this.server.listening)
      await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private make(): Server {
    return createServer((socket) => this.accept(socket));
  }

  private async takeOver(): Promise<void> {
    const { path } = this;
    if (await socketAnswers(path))
      throw new Error(`link ${path}: another firmware process listens there; stop it first`);
    const there = await lstat(path).catch(() => undefined);
    if (there?.isDirectory())
      throw new Error(
        `link ${path}: cannot listen, a folder has the name of the socket: remove it`,
      );
    await unlink(path).catch(() => {});
    await this.openSocket();
  }

  /** Makes the file again when somebody took it away; whoever is connected stays. */
  private async look(): Promise<void> {
    const { guard, made } = this;
    if (!guard || this.resting || made === undefined) return;
    const found = await nameOf(this.path);
    if (this.closed || this.resting || made !== this.made || found === made) return;
    guard.log.warn({ path: this.path }, 'the socket was taken away: it is made again');
    this.server.close();
    this.goOn(guard);
  }

  private async openSocket(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      // For good: without descriptors left `accept` fails later, too, and is no reason to end.
      this.server.on('error', (error) =>
        reject(new Error(`link ${this.path}: cannot listen (${error.message})`, { cause: error })),
      );
      this.server.listen({ path: this.path, backlog: BACKLOG }, resolve);
    });
    await chmod(this.path, SOCKET_MODE);
    this.made = await nameOf(this.path);
  }

  private accept(socket: Socket): void {
    const { guard } = this;
    if (guard && this.isRush(guard.clock.now())) {
      socket.on('error', () => {}).destroy();
      this.rest(guard);
      return;
    }
    const onFlood = (): void => guard?.log.warn({}, FLOOD);
    const pipe = new SocketPipe(socket, { ...guard, pace: guard && { ...guard, onFlood } });
    this.open.add(pipe);
    pipe.onClose(() => this.open.delete(pipe));
    this.onPipe(pipe);
  }

  private isRush(nowMs: number): boolean {
    if (nowMs - this.rush.sinceMs >= RUSH.withinMs) this.rush = { sinceMs: nowMs, count: 0 };
    this.rush.count += 1;
    return this.rush.count > RUSH.connections;
  }

  /**
   * Stops listening, which is the one thing that ends a turn of the loop in which connections come
   * faster than they are taken.
   */
  private rest({ clock, log }: Guard): void {
    if (this.resting) return;
    if (this.reports.due(clock.now()))
      log.warn({ restMs: RUSH.restMs }, 'connections come too fast: nobody is let in for a while');
    this.server.close();
    this.resting = clock.after(RUSH.restMs, () => this.goOn({ clock, log }));
  }

  private goOn({ clock, log }: Guard): void {
    if (this.closed) return;
    this.resting = undefined;
    this.made = undefined;
    this.server = this.make();
    const begun = this.takeOver().then(() => this.closed && this.server.close());
    begun.catch((error: Error) => {
      if (this.reports.due(clock.now()))
        log.error({ why: error.message }, 'no agent can connect; trying again');
      if (!this.closed) this.resting = clock.after(RUSH.restMs, () => this.goOn({ clock, log }));
    });
  }
}

/** Tells one file from another that has come in its place. */
async function nameOf(path: string): Promise<string> {
  const nothing = { dev: -1, ino: -1, mtimeMs: -1 };
  const { dev, ino, mtimeMs } = await lstat(path).catch(() => nothing);
  return `${dev}:${ino}:${mtimeMs}`;
}

const FLOOD = 'an agent floods its socket: cut off';
