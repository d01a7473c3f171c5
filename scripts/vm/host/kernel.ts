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

/**
 * Position of the compressed kernel in a bzImage: Linux/x86 boot protocol 2.08 and newer
 * (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length).
 */
const BOOT_FLAG = 0x1fe;
const HEADER_MAGIC = 0x202;
const PROTOCOL = 0x206;
const SETUP_SECTS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const SECTOR = 512;

const FORMATS: readonly (readonly [name: Compression, magic: string])[] = [
  ['xz', 'fd377a585a00'],
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
];

type Compression = 'xz' | 'gzip' | 'zstd';

interface Payload {
  readonly compression: Compression;
  readonly bytes: Buffer;
}

/** Throws an Error with what was found instead. */
export function payloadOf(image: Buffer): Payload {
  const header = image.length > PAYLOAD_LENGTH + 4 && image.readUInt16LE(BOOT_FLAG) === 0xaa55;
  if (!header || image.toString('latin1', HEADER_MAGIC, HEADER_MAGIC + 4) !== 'HdrS')
    throw new Error('not a bzImage');
  if (image.readUInt16LE(PROTOCOL) < 0x208)
    throw new Error('a bzImage older than boot protocol 2.08');
  const sectors = image[SETUP_SECTS] || 4;
  const start = (sectors + 1) * SECTOR + image.readUInt32LE(PAYLOAD_OFFSET);
  const bytes = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH));
  const magic = bytes.toString('hex', 0, 8);
  const format = FORMATS.find(([, begin]) => magic.startsWith(begin));
  if (!format) throw new Error(`a kernel packed in a way not known here (it begins ${magic})`);
  // The kernel's build appends the unpacked size to what the packer made.
  return { compression: format[0], bytes: bytes.subarray(0, bytes.length - 4) };
}
