/** The host probe on Linux. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile, readlink, stat, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AdminClient,
  AdminClientError,
  type AgentStatus,
} from '../../../agent/access/admin-client.ts';
import type { I2cBus } from '../../../hal/bus/i2c.ts';
import { codeOf } from '../../../hal/common/errors.ts';
import { linuxGpio } from '../../../hal/linux/gpio/libraries.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import { type NetworkState, unknownNetwork } from '../../../hal/ports/network.ts';
import type { Holder, HostProbe, Ran, Reached, Space, Target, Text } from './host-probe.ts';
import { addressesOf, openProbe, reach } from './probes.ts';

/** Timeout of a program. */
const RUN_MS = 5_000;
/** Timeout of a new Node with 20 MB of native code: a second, many on a busy or slow computer. */
const LOAD_MS = 20_000;
/** Timeout of D-Bus services, which answer from memory; an absent one does not answer. */
const NETWORK_MS = 2_000;
const MAX_OUTPUT = 1024 * 1024;

export class LinuxHostProbe implements HostProbe {
  readonly node = { version: process.versions.node, arch: process.arch };
  readonly user: HostProbe['user'];

  constructor(
    private readonly clock: Clock,
    readonly env: NodeJS.ProcessEnv,
  ) {
    const { uid } = userInfo();
    this.user = { name: nameOfUser(uid), root: uid === 0 };
  }

  wall(): number {
    return this.clock.wall();
  }

  async read(path: string): Promise<Text> {
    try {
      return { ok: true, text: await readFile(path, 'utf8') };
    } catch (error) {
      return { ok: false, code: codeOf(error) ?? 'EIO' };
    }
  }

  async list(path: string): Promise<readonly string[]> {
    return readdir(path).catch(() => []);
  }

  async may(path: string, how: 'read' | 'readWrite'): Promise<'yes' | 'no' | 'missing'> {
    const mode = how === 'read' ? constants.R_OK : constants.R_OK | constants.W_OK;
    try {
      await access(path, mode);
      return 'yes';
    } catch (error) {
      const code = codeOf(error) ?? 'EIO';
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'no';
    }
  }

  async group(path: string): Promise<{ name: string; readWrite: boolean } | undefined> {
    const [file, groups] = await Promise.all([
      stat(path).catch(() => undefined),
      this.read('/etc/group'),
    ]);
    if (!file || !groups.ok) return undefined;
    const line = groups.text.split('\n').find((one) => one.split(':')[2] === String(file.gid));
    const bits = constants.S_IRGRP | constants.S_IWGRP;
    const readWrite = (file.mode & bits) === bits;
    return { name: line?.split(':', 1)[0] ?? String(file.gid), readWrite };
  }

  run(command: string, ...args: string[]): Promise<Ran> {
    const env = { ...this.env, LC_ALL: 'C', LANG: 'C' };
    const options = { timeout: RUN_MS, maxBuffer: MAX_OUTPUT, env, encoding: 'utf8' as const };
    return new Promise((resolve) => {
      execFile(command, args, options, (error, out) => {
        const code = error ? error.code : 0;
        resolve({ code: typeof code === 'number' ? code : null, out });
      });
    });
  }

