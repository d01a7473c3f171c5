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
/** Pending connections beyond this are refused by the kernel. */
const BACKLOG = 8;
/**
 * More connections within this time are not a restarting agent: no connections are accepted for
 * `restMs`.
 */
const RUSH = { connections: 8, withinMs: 100, restMs: 500 } as const;
/** How often the socket file is checked: without it no agent can connect. */
const CHECK_MS = 1_000;
/** A rush is logged at most this often. */
const REPORT_MS = 10_000;

/** Protects the loop's timing from clients; without it clients are trusted. */
interface Guard {
  readonly clock: Clock;
  readonly log: Log;
  /** See PipeOptions. */
  readonly maxLineBytes?: number;
}

/** Listens on a Unix socket and passes on each connection as a Pipe. */
export class LinkServer {
  private server: Server;
  private readonly open = new Set<Pipe>();
  private rush = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
  private readonly reports = new Cadence(REPORT_MS);
  private resting: Timer | undefined;
  private checking: Timer | undefined;
  /** Identity of the socket file as created. */
  private made: string | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly onPipe: (pipe: Pipe) => void,
    private readonly guard?: Guard,
  ) {
    this.server = this.make();
  }

  /** Takes over a stale socket file of a dead process; rejects if a live one listens on it. */
  async listen(): Promise<void> {
    await this.takeOver();
    this.checking = this.guard?.clock.every(CHECK_MS, () => void this.check());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.resting?.cancel();
    this.checking?.cancel();
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

  /** Recreates the file if it was removed; existing connections stay. */
  private async check(): Promise<void> {
    const { guard, made } = this;
    if (!guard || this.resting || made === undefined) return;
    const found = await identityOf(this.path);
    if (this.closed || this.resting || made !== this.made || found === made) return;
    guard.log.warn({ path: this.path }, 'the socket was taken away: it is made again');
    this.server.close();
    this.listenAgain(guard);
  }

  private async openSocket(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      // Stays installed: `accept` may fail later (no descriptors left), which must not end the
      // process.
      this.server.on('error', (error) =>
        reject(new Error(`link ${this.path}: cannot listen (${error.message})`, { cause: error })),
      );
      this.server.listen({ path: this.path, backlog: BACKLOG }, resolve);
    });
    await chmod(this.path, SOCKET_MODE);
    this.made = await identityOf(this.path);
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
   * Stops listening: the only way to end a turn of the event loop in which connections arrive
   * faster than they are accepted.
   */
  private rest({ clock, log }: Guard): void {
    if (this.resting) return;
    if (this.reports.due(clock.now()))
      log.warn({ restMs: RUSH.restMs }, 'connections come too fast: nobody is let in for a while');
    this.server.close();
    this.resting = clock.after(RUSH.restMs, () => this.listenAgain({ clock, log }));
  }

  private listenAgain({ clock, log }: Guard): void {
    if (this.closed) return;
    this.resting = undefined;
    this.made = undefined;
    this.server = this.make();
    const begun = this.takeOver().then(() => this.closed && this.server.close());
    begun.catch((error: Error) => {
      if (this.reports.due(clock.now()))
        log.error({ why: error.message }, 'no agent can connect; trying again');
      if (!this.closed)
        this.resting = clock.after(RUSH.restMs, () => this.listenAgain({ clock, log }));
    });
  }
}

/** Identity of the file at `path`: changes if it is replaced. */
async function identityOf(path: string): Promise<string> {
  const nothing = { dev: -1, ino: -1, mtimeMs: -1 };
  const { dev, ino, mtimeMs } = await lstat(path).catch(() => nothing);
  return `${dev}:${ino}:${mtimeMs}`;
}

const FLOOD = 'an agent floods its socket: cut off';
