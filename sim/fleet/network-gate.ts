/**
 * A school's way to the broker, which can be cut: while it is, nothing passes, nobody is told, and
 * new connections end. Bytes are passed as they are, so TLS is between robot and broker.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class NetworkGate {
  private readonly sockets = new Set<Socket>();
  private open = true;

  private constructor(private readonly server: Server) {}

  /** `broker`: its address as robots know it. */
  static async start(broker: string): Promise<NetworkGate> {
    const { hostname, port } = new URL(broker);
    const server = createServer();
    const gate = new NetworkGate(server);
    server.on('connection', (near) => {
      if (!gate.open) near.destroy();
      else gate.join(near, connect({ host: hostname, port: Number(port) }));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, 'localhost', resolve);
    });
    return gate;
  }

  /** The address of the broker through the gate. */
  through(broker: string): string {
    const url = new URL(broker);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  set online(online: boolean) {
    this.open = online;
    for (const socket of this.sockets) {
      if (online) socket.resume();
      else socket.pause();
    }
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay();
      socket.on('data', (bytes) => {
        if (!other.write(bytes)) socket.pause();
      });
      socket.on('drain', () => this.open && other.resume());
      socket.on('error', () => {}); // `close` follows.
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
