/** The HTTP server: pages, a small JSON API and WebSocket routes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { ownNaming, SECURITY_HEADERS, whyForeign } from './browser-security.ts';
import { behindKey, CLOSED_PAGE } from './operator-key.ts';
import { StaticFiles } from './static-files.ts';

export interface WebServerParts {
  /** The folder of built pages. */
  readonly pages: string;
  /** The folder of the page at `/`; default `home`. */
  readonly home?: string;
  /**
   * Prefix of the operator's paths, as in `/<key>/api/status`: without it neither page nor API nor
   * WebSockets are served (operator-key.ts). If absent, everything is public, or, with `only`, the
   * operator's part is not served at all.
   */
  readonly key?: string;
  /** Paths served without the key; all others answer 404. Default: all. */
  readonly only?: RegExp;
  /** Host names of this computer besides its own. */
  readonly names?: readonly string[];
  /** PEM; HTTPS when given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** API handlers by `METHOD /path`. */
  readonly api: Readonly<Record<string, () => Promise<ApiAnswer>>>;
  /** WebSocket routes by path; answers 503 while `open()` is false. */
  readonly sockets: Readonly<Record<string, SocketDoor>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface SocketDoor {
  readonly protocol?: string;
  /** Served without the key too. */
  readonly forAll?: boolean;
  readonly maxBytes: number;
  readonly open: () => boolean;
  readonly take: (socket: WebSocket) => void;
}

export class WebServer {
  private readonly server: Server;
  private readonly files: StaticFiles;
  private readonly isOurs: (name: string) => boolean;
  private readonly upgraders = new Map<string, WebSocketServer>();

  constructor(private readonly parts: WebServerParts) {
    this.files = new StaticFiles(parts.pages, parts.home);
    this.isOurs = ownNaming(parts.names);
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.answer(request, response).catch(() => fail(response, 500));
    const options = { requestTimeout: 10_000 };
    this.server = parts.tls
      ? createTlsServer({ ...options, ...parts.tls }, handle)
      : createServer(options, handle);
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.server.maxHeadersCount = 100;
  }

  /** Resolves with the port. Rejects as `listen` does, e.g. with `code` EADDRINUSE. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    for (const upgrader of this.upgraders.values())
      for (const socket of upgrader.clients) socket.terminate();
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (whyForeign(request, this.isOurs)) return fail(response, 403);
    const { path, authorised } = this.authorise(request);
    if (!authorised && path === '/' && this.parts.key !== undefined) return keyMissing(response);
    if (!authorised && !this.parts.only?.test(path)) return fail(response, 404);
    const handler = authorised ? this.parts.api[`${request.method} ${path}`] : undefined;
    if (handler) return json(response, await handler());
    if (path.startsWith('/api/')) return fail(response, 404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return fail(response, 405);
    await this.files.answer(request, response, path);
  }

  /** The path without the key, and whether the request is authorised for the operator's part. */
  private authorise({ url = '/' }: IncomingMessage): { path: string; authorised: boolean } {
    const urlPath = url.split(/[?#]/, 1)[0] || '/';
    const { key, only } = this.parts;
    if (key === undefined) return { path: urlPath, authorised: only === undefined };
    const rest = behindKey(urlPath, key);
    return rest === undefined
      ? { path: urlPath, authorised: false }
      : { path: rest, authorised: true };
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {}); // The peer may disconnect meanwhile.
    const { path, authorised } = this.authorise(request);
    const found = Object.hasOwn(this.parts.sockets, path) ? this.parts.sockets[path] : undefined;
    const route = found && (authorised || found.forAll) ? found : undefined;
    const refusal = route ? this.whyNotUpgrade(request, route) : '404 Not Found';
    if (!route || refusal) {
      refuse(socket, refusal ?? '404 Not Found');
      return;
    }
    this.upgrader(path, route).handleUpgrade(request, socket, head, (accepted) => {
      accepted.on('error', () => {}); // Invalid frames close the socket.
      route.take(accepted);
    });
  }

  private whyNotUpgrade(request: IncomingMessage, route: SocketDoor): string | undefined {
    if (whyForeign(request, this.isOurs)) return '403 Forbidden';
    return route.open() ? undefined : '503 Service Unavailable';
  }

  private upgrader(urlPath: string, route: SocketDoor): WebSocketServer {
    const known = this.upgraders.get(urlPath);
    if (known) return known;
    const { protocol } = route;
    const upgrader = new WebSocketServer({
      noServer: true,
      maxPayload: route.maxBytes,
      perMessageDeflate: false,
      ...(protocol && { handleProtocols: (offered) => offered.has(protocol) && protocol }),
    });
    this.upgraders.set(urlPath, upgrader);
    return upgrader;
  }
}

function json(response: ServerResponse, { status, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** For a request of `/` without the key. */
function keyMissing(response: ServerResponse): void {
  response.writeHead(403, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(CLOSED_PAGE);
}

function fail(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${status}\n`);
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
