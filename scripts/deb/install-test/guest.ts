import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shell } from '../shell.ts';

interface Said {
  readonly code: number;
  /** Standard output and standard error. */
  readonly text: string;
}

/**
 * A Debian with a systemd of its own, in namespaces of this kernel: services start as on a robot,
 * with users, priorities, sandboxes and system call filters. Needs root.
 */
export class Guest {
  private constructor(
    private readonly init: ChildProcess,
    private readonly pid: number,
    private readonly upper: string,
    private readonly group: string,
  ) {}

  static async boot(script: string, lower: string, inbox: string): Promise<Guest> {
    const upper = await mkdtemp(path.join(tmpdir(), 'deskmate-deb-'));
    const group = await ownControlGroup();
    const spaces = ['pid', 'mount', 'uts', 'ipc', 'net', 'cgroup'].map((name) => `--${name}`);
    // The group first: the cgroup namespace begins at the group that its first process is in.
    const enter = `echo $$ > '${group}/cgroup.procs' && exec unshare --fork --kill-child "$@"`;
    const words = [...spaces, 'bash', script, lower, upper, inbox];
    const init = spawn('bash', ['-c', enter, 'enter', ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const guest = new Guest(init, await firstChild(init), upper, group);
    await guest.untilUp();
    return guest;
  }

  /** Runs a line of shell as root inside. */
  async run(line: string): Promise<Said> {
    const inside = ['-t', String(this.pid), '-m', '-u', '-i', '-n', '-p', '-C'];
    const clean = [
      'env',
      '-i',
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'DEBIAN_FRONTEND=noninteractive',
    ];
    return new Promise((resolve) => {
      execFile(
        'nsenter',
        [...inside, ...clean, 'sh', '-c', `exec 2>&1; cd /; ${line}`],
        { maxBuffer: 16 * 1024 * 1024 },
        (error, stdout) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout.trim() }),
      );
    });
  }

  /** As `run`, for what must succeed; gives the text. */
  async must(line: string): Promise<string> {
    const { code, text } = await this.run(line);
    if (code !== 0) throw new Error(`in the guest: ${line}\nexit code ${code}: ${text}`);
    return text;
  }

  async write(file: string, text: string): Promise<void> {
    await this.must(`cat > '${file}' <<'END-OF-FILE'\n${text}\nEND-OF-FILE`);
  }

  async stop(): Promise<void> {
    const over = once(this.init, 'exit');
    this.init.kill('SIGKILL');
    await over;
    await rm(this.upper, { recursive: true, force: true });
    await removeGroup(this.group);
  }

  private async untilUp(): Promise<void> {
    for (let tries = 0; tries < 150; tries++) {
      if (this.init.exitCode !== null)
        throw new Error('the Debian root did not start; root is needed');
      // `degraded` is accepted: a minimal Debian lacks units that are not needed here.
      const { text } = await this.run('systemctl is-system-running');
      if (/^(running|degraded)$/.test(text)) return;
      await sleep(200);
    }
    throw new Error(
      `systemd in the Debian root did not come up: ${(await this.run('systemctl list-jobs')).text}`,
    );
  }
}

async function firstChild({ pid }: ChildProcess): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const [child] = children.trim().split(' ');
    if (child) return Number(child);
    await sleep(50);
  }
  throw new Error('unshare did not start; root is needed');
}

/** Below wherever this machine has its cgroup2. */
async function ownControlGroup(): Promise<string> {
  const found = await shell('findmnt', ['-n', '-t', 'cgroup2', '-o', 'TARGET']);
  const place = path.join(found.trim().split('\n')[0] ?? '', `deskmate-deb-${process.pid}`);
  await mkdir(place);
  return place;
}

/** Empty once its processes are gone, which the kernel may take a moment to see. */
async function removeGroup(group: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const folders = await shell('find', [group, '-depth', '-type', 'd']).catch(() => '');
    for (const folder of folders.trim().split('\n')) await rmdir(folder).catch(() => {});
    if (folders === '') return;
    await sleep(100);
  }
}
