/** A QEMU virtual machine. It ends by itself, by a time limit, or with this process. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, createWriteStream, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { jsonOf } from '../../../hal/common/json.ts';
import { Word } from '../wire.ts';

export interface MachineOptions {
  readonly vmlinux: string;
  readonly initrd: string;
  /** The VM's console output. */
  readonly log: string;
  /** Path of the socket for the VM's messages. */
  readonly folder: string;
  /** The console is this terminal. */
  readonly shell: boolean;
  readonly accelerator: 'kvm' | 'tcg';
  /** Its niceness, where processors are few. */
  readonly nice: number;
}

export interface Ended {
  /** The machine was switched off or reset from inside; `killed` by a limit or a signal. */
  readonly how: 'off' | 'killed' | 'broken';
  /** QEMU's error output. */
  readonly said: string;
}

export class QemuMachine {
  readonly ended: Promise<Ended>;
  private killed = false;
  private readonly child: ChildProcess;
  private readonly onExit = (): void => void this.child.kill('SIGKILL');

  private constructor(
    { vmlinux, initrd, log, shell, accelerator, nice }: MachineOptions,
    socket: string,
    private readonly server: Server,
  ) {
    const qemu = ['qemu-system-x86_64', ...args(vmlinux, initrd, socket, accelerator, shell)];
    this.child = spawn('nice', ['-n', String(nice), ...qemu], {
      stdio: shell ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', this.onExit);
    if (this.child.stdout) this.child.stdout.pipe(createWriteStream(log));
    this.ended = this.watch();
  }

  /** Starts it; `onWord` gets the VM's messages. */
  static async start(options: MachineOptions, onWord: (word: Word) => void): Promise<QemuMachine> {
    const socket = path.join(options.folder, 'words.sock');
    rmSync(socket, { force: true });
    const server = createServer((connection) => {
      connection.on('error', () => {}); // QEMU is gone; `ended` tells.
      createInterface({ input: connection }).on('line', (line) => {
        const word = readWord(line);
        if (word) onWord(word);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    return new QemuMachine(options, socket, server);
  }

  kill(): void {
    this.killed = true;
    this.child.kill('SIGKILL');
  }

  private watch(): Promise<Ended> {
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    return new Promise((resolve) => {
      const end = (how: Ended['how'], more = ''): void => {
        process.off('exit', this.onExit);
        this.server.close();
        resolve({ how, said: `${said}${more}`.trim() });
      };
      this.child.once('error', (error) => end('broken', String(error)));
      this.child.once('close', (code) =>
        end(this.killed ? 'killed' : code === 0 ? 'off' : 'broken'),
      );
    });
  }
}

/**
 * Emulated, time counts instructions: 2^shift ns each while the VM works, real time while it is
 * idle. The VM's processor speed then does not depend on the host's speed and load.
 */
const ACCELERATOR = {
  kvm: ['-accel', 'kvm', '-smp', '2'],
  tcg: ['-accel', 'tcg', '-icount', `shift=${process.env.SHIFT ?? 0},sleep=on`, '-smp', '1'],
};
const SLOWNESS = { kvm: 1, tcg: 2 };

/** Whether this process may use KVM; whether it works is known only after booting. */
export function mayUseKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function args(
  vmlinux: string,
  initrd: string,
  socket: string,
  accelerator: 'kvm' | 'tcg',
  shell: boolean,
): string[] {
  const words = [
    ...['console=ttyS0', 'panic=-1', 'random.trust_cpu=on', shell ? 'quiet' : 'loglevel=6'],
    `deskmate.slowness=${SLOWNESS[accelerator]}`,
  ];
  return [
    ...ACCELERATOR[accelerator],
    ...['-cpu', 'max', '-M', 'q35', '-m', '2G', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-kernel', vmlinux, '-initrd', initrd],
    ...['-append', words.join(' ')],
    ...['-serial', shell ? 'mon:stdio' : 'stdio'],
    // multidevs=remap: a host with several file systems below / has equal inode numbers.
    ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=words,path=${socket}`],
    ...['-device', 'virtserialport,chardev=words,name=vm'],
  ];
}

function readWord(line: string): Word | undefined {
  return Word.safeParse(jsonOf(line)).data;
}
