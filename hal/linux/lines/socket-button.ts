import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { askLine, socketAnswers } from '../../common/unix-socket.ts';
import type { Button, ButtonChange } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/**
 * What is said at the socket of a button: one line a connection, and one back. Whoever presses is
 * told when, by the clock of the process that has the button: its later reports can be told apart
 * from those of before.
 */
const PRESS_LINE = 'press';
const NOT_A_PRESS = 'expected press';

/** Longer than any line of either side. Bytes. */
const MAX_BUTTON_LINE = 64;

const pressedLine = (atMs: number): string => `pressed ${atMs}`;

/** Milliseconds (Clock.now) of the press; undefined: this is no such line. */
function readPressedLine(line: string): number | undefined {
  const found = /^pressed (\d{1,15}(?:\.\d{1,20})?)$/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}

const DEVICE = 'button socket';
/** Whoever presses does so at once and goes; more at one time are refused at the door. */
const MAX_CONNECTIONS = 8;
const IDLE_MS = 2_000;

/**
 * A button of a board that has none, pressed by another process over a Unix socket: each connection
 * is one press and release. Who may press is who may open the socket: this process's own user, by
 * the modes of the socket and of its folder. Takes over a socket that a dead process left behind;
 * rejects when a live one has it.
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
  /** Somebody speaks another language; said once until somebody does not. */
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

  /** Nobody holds it down: each connection is a whole press. */
  async read(): Promise<boolean> {
    const { path, inode } = this.file;
    if (!this.server.listening) throw fault('noAnswer', `nobody listens at ${path} any more`);
    // Whoever opens a path whose file is gone, or another's, does not reach this button.
    const found = await lstat(path).catch(() => undefined);
    if (found?.ino !== inode) throw fault('noAnswer', `${path} is gone or another's`);
    return false;
  }

  close(): Promise<void> {
    this.listeners.clear();
    for (const socket of this.sockets) socket.destroy();
    // The socket's file goes with it.
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
      // Who says nothing has only looked whether somebody is here.
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

/** Nobody else reaches the socket, from its first moment on, nor puts another in its place. */
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
  // Anything but a socket is somebody else's and stays.
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

/** Firmware's loop never takes so long while it lives. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * A finger on the button at that socket. Resolves with when it was pressed (Clock.now of the process
 * that has the button); rejects with HardwareFault.
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
