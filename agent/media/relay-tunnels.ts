/**
 * `turns:` for the native library. It verifies certificates against some forty roots of 2022 that
 * are compiled into it (Let's Encrypt's is not among them, a school's own cannot be), which cannot
 * be configured. So the robot's process opens the TLS connection itself, trusting what the system
 * trusts, and the library speaks plain TURN over TCP (RFC 8656) to a port on loopback: inside TLS
 * it is byte for byte the same.
 */
import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, rootCertificates } from 'node:tls';
import { readTextFile, TextFileError } from '../../hal/common/text-file.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { type IceServer, urlsOf } from '../wire/signalling.ts';

/** What Debian and its kin trust; other systems go by Node's own list. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';
const DEFAULT_PORT = 5349;
/** A relay that does not answer costs one candidate; the others are tried meanwhile. */
const HANDSHAKE_MS = 10_000;
/** The library opens one connection for each of the robot's addresses. */
const MAX_CONNECTIONS = 16;

/** RFC 7065. Over UDP it would be DTLS, which the library does not speak. */
const TURNS = /^turns:(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=(tcp|udp))?$/i;

interface TunnelParts {
  readonly urls: readonly string[];
  /** PEM of further certificate authorities. */
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export class RelayTunnels {
  private constructor(private readonly tunnels: ReadonlyMap<string, Tunnel>) {}

  /** One for each `turns:` address; none are no work. */
  static async open({ urls, ca, clock, log }: TunnelParts): Promise<RelayTunnels> {
    const targets = new Map<string, Target>();
    for (const url of urls) {
      const target = targetOf(url);
      if (target) targets.set(url, target);
    }
    if (targets.size === 0) return new RelayTunnels(new Map());
    const secureContext = createSecureContext({ ca: [...(await trusted()), ...(ca ? [ca] : [])] });
    const opened = await Promise.all(
      [...targets].map(async ([url, target]) => {
        const to = { ...target, secureContext };
        const tunnel = await Tunnel.open(to, clock, log.child({ relay: url }));
        return [url, tunnel] as const;
      }),
    );
    return new RelayTunnels(new Map(opened));
  }

  /** The servers as the library is to be told of them. */
  through(servers: readonly IceServer[]): RTCIceServer[] {
    return servers
      .map((server) => ({ ...server, urls: urlsOf(server).flatMap((url) => this.urlFor(url)) }))
      .filter(({ urls }) => urls.length > 0);
  }

  close(): void {
    for (const tunnel of this.tunnels.values()) tunnel.close();
  }

  private urlFor(url: string): string[] {
    const tunnel = this.tunnels.get(url);
    if (tunnel) return [`turn:127.0.0.1:${tunnel.port}?transport=tcp`];
    return /^turns:/i.test(url) ? [] : [url];
  }
}

/** Tunnels to the relays that are in use now; an agent that names others has other ones. */
export class RelayWays {
  private now: { readonly key: string; readonly tunnels: Promise<RelayTunnels> } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The servers as the library is to be told of them; `ca` is PEM of further authorities. */
  async to(servers: readonly IceServer[], ca: string): Promise<RTCIceServer[]> {
    const urls = servers.flatMap(urlsOf);
    const key = JSON.stringify([urls, ca]);
    if (this.now?.key !== key) {
      this.close();
      const { clock, log } = this;
      const tunnels = RelayTunnels.open({ urls, ca: ca === '' ? undefined : ca, clock, log });
      this.now = { key, tunnels };
    }
    return (await this.now.tunnels).through(servers);
  }

  close(): void {
    void this.now?.tunnels.then((tunnels) => tunnels.close()).catch(() => {});
    this.now = undefined;
  }
}

/**
 * Node's own list, the system's, and what Node was told to add, which a list of one's own replaces.
 */
async function trusted(): Promise<string[]> {
  const files = [SYSTEM_ROOTS, process.env.NODE_EXTRA_CA_CERTS].filter(
    (file) => file !== undefined,
  );
  return [...rootCertificates, ...files.flatMap(certificatesIn)];
}

function certificatesIn(file: string): string[] {
  try {
    const pem = readTextFile(file);
    return pem === '' ? [] : [pem];
  } catch (error) {
    if (error instanceof TextFileError) return [];
    throw error;
  }
}

type Target = Pick<ConnectionOptions, 'host' | 'port' | 'servername'>;

function targetOf(url: string): Target | undefined {
  const [, name, port, transport] = TURNS.exec(url) ?? [];
  if (name === undefined || transport?.toLowerCase() === 'udp') return undefined;
  const host = name.replace(/^\[|\]$/g, '');
  // A name goes into the handshake (RFC 6066, 3); an address must not, and is verified all the same.
  const servername = isIP(host) ? {} : { servername: host };
  return { host, port: Number(port ?? DEFAULT_PORT), ...servername };
}

/** From a port on loopback to one relay. Never throws; why it fails is said once a reason. */
class Tunnel {
  private readonly open = new Set<Socket>();
  private said = '';

  private constructor(
    private readonly server: Server,
    private readonly target: ConnectionOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (near) => this.join(near));
    server.on('error', (error) => this.say(error.message));
  }

  static async open(target: ConnectionOptions, clock: Clock, log: Log): Promise<Tunnel> {
    const server = createServer();
    const tunnel = new Tunnel(server, target, clock, log);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return tunnel;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private join(near: Socket): void {
    const far = connect(this.target);
    const late = this.clock.after(HANDSHAKE_MS, () =>
      far.destroy(new Error(`no TLS within ${HANDSHAKE_MS} ms`)),
    );
    far.once('close', () => late.cancel());
    far.once('secureConnect', () => {
      late.cancel();
      this.said = '';
    });
    far.on('error', (error) => this.say(error.message));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(socket);
      // Media inside: a packet that waits for the next one is late.
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }

  private say(why: string): void {
    if (this.said === why) return;
    this.said = why;
    this.log.warn({ why }, 'relay cannot be reached by TLS');
  }
}