  /** From /proc/PID/fd: all processes for root, else the caller's own. */
  async holders(path: string): Promise<readonly Holder[]> {
    const pids = (await this.list('/proc')).filter((name) => /^\d+$/.test(name));
    const found: Holder[] = [];
    for (const pid of pids) {
      const folder = `/proc/${pid}/fd`;
      const files = await Promise.all(
        (await this.list(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
      );
      if (!files.includes(path)) continue;
      const name = await this.read(`/proc/${pid}/comm`);
      found.push({ pid: Number(pid), name: name.ok ? name.text.trim() : '?' });
    }
    return found;
  }

  async space(path: string): Promise<Space | undefined> {
    const folder = await nearest(path);
    const [size, mounts] = await Promise.all([
      statfs(folder).catch(() => undefined),
      this.read('/proc/mounts'),
    ]);
    if (!size || !mounts.ok) return undefined;
    const { mount, readOnly } = mountOf(mounts.text, folder);
    return {
      freeBytes: size.bavail * size.bsize,
      totalBytes: size.blocks * size.bsize,
      freeInodes: size.ffree,
      totalInodes: size.files,
      readOnly,
      mount,
    };
  }

  addresses(host: string): Promise<readonly string[]> {
    return addressesOf(host);
  }

  async network(withinMs = NETWORK_MS): Promise<NetworkState> {
    const bus = systemBusSocket(this.env);
    if (bus && (await this.may(bus, 'readWrite')) !== 'yes') return unknownNetwork;
    try {
      // Imported only here: without its library everything else can still be examined.
      const { openNetwork } = await import('../../../hal/linux/network/open-network.ts');
      const address = this.env.DBUS_SYSTEM_BUS_ADDRESS;
      const network = openNetwork({ clock: this.clock, ...(address && { address }) });
      const state = await new Promise<NetworkState>((resolve) => {
        const late = this.clock.after(withinMs, () => resolve(network.read()));
        network.onChange((known) => {
          late.cancel();
          resolve(known);
        });
      });
      await network.close();
      return state;
    } catch {
      return unknownNetwork;
    }
  }

  reach(target: Target): Promise<Reached> {
    return reach(this.clock, target);
  }

  /** In a separate process, since a broken add-on can crash it. */
  loads(packageName: string): Promise<string | undefined> {
    const script = `import(${JSON.stringify(packageName)}).then(() => process.exit(0), (error) => { process.stdout.write(String(error?.message ?? error)); process.exit(1); })`;
    const cwd = dirname(fileURLToPath(import.meta.url));
    const args = ['--input-type=module', '--eval', script];
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        args,
        { timeout: LOAD_MS, cwd, encoding: 'utf8' },
        (error, out) => {
          if (!error) return resolve(undefined);
          const late = `it was not loaded within ${LOAD_MS / 1_000} s; is this computer busy?`;
          resolve(error.killed ? late : (out || error.message).split('\n', 1)[0]);
        },
      );
    });
  }

  openI2c(bus: number): Promise<Pick<I2cBus, 'readByte' | 'close'>> {
    return openProbe(bus);
  }

  async gpioLabel(device: string): Promise<string | undefined> {
    try {
      const { Chip } = await linuxGpio.libgpiod();
      return new Chip(device).label;
    } catch {
      return undefined; // No permission, or no library for this Node.
    }
  }

  async askAgent(socket: string): Promise<AgentStatus | undefined> {
    try {
      return await new AdminClient(this.clock, socket, 0).status();
    } catch (error) {
      if (error instanceof AdminClientError) return undefined;
      throw error;
    }
  }
}

/** The socket file of the system's D-Bus; undefined for another kind of address. */
function systemBusSocket({
  DBUS_SYSTEM_BUS_ADDRESS: named,
}: NodeJS.ProcessEnv): string | undefined {
  return named ? /^unix:path=([^,;%]+)(?:$|,)/.exec(named)?.[1] : '/run/dbus/system_bus_socket';
}

function nameOfUser(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid); // A user without an entry in /etc/passwd.
  }
}

/** The folder itself or its nearest existing parent. */
async function nearest(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there || path === '/' ? path : nearest(dirname(path));
}

/** The mount that contains a path, from /proc/mounts: `device mount type options 0 0`. */
export function mountOf(mounts: string, path: string): { mount: string; readOnly: boolean } {
  let best = { mount: '/', readOnly: false };
  for (const line of mounts.split('\n')) {
    const [, raw = '', , options = ''] = line.split(' ');
    const mount = raw.replaceAll('\\040', ' ');
    const below = path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`);
    // Of several mounts on one folder the last one is visible.
    if (raw && below && mount.length >= best.mount.length)
      best = { mount, readOnly: options.split(',').includes('ro') };
  }
  return best;
}
