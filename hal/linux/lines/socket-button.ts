import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { askLine, socketAnswers } from '../../common/unix-socket.ts';
import type { Button, ButtonChange } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/**
 * Protocol of a button's socket: one line per connection, and one reply. The reply gives the time of
 * the press by the clock of the process that owns the button, so that the client can distinguish
 * later reports from earlier ones.
 */
const PRESS_LINE = 'press';
const NOT_A_PRESS = 'expected press';

/** Longer than any line of the protocol. Bytes. */
const MAX_BUTTON_LINE = 64;

const pressedLine = (atMs: number): string => `pressed ${atMs}`;

/** Milliseconds (Clock.now) of the press; undefined: not a valid reply. */
function readPressedLine(line: string): number | undefined {
  const found = /^pressed (\d{1,15}(?:\.\d{1,20})?)$/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}

const DEVICE = 'button socket';
/** Limit of concurrent connections, which are short; more are refused. */
const MAX_CONNECTIONS = 8;
const IDLE_MS = 2_000;

/**
 * Button of a board without one, pressed by another process over a Unix socket: each connection is
 * one press and release. Access is limited to this process's user by the modes of the socket and of
 * its folder. Takes over the socket of a dead process; rejects when a live one has it.
 */
export async function openSocketButton(
  path: string,
  clock: Clock,
  logLine: (line: string) => void,
): Promise<Button> {
  await expectPrivateFolder(dirname(path));
  await takeOver(path);
  const server = createServer();
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  return new SocketButton(server, { path, inode: (await lstat(path)).ino }, clock, logLine);
}

class SocketButton implements Button {
  readonly present = true;
  private readonly listeners = new Set<(change: ButtonChange) => void>();
  private readonly sockets = new Set<Socket>();
  /** A client violated the protocol; logged once until one does not. */
  private complained = false;

  constructor(
    private readonly server: Server,
    private readonly file: { readonly path: string; readonly inode: number },
    private readonly clock: Clock,
    private readonly logLine: (line: string) => void,
  ) {
    server.on('connection', (socket) => this.serve(socket));
    server.on('error', (error) => logLine(`${DEVICE}: ${error.message}`));
  }

  onChange(listener: (change: ButtonChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Never held: each connection is a whole press. */
  async read(): Promise<boolean> {
    const { path, inode } = this.file;
    if (!this.server.listening) throw fault('noAnswer', `nobody listens at ${path} any more`);
    // If the socket's file was removed or replaced, clients do not reach this button.
    const found = await lstat(path).catch(() => undefined);
    if (found?.ino !== inode) throw fault('noAnswer', `${path} is gone or another's`);
    return false;
  }

  close(): Promise<void> {
    this.listeners.clear();
    for (const socket of this.sockets) socket.destroy();
    // This also removes the socket's file.
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    const idle = this.clock.after(IDLE_MS, () => socket.destroy());
    let text = '';
    let judged = false;
    const judge = (): void => {
      judged = true;
      socket.end(`${this.answer(text)}\n`);
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      if (judged) return;
      text += chunk.slice(0, MAX_BUTTON_LINE);
      if (text.includes('\n') || text.length > MAX_BUTTON_LINE) judge();
    });
    socket.on('end', () => {
      // A connection without data only probes whether the socket is alive.
      if (!judged && text !== '') judge();
    });
    socket.on('error', () => {}); // The other end went away; what it pressed is pressed.
    socket.on('close', () => {
      idle.cancel();
      this.sockets.delete(socket);
    });
  }

  private answer(text: string): string {
    if (text !== `${PRESS_LINE}\n`) {
      if (!this.complained)
        this.logLine(`${DEVICE}: not a press, expected the line "${PRESS_LINE}"`);
      this.complained = true;
      return NOT_A_PRESS;
    }
    this.complained = false;
    const atMs = this.clock.now();
    for (const pressed of [true, false])
      for (const listener of [...this.listeners]) listener({ pressed, atMs });
    return pressedLine(atMs);
  }
}

/** No other user can reach or replace the socket, from its creation on. */
async function expectPrivateFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  const remedy = `mkdir -p -m 700 ${folder}`;
  if (!found?.isDirectory()) throw fault('noAnswer', `${folder} is no folder; make it: ${remedy}`);
  const own = process.getuid?.();
  if (found.uid !== own || (found.mode & 0o077) !== 0)
    throw fault(
      'notPermitted',
      `${folder} is open to others, expected a folder of this user alone: chmod 700 ${folder}`,
    );
}

async function takeOver(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  // Anything but a socket is not ours and is left in place.
  if (!found.isSocket()) throw fault('badData', `${path} is there and is no socket`);
  if (await socketAnswers(path))
    throw fault('busy', `another process listens at ${path}; stop it first`);
  await unlink(path).catch(() => {});
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    });
    await chmod(path, 0o600);
  } catch (error) {
    server.close();
    throw fault('notPermitted', `cannot listen at ${path} (${String(error)})`, error);
  }
}

function fault(kind: HardwareFault['kind'], message: string, cause?: unknown): HardwareFault {
  return new HardwareFault(kind, DEVICE, message, { cause });
}

/** Longer than any iteration of firmware's loop. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Presses the button at a socket. Resolves with the time of the press (Clock.now of the process that
 * owns the button); rejects with HardwareFault.
 */
export async function pressSocketButton(path: string, clock: Clock): Promise<number> {
  const strange = (): HardwareFault =>
    fault('badData', `${path} answers something else than a button`);
  const line = await askLine({
    ...{ path, line: PRESS_LINE, clock, withinMs: ANSWER_WITHIN_MS, longest: MAX_BUTTON_LINE },
    failed: (why) => {
      if (why === 'late') return fault('timeout', `${path} does not answer`);
      if (why === 'closed') return fault('noAnswer', `${path} went away`);
      return why === 'tooLong'
        ? strange()
        : fault('noAnswer', `nobody is at ${path} (${why.message})`);
    },
  });
  const atMs = readPressedLine(line);
  if (atMs === undefined) throw strange();
  return atMs;
}
