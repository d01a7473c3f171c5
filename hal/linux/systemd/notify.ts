import type { Socket } from 'unix-dgram';
import { firstLineOf } from '../../common/errors.ts';
import { type Supervisor, unsupervised } from '../../ports/supervisor.ts';

/*
 * sd_notify(3): datagrams of NAME=value lines to the socket in NOTIFY_SOCKET. Node has no datagrams
 * on Unix sockets, so the add-on `unix-dgram` sends them.
 */

/** The part used of `unix-dgram`. The socket is non-blocking: what does not fit is dropped. */
export type DatagramSocket = Pick<Socket, 'on' | 'send' | 'close'>;

interface SupervisorOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pid?: number;
  /** Called once, with one line, when notifications that systemd expects cannot be sent. */
  readonly logLine?: (line: string) => void;
  readonly openSocket?: () => Promise<DatagramSocket>;
}

/** Longest address of a Unix socket, without its terminator. */
const LONGEST_PATH = 107;
const LONGEST_STATUS = 200;

/** The supervisor of this process: systemd where it requests notifications, else none. */
export async function openSupervisor(options: SupervisorOptions = {}): Promise<Supervisor> {
  const { env = process.env, pid = process.pid, logLine = () => {} } = options;
  const address = env.NOTIFY_SOCKET;
  if (address === undefined || address === '') return unsupervised;
  const wrong = addressProblem(address);
  if (wrong !== undefined) {
    logLine(`systemd cannot be told that this process is well: NOTIFY_SOCKET is ${wrong}`);
    return unsupervised;
  }
  try {
    const socket = await (options.openSocket ?? openDatagramSocket)();
    return new SystemdSupervisor(socket, address, watchdogMs(env, pid), logLine);
  } catch (error) {
    logLine(
      `systemd cannot be told that this process is well: library unix-dgram cannot be loaded by Node ${process.version} (${firstLineOf(error)}); npm install unix-dgram`,
    );
    return unsupervised;
  }
}

/**
 * Current systemd uses a path. An abstract address ('@') starts with a zero byte, which the add-on
 * would truncate.
 */
function addressProblem(address: string): string | undefined {
  if (address.startsWith('@')) return 'abstract (@), expected a path: use systemd 219 or newer';
  if (!address.startsWith('/')) return `"${address.slice(0, 60)}", expected a path from /`;
  if (Buffer.byteLength(address) > LONGEST_PATH) return `longer than ${LONGEST_PATH} bytes`;
  return undefined;
}

/** WATCHDOG_USEC, when it is meant for this process (sd_watchdog_enabled(3)). */
export function watchdogMs(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): number | undefined {
  const { WATCHDOG_USEC: micros, WATCHDOG_PID: whose } = env;
  if (micros === undefined || !/^\d{1,15}$/.test(micros)) return undefined;
  if (whose !== undefined && whose !== '' && whose !== String(pid)) return undefined;
  const ms = Number(micros) / 1_000;
  return ms > 0 ? ms : undefined;
}

async function openDatagramSocket(): Promise<DatagramSocket> {
  const { createSocket } = await import('unix-dgram');
  return createSocket('unix_dgram');
}

class SystemdSupervisor implements Supervisor {
  private closed = false;
  private failing = false;

  constructor(
    private readonly socket: DatagramSocket,
    private readonly address: string,
    readonly watchdogMs: number | undefined,
    private readonly logLine: (line: string) => void,
  ) {
    socket.on('error', () => {});
  }

  ready(): void {
    this.send('READY=1');
  }

  status(text: string): void {
    // A line break would start another assignment.
    const line = text.replace(/\p{Cc}+/gu, ' ').slice(0, LONGEST_STATUS);
    this.send(`STATUS=${line}`);
  }

  /** The last message; the socket is closed, as it would keep the process alive. */
  stopping(): void {
    this.send('STOPPING=1');
    if (this.closed) return;
    this.closed = true;
    try {
      this.socket.close();
    } catch {
      // Closed anyway.
    }
  }

  alive(): void {
    this.send('WATCHDOG=1');
  }

  private send(assignment: string): void {
    if (this.closed) return;
    const bytes = Buffer.from(assignment);
    try {
      this.socket.send(bytes, 0, bytes.length, this.address, (error) => this.outcome(error));
    } catch (error) {
      this.outcome(error);
    }
  }

  /** Reported at the first failure only. */
  private outcome(error: unknown): void {
    const failed = error !== undefined && error !== null;
    if (failed && !this.failing)
      this.logLine(`systemd does not hear this process at ${this.address}: ${firstLineOf(error)}`);
    this.failing = failed;
  }
}
