import { chmod, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import type { Pipe } from './pipe.ts';
import { SocketPipe } from './socket-pipe.ts';

/** The owner and the agent's group may connect, nobody else. */
const SOCKET_MODE = 0o660;

/** Listens on a Unix socket and hands each connection on as a Pipe. */
export class LinkServer {
  private readonly server: Server;
  private readonly open = new Set<Pipe>();

  constructor(
    private readonly path: string,
    onPipe: (pipe: Pipe) => void,
  ) {
    this.server = createServer((socket) => {
      const pipe = new SocketPipe(socket);
      this.open.add(pipe);
      pipe.onClose(() => this.open.delete(pipe));
      onPipe(pipe);
    });
  }

  /** Takes over a socket file that a dead process left behind; rejects when a live one has it. */
  async listen(): Promise<void> {
    if (await answers(this.path))
      throw new Error(`link ${this.path}: another firmware process listens there; stop it first`);
    await unlink(this.path).catch(() => {});
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(new Error(`link ${this.path}: cannot listen (${error.message})`, { cause: error })),
      );
      this.server.listen(this.path, resolve);
    });
    await chmod(this.path, SOCKET_MODE);
  }

  async close(): Promise<void> {
    for (const pipe of this.open) pipe.close();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
