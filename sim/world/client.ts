import { createConnection, type Socket } from 'node:net';
import { jsonOf } from '../../hal/common/json.ts';
import { LineSplitter } from '../../hal/common/line-splitter.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import {
  type WorldCommand,
  type WorldPort,
  WorldRefusal,
  type WorldState,
  WorldUnreachable,
} from './schema.ts';
import { MAX_LINE_BYTES, WorldMessage } from './wire.ts';

const RECONNECT_MS = 200;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The world over its socket. Connects by itself, again and again, until it is closed. */
export class WorldClient implements WorldPort {
  private newest: WorldState | undefined;
  private readonly listeners = new Set<(state: WorldState) => void>();
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private socket: Socket | undefined;
  private connected = false;
  private retry: Timer | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {
    this.connect();
  }

  get latest(): WorldState | undefined {
    return this.newest;
  }

  onState(listener: (state: WorldState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  send(command: WorldCommand): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.connected || !this.socket) {
        reject(new WorldUnreachable(`nobody answers at ${this.path}`));
        return;
      }
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.socket.write(`${JSON.stringify({ id, command })}\n`);
    });
  }

  /** Resolves with the first state, or undefined when there was none within `ms`. */
  firstState(ms: number): Promise<WorldState | undefined> {
    if (this.newest) return Promise.resolve(this.newest);
    return new Promise((resolve) => {
      const finish = (state: WorldState | undefined): void => {
        timer.cancel();
        stop();
        resolve(state);
      };
      const timer = this.clock.after(ms, () => finish(undefined));
      const stop = this.onState(finish);
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.retry?.cancel();
    this.listeners.clear();
    const socket = this.socket;
    if (!socket || socket.destroyed) return;
    // Ends after what was written, so that a last command still arrives.
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroySoon();
    });
  }

  private connect(): void {
    const socket = createConnection(this.path);
    this.socket = socket;
    const cutter = new LineSplitter(MAX_LINE_BYTES, (line) => this.take(line));
    socket.on('connect', () => {
      this.connected = true;
    });
    socket.on('data', (chunk: Buffer) => cutter.push(chunk));
    // What went wrong is of no use here: `close` follows and tries again.
    socket.on('error', () => {});
    socket.on('close', () => this.lost());
  }

  private lost(): void {
    this.connected = false;
    this.newest = undefined;
    for (const { reject } of this.waiting.values())
      reject(new WorldUnreachable(`the connection to ${this.path} was lost`));
    this.waiting.clear();
    if (!this.closed) this.retry = this.clock.after(RECONNECT_MS, () => this.connect());
  }

  private take(line: string | undefined): void {
    const parsed = WorldMessage.safeParse(line === undefined ? undefined : jsonOf(line));
    // The other end is our own world; a line that is none would be a defect there, not an attack.
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === 'world') this.tell(message);
    else this.answer(message);
  }

  private tell(state: WorldState): void {
    this.newest = state;
    for (const listener of this.listeners) listener(state);
  }

  private answer(message: Exclude<WorldMessage, WorldState>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'taken') waiting?.resolve();
    else waiting?.reject(new WorldRefusal(message.why));
  }
}
