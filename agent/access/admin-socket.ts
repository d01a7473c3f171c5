import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { SerialQueue } from '../../hal/common/asynchrony.ts';
import { jsonOf } from '../../hal/common/json.ts';
import { LineSplitter } from '../../hal/common/line-splitter.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Health } from '../model/health.ts';
import type { RefusalCounters } from '../model/refusal-counters.ts';
import type { Access } from './access.ts';
import { AccessFault } from './access-fault.ts';
import {
  type AdminFailure,
  type AdminReply,
  AdminRequest,
  type FailureKind,
  MAX_ADMIN_LINE,
} from './admin-protocol.ts';

const MAX_CONNECTIONS = 8;
/** An idle tool is disconnected after this. */
const IDLE_MS = 30_000;

interface AdminParts {
  readonly path: string;
  /** Throws AccessFault, with the reason, while nobody can be let in. */
  readonly access: () => Access;
  readonly robot: string;
  /** For invitations: addresses of broker and pupil's page as a pupil's device reaches them. */
  readonly broker: string;
  readonly page: string;
  /** The session's phase, for `status`. */
  readonly phase: () => string;
  readonly health: () => Health;
  readonly refusals: RefusalCounters;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The socket for staff tools on the robot itself: a Unix socket that only the agent's own user (and
 * root) can open; the file mode is the only authentication. It issues invitations, so it is never a
 * TCP port. It cannot command the robot: that takes a session.
 */
export class AdminSocket {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly parts: AdminParts,
    private readonly server: Server,
  ) {
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (socket) => this.serve(socket));
  }

  static async open(parts: AdminParts): Promise<AdminSocket> {
    removeStaleSocket(parts.path);
    const server = createServer();
    const admin = new AdminSocket(parts, server);
    await listenPrivately(server, parts.path);
    return admin;
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let idle: Timer | undefined;
    const stayAwake = (): void => {
      idle?.cancel();
      idle = this.parts.clock.after(IDLE_MS, () => socket.destroy());
    };
    // Serial, so that replies come in the order of the requests.
    const turns = new SerialQueue();
    const lines = new LineSplitter(MAX_ADMIN_LINE, (line) => {
      void turns.run(() => this.reply(socket, line));
    });
    stayAwake();
    socket.on('data', (chunk) => {
      stayAwake();
      lines.push(chunk);
    });
    socket.on('error', (error) => this.parts.log.debug({ error: error.message }, 'admin socket'));
    socket.on('close', () => {
      idle?.cancel();
      this.sockets.delete(socket);
    });
  }

  private async reply(socket: Socket, line: string | undefined): Promise<void> {
    if (!socket.writable) return;
    const reply = await this.answer(line);
    if (!reply.ok) this.parts.refusals.count('admin', reply.kind);
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
  }

  private async answer(line: string | undefined): Promise<AdminReply> {
    if (line === undefined) return failure('tooLong', `a request has at most ${MAX_ADMIN_LINE} B`);
    const request = parse(line);
    if (!request.ok) return request;
    try {
      return await this.act(request.value);
    } catch (error) {
      if (error instanceof AccessFault) return failure(error.kind, error.message);
      this.parts.log.error({ verb: request.value.verb, error: String(error) }, 'admin failed');
      return failure('failed', 'the agent could not do this; its log says why');
    }
  }

  private async act(request: AdminRequest): Promise<AdminReply> {
    const { access, broker, page } = this.parts;
    switch (request.verb) {
      case 'invite': {
        const wanted = { days: request.days, broker, page };
        const { id, link, invitation, clockKnown } = await access().invite(wanted);
        const { expires } = invitation;
        return { ok: true, verb: 'invite', id, link, expires, clockKnown };
      }
      case 'devices':
        return { ok: true, verb: 'devices', devices: access().registry.devices() };
      case 'revoke': {
        const found = await access().registry.revokeDevice(request.device);
        if (!found) return failure('unknownDevice', 'no such device is bound here');
        return { ok: true, verb: 'revoke' };
      }
      case 'withdraw': {
        const found = await access().registry.revokeInvitation(request.invitation);
        if (!found) return failure('unknownInvitation', 'no such invitation is known here');
        return { ok: true, verb: 'withdraw' };
      }
      case 'status':
        return this.status();
    }
  }

  /** Undefined while nobody can be let in; status works all the same. */
  private openAccess(): Access | undefined {
    try {
      return this.parts.access();
    } catch {
      return undefined;
    }
  }

  private status(): AdminReply {
    const { robot, phase, refusals, health } = this.parts;
    const access = this.openAccess();
    return {
      ok: true,
      verb: 'status',
      robot,
      robotKey: access?.robotKey ?? '',
      phase: phase(),
      devices: access?.registry.devices().length ?? 0,
      invitations: access?.registry.invitations() ?? [],
      refused: refusals.snapshot(),
      health: health(),
    };
  }
}

/** Delay before the path is tried again, as it may be free by then. */
const REOPEN_MS = 5_000;

/**
 * Opens the admin socket, and retries: a file in its place makes staff tools unavailable, not the
 * lesson. Reported in the log only, as the tools cannot connect.
 */
export class AdminListener {
  private socket: AdminSocket | undefined;
  private retry: Timer | undefined;
  private closed = false;
  private lastError = '';

  private constructor(private readonly parts: AdminParts) {}

  /** Resolves after the first attempt. */
  static async open(parts: AdminParts): Promise<AdminListener> {
    const listener = new AdminListener(parts);
    await listener.attempt();
    return listener;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.retry?.cancel();
    await this.socket?.close();
  }

  private async attempt(): Promise<void> {
    const { clock, log, path } = this.parts;
    try {
      this.socket = await AdminSocket.open(this.parts);
      if (this.closed) await this.socket.close();
    } catch (error) {
      const why = String(error);
      if (why !== this.lastError)
        log.error(
          { path, error: why },
          'staff tools cannot reach the agent; is a file in its place?',
        );
      this.lastError = why;
      if (!this.closed) this.retry = clock.after(REOPEN_MS, () => void this.attempt());
    }
  }
}

function parse(line: string): { ok: true; value: AdminRequest } | AdminFailure {
  const value = jsonOf(line);
  if (value === undefined) return failure('malformed', 'expected one request as JSON on one line');
  const parsed = AdminRequest.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'request';
  return failure('malformed', `${where}: ${issue?.message ?? 'not a request'}`);
}

const failure = (kind: FailureKind, message: string): AdminFailure => ({
  ok: false,
  kind,
  message,
});

/** Removes the stale socket of a killed agent. Any other kind of file stays. */
function removeStaleSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path);
}

/** Mode 0600 from the start: `listen` binds synchronously, under a restrictive umask. */
function listenPrivately(server: Server, path: string): Promise<void> {
  const umask = process.umask(0o177);
  try {
    return new Promise((resolve, reject) => {
      // Permanent: `accept` may also fail later, without descriptors left; no reason to exit.
      server.on('error', reject);
      server.listen(path, () => {
        // For file systems that ignore the umask.
        chmodSync(path, 0o600);
        resolve();
      });
    });
  } finally {
    process.umask(umask);
  }
}
