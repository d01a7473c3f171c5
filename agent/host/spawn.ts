/** Starts real processes for the supervisor, bound to the life of who starts them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EX_CONFIG } from '../../hal/common/exit-codes.ts';
import type { Child, Exit } from './supervisor.ts';

interface CommandLine {
  /** The bundle to run. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Runs ahead of all else by SCHED_FIFO, as firmware does on the robot. */
  readonly realTime: boolean;
}

/** What this machine lets us do with processes. */
export interface Privileges {
  /** SCHED_FIFO through chrt (root, or RLIMIT_RTPRIO). */
  readonly realTime: boolean;
  /** The kernel ends a process when its parent is gone (setpriv of util-linux). */
  readonly bound: boolean;
}

const FIFO = ['chrt', '-f', '50'];
const BOUND = ['setpriv', '--pdeathsig', 'KILL'];

export function askPrivileges(): Privileges {
  return { realTime: works([...FIFO, 'true']), bound: works([...BOUND, 'true']) };
}

/**
 * Puts this process's own thread ahead of others, a little behind firmware: the simulated world must
 * answer as a bus of wires does, however busy the machine is. What it starts does not inherit it.
 */
export function rushSelf(privileges: Privileges, pid = process.pid): void {
  if (privileges.realTime) works(['chrt', '--reset-on-fork', '-f', '-p', '45', String(pid)]);
}

function works([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The command line of a process. Exported for tests. */
export function commandWords(
  line: CommandLine,
  privileges: Privileges,
  preload: string,
  node = process.execPath,
): string[] {
  return [
    ...(privileges.bound ? BOUND : []),
    ...(line.realTime && privileges.realTime ? FIFO : []),
    node,
    '--enable-source-maps',
    '--import',
    preload,
    line.script,
    ...line.args,
  ];
}

/**
 * `onLine` gets what the process says. The child is in a session of its own: Ctrl-C reaches the
 * simulator alone, which then stops its children in order. Its standard input is the lifeline that
 * `scripts/exit-with-parent.mjs` watches.
 */
export function openChild(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Child {
  const [command = '', ...args] = words;
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env, DESKMATE_EXIT_WITH_PARENT: '1' },
  });
  child.stdin.on('error', () => {}); // Closed by the child's end; onExit tells.
  readLines(child.stdout, onLine);
  readLines(child.stderr, onLine);
  return {
    pid: child.pid,
    signal: (name) => signalGroup(child, name),
    onExit: (listener) => tellExit(child, listener),
  };
}

/** sysexits.h: what is wrong with the configuration will still be wrong at the next start. */

function tellExit(child: ChildProcess, listener: (exit: Exit) => void): void {
  child.once('error', ({ message }) => listener({ how: `could not be started: ${message}` }));
  child.once('exit', (code, signal) =>
    listener({ how: signal ?? `exit code ${code}`, lasting: code === EX_CONFIG }),
  );
}

/** The whole group: what the child started goes with it. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has just ended; its exit event follows.
  }
}

/** A process that never ends its line must not fill our memory. */
const MAX_LINE = 8_192;

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) onLine(line.slice(0, MAX_LINE));
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/**
 * What agent and media process are to be started with, by whatever starts them (the simulator's
 * launcher, a service unit). The C library reads these once, before any of our code runs.
 *
 * The media library works in a dozen threads, and glibc would give each its own arena: video
 * buffers freed by one thread are then not used again by another, and memory grows by 10-20 MB a
 * session. Two arenas, and buffers of 128 KB or more returned to the system, keep it level; in the
 * agent, which has fewer threads, they save 2 MB.
 */
export const mallocEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
};
