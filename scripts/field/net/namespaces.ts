/**
 * Network namespaces of one run. Their names contain the pid and start time of the process that
 * created them, so that a later run can remove those of a killed one.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOSTS, type Host, NAME_SERVER } from './plan.ts';
import { run, works } from './shell.ts';

const PREFIX = 'deskmate-field';
/** `ip netns exec` mounts the files of /etc/netns/NAME over /etc (ip-netns(8)). */
const ETC = '/etc/netns';
const NETNS = '/run/netns';
/** The others drop what is not for them. */
const FORWARDS: readonly Host[] = ['internet', 'home', 'school', 'mobile'];

export class Namespaces {
  private readonly run: string;

  constructor(pid = process.pid) {
    this.run = `${pid}-${startOf(pid) ?? 0}`;
  }

  /** For files of the run, private; not created yet. */
  get folder(): string {
    return path.join(tmpdir(), `${PREFIX}-${this.run}-files`);
  }

  open(): void {
    for (const host of HOSTS) {
      const name = this.nameOf(host);
      run(['ip', 'netns', 'add', name]);
      const etc = path.join(ETC, name);
      mkdirSync(etc, { recursive: true });
      writeFileSync(path.join(etc, 'hosts'), '127.0.0.1 localhost\n');
      writeFileSync(path.join(etc, 'resolv.conf'), `nameserver ${NAME_SERVER}\n`);
      this.exec(host, ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
      if (FORWARDS.includes(host)) this.exec(host, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
      this.ip(host, ['link', 'set', 'lo', 'up']);
    }
  }

  /** Its name for `ip netns`. */
  nameOf(host: Host): string {
    return `${PREFIX}-${this.run}-${host}`;
  }

  /** Arguments that run a program there by exec, so with the same pid. */
  inside(host: Host, words: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.nameOf(host), ...words];
  }

  /** Resolves with its output. Throws ProgramError. */
  exec(host: Host, words: readonly string[], input?: string): string {
    return run(this.inside(host, words), input);
  }

  ip(host: Host, words: readonly string[]): string {
    return run(['ip', '-n', this.nameOf(host), ...words]);
  }

  /** A veth link between two hosts. */
  wire(a: readonly [Host, string], b: readonly [Host, string]): void {
    const [hostA, deviceA] = a;
    const [hostB, deviceB] = b;
    const [nsA, nsB] = [this.nameOf(hostA), this.nameOf(hostB)];
    const peer = ['peer', 'name', deviceB, 'netns', nsB];
    run(['ip', 'link', 'add', 'name', deviceA, 'netns', nsA, 'type', 'veth', ...peer]);
  }

  /** Everything that runs inside ends too. */
  close(): void {
    for (const host of HOSTS) remove(this.nameOf(host));
    removeFolder();
  }
}

/** Names of runs whose process has ended; a new process with its pid has another start time. */
export function leftovers(
  names: readonly string[],
  began: (pid: number) => string | undefined,
): string[] {
  return names.filter((name) => {
    const [, pid, start] = new RegExp(`^${PREFIX}-(\\d+)-(\\d+)-[a-z]+$`).exec(name) ?? [];
    return pid !== undefined && began(Number(pid)) !== start;
  });
}

/** Removes what killed runs left. Returns the number of namespaces. */
export function removeLeftovers(): number {
  const left = leftovers(list(NETNS), startOf);
  for (const name of left) remove(name);
  if (left.length > 0) removeFolder();
  for (const folder of leftovers(list(tmpdir()), startOf))
    rmSync(path.join(tmpdir(), folder), { recursive: true, force: true });
  return left.length;
}

function remove(name: string): void {
  if (list(NETNS).includes(name)) {
    for (const pid of run(['ip', 'netns', 'pids', name]).split('\n').filter(Boolean)) kill(pid);
    run(['ip', 'netns', 'del', name]);
  }
  rmSync(path.join(ETC, name), { recursive: true, force: true });
}

function removeFolder(): void {
  try {
    rmdirSync(ETC);
  } catch {
    // Others have theirs in it.
  }
}

function kill(pid: string): void {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Start time of a process in ticks since boot (proc(5), field 22); unique with its pid. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const NEEDS_ROOT =
  'make field makes hosts out of network namespaces, which takes root (sudo make field).';

/** Why hosts cannot be created on this machine, as a message; undefined when they can. */
export function whyNotHere(): string | undefined {
  if (process.platform !== 'linux') return 'make field needs Linux.';
  if (process.getuid?.() !== 0) return NEEDS_ROOT;
  const name = `deskmate-try-${process.pid}`;
  try {
    run(['ip', 'netns', 'add', name]);
  } catch (error) {
    return `This machine allows no network namespaces: ${said(error)}`;
  }
  try {
    run(['ip', '-n', name, 'link', 'add', 'name', 'a', 'type', 'veth', 'peer', 'name', 'b']);
    run(['ip', '-n', name, 'link', 'add', 'name', 'c', 'type', 'bridge']);
    run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], TABLE);
    return undefined;
  } catch (error) {
    return `This machine's kernel lacks what routers are made of: ${said(error)}`;
  } finally {
    works(['ip', 'netns', 'del', name]);
  }
}

const TABLE =
  'table ip t { chain c { type nat hook postrouting priority srcnat; masquerade fully-random; }; }';

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
