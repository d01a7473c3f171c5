/** Debian's kernel, unpacked: QEMU boots an ELF kernel (PVH) in half the time of a bzImage. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { payloadOf } from './bz-image.ts';

export interface Kernel {
  /** For example `6.1.0-30-amd64`. */
  readonly version: string;
  readonly modules: string;
  readonly vmlinux: string;
}

const UNPACK = { xz: ['xz', '-dc'], gzip: ['gzip', '-dc'], zstd: ['zstd', '-dc'] } as const;

/** The newest kernel that is installed with modules and headers. */
export function findKernel(): string {
  const versions = readdirSync('/boot')
    .filter((file) => /^vmlinuz-.*-amd64$/.test(file))
    .map((file) => file.replace('vmlinuz-', ''))
    .filter((version) => existsSync(`/lib/modules/${version}/modules.dep`))
    .filter((version) => existsSync(`/lib/modules/${version}/build`))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newest = versions.at(-1);
  if (!newest)
    throw new Error(
      'no kernel in /boot has both modules and headers installed: apt-get install --reinstall linux-image-amd64 linux-headers-amd64',
    );
  return newest;
}

/** Unpacks once a version; `cache` is a folder. */
export function openKernel(version: string, cache: string): Kernel {
  const vmlinux = path.join(cache, `vmlinux-${version}`);
  if (!existsSync(vmlinux)) {
    mkdirSync(cache, { recursive: true });
    const { compression, bytes } = payloadOf(readFileSync(`/boot/vmlinuz-${version}`));
    const [program, ...args] = UNPACK[compression];
    const { stdout, status, stderr } = spawnSync(program, args, {
      input: bytes,
      maxBuffer: 256 << 20,
    });
    if (status !== 0) throw new Error(`the kernel could not be unpacked: ${stderr.toString()}`);
    writeFileSync(`${vmlinux}.new`, stdout);
    renameSync(`${vmlinux}.new`, vmlinux);
  }
  return { version, modules: `/lib/modules/${version}`, vmlinux };
}
