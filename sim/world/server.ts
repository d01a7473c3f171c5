import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { jsonOf } from '../../hal/common/json.ts';
import { LineSplitter } from '../../hal/common/line-splitter.ts';
import type { WorldState } from './schema.ts';
import { WorldRefusal } from './schema.ts';
import { MAX_LINE_BYTES, type WorldMessage, WorldRequest } from './wire.ts';
import type { World } from './world.ts';

/** A client with a larger backlog gets no state until it has caught up: the newest state wins. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** Lets other processes at the world, over a Unix socket. */
export class WorldServer {
  /** Lines that were not commands, or commands that the world refused. */
  refused = 0;
  private readonly clients = new Set<Socket>();
  private stopTelling: () => void = () => {};

  private constructor(
    private readonly world: World,
    private readonly server: Server,
    private readonly path: string,
  ) {}

  /** Listens at `path`; a socket file that another run left there is replaced. */
  static async open(world: World, path: string): Promise<WorldServer> {
    await rm(path, { force: true });
    const listener = createServer();
    const server = new WorldServer(world, listener, path);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(path, resolve);
    });
    listener.on('connection', (socket) => server.welcome(socket));
    server.stopTelling = world.onTell((state) => server.tell(state));
    return server;
  }

  async close(): Promise<void> {
    this.stopTelling();
    for (const client of this.clients) client.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await rm(this.path, { force: true });
  }

  private welcome(socket: Socket): void {
    this.clients.add(socket);
    const cutter = new LineSplitter(MAX_LINE_BYTES, (line) => this.take(socket, line));
    socket.on('data', (chunk: Buffer) => cutter.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.clients.delete(socket));
    write(socket, this.world.snapshot());
  }

  /** Serialised once for all. */
  private tell(state: WorldState): void {
    if (this.clients.size === 0) return;
    const line = Buffer.from(`${JSON.stringify(state)}\n`);
    for (const client of this.clients)
      if (client.writableLength <= MAX_UNREAD_BYTES) client.write(line);
  }

  private take(socket: Socket, line: string | undefined): void {
    const request = WorldRequest.safeParse(line === undefined ? undefined : jsonOf(line));
    if (!request.success) {
      this.refuse(socket, -1, 'not a command');
      return;
    }
    try {
      this.world.apply(request.data.command);
      write(socket, { kind: 'taken', id: request.data.id });
    } catch (error) {
      if (!(error instanceof WorldRefusal)) throw error;
      this.refuse(socket, request.data.id, error.message);
    }
  }

  private refuse(socket: Socket, id: number, why: string): void {
    this.refused += 1;
    write(socket, { kind: 'refused', id, why });
  }
}

function write(socket: Socket, message: WorldMessage): void {
  // A client that sends and never reads loses its answers, not the server its memory.
  if (socket.writableLength > 4 * MAX_UNREAD_BYTES) socket.destroy();
  else socket.write(`${JSON.stringify(message)}\n`);
}
