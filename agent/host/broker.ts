/**
 * The embedded MQTT broker: robots over TCP by password, pupils' pages over WebSocket without one.
 * It can be taken away and brought back, as a broker in the network can.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
  Aedes,
  type AedesOptions,
  type AuthErrorCode,
  type AuthenticateError,
  type Client,
} from 'aedes';
import { createWebSocketStream, type RawData, type WebSocket } from 'ws';
import { topics } from '../wire/topics.ts';
import { PacketCap, type Who, whyNotPublish, whyNotSubscribe } from './broker-rules.ts';

/** Connections of pages at one time; more are refused. */
const MAX_PAGES = 64;
/** WebSocket close code (IANA registry). */
const TRY_AGAIN_LATER = 1013;
const NOT_AUTHORISED: AuthErrorCode.NOT_AUTHORIZED = 5;

export class SimBroker {
  readonly password = randomBytes(18).toString('base64url');
  private readonly people = new WeakMap<Client, Who>();
  private readonly sockets = new Set<Socket>();
  private readonly pages = new Set<WebSocket>();
  private readonly refused = new Map<string, number>();
  private server: Server | undefined;
  private aedes: Aedes | undefined;
  private stateListener: (payload: string) => void = () => {};

  constructor(private readonly robot: string) {}

  get up(): boolean {
    return this.server !== undefined;
  }

  /** What was refused since the start, by reason. */
  get refusals(): Record<string, number> {
    return Object.fromEntries(this.refused);
  }

  /** Where the robot connects, with its credentials inside. */
  url(port: number): string {
    return `mqtt://${this.robot}:${this.password}@127.0.0.1:${port}`;
  }

  /** The robot's retained `$state`, whenever it is told (the last will too). */
  onState(listener: (payload: string) => void): void {
    this.stateListener = listener;
  }

  /** Listens on this machine; resolves with the port (0 asks for any free one). Rejects as `listen` does. */
  async start(port: number): Promise<number> {
    this.aedes ??= await this.openAedes();
    const aedes = this.aedes;
    const server = createServer((socket) => {
      // An answer does not wait until what went out before it is acknowledged (RFC 896).
      socket.setNoDelay();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      aedes.handle(socket);
    });
    await listen(server, port);
    this.server = server;
    const address = server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  /** A page's WebSocket of subprotocol `mqtt`. Closed at once while the broker is down. */
  takePage(socket: WebSocket): void {
    if (!this.aedes || !this.up || this.pages.size >= MAX_PAGES) {
      socket.close(TRY_AGAIN_LATER);
      return;
    }
    this.pages.add(socket);
    socket.once('close', () => this.pages.delete(socket));
    const cap = new PacketCap();
    const guard = (data: RawData): void => {
      if (cap.take(data)) return;
      this.count('tooLong');
      socket.off('message', guard);
      socket.terminate();
    };
    socket.on('message', guard);
    const stream = createWebSocketStream(socket);
    stream.on('error', () => {}); // aedes ends the client; a torn connection is no news.
    this.people.set(this.aedes.handle(stream), { kind: 'pupil' });
  }

  /** Gone from the network at once, without a goodbye. Retained messages outlast it. */
  async down(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    for (const page of this.pages) page.terminate();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async close(): Promise<void> {
    await this.down();
    const aedes = this.aedes;
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
  }

  private async openAedes(): Promise<Aedes> {
    const aedes = await Aedes.createBroker(this.rules());
    const deliver = (packet: { payload: Buffer | string }, done: () => void): void => {
      this.stateListener(packet.payload.toString());
      done();
    };
    aedes.subscribe(topics.state(this.robot), deliver, () => {});
    // Both are ends of one client; it has been closed and nobody else is concerned.
    aedes.on('clientError', () => {});
    aedes.on('connectionError', () => {});
    return aedes;
  }

  private rules(): AedesOptions {
    return {
      connectTimeout: 10_000,
      maxClientsIdLength: 64,
      queueLimit: 50,
      maxTopicLevels: 8,
      preConnect: (client, packet, done) => {
        // Whoever comes by a page cannot take over a robot's connection by its name, nor leave
        // a session behind.
        if (this.people.get(client)?.kind === 'pupil') {
          packet.clientId = `page-${packet.clientId || randomBytes(8).toString('hex')}`;
          packet.clean = true;
        }
        done(null, packet.clientId.length <= 128);
      },
      authenticate: (client, username, password, done) => {
        if (this.people.has(client)) return done(null, true);
        if (username !== this.robot || !this.matches(password)) {
          this.count('password');
          return done(notAuthorised(), false);
        }
        this.people.set(client, { kind: 'robot', robot: this.robot });
        done(null, true);
      },
      authorizePublish: (client, packet, done) => {
        const who = client && this.people.get(client);
        const bytes = Buffer.byteLength(packet.payload);
        const why = who
          ? whyNotPublish(who, { topic: packet.topic, bytes, retain: packet.retain })
          : 'topic';
        if (!why) return done();
        this.count(why);
        done(new Error(`publish refused: ${why}`));
      },
      authorizeSubscribe: (client, subscription, done) => {
        const who = this.people.get(client);
        const why = who ? whyNotSubscribe(who, subscription.topic) : 'topic';
        if (why) this.count(why);
        done(null, why ? null : subscription);
      },
    };
  }

  private matches(password: Readonly<Buffer> | undefined): boolean {
    const wanted = Buffer.from(this.password);
    if (password?.length !== wanted.length) return false;
    return timingSafeEqual(Buffer.from(password), wanted);
  }

  private count(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}

function notAuthorised(): AuthenticateError {
  return Object.assign(new Error('not authorised'), { returnCode: NOT_AUTHORISED });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
