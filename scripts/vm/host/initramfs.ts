import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Module } from './modules.ts';

const FOLDERS = ['bin', 'lib', 'proc', 'sys', 'dev', 'host', 'upper', 'new'];

interface Inside {
  /** The project's folder, mounted in the VM at the same path. */
  readonly root: string;
  readonly node: string;
  readonly shell: boolean;
  readonly only: string;
}

/** The VM's initramfs: busybox, modules, `init`, and `inside` with its task. */
export function initramfs(init: string, modules: readonly Module[], inside: Inside): Buffer {
  const files: Entry[] = [
    { name: 'init', data: readFileSync(init), executable: true },
    { name: 'bin/busybox', data: readFileSync('/bin/busybox'), executable: true },
    { name: 'inside', data: Buffer.from(variables(inside)) },
    { name: 'lib/order', data: Buffer.from(order(modules)) },
    ...modules.map(({ file }) => ({
      name: `lib/${path.basename(file)}`,
      data: readFileSync(file),
    })),
  ];
  return cpio([...FOLDERS.map((name) => ({ name })), ...files]);
}

/** `insmod` takes these lines as they are. */
function order(modules: readonly Module[]): string {
  return modules
    .map(({ file, parameters }) => `/lib/${path.basename(file)} ${parameters}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function variables({ root, node, shell, only }: Inside): string {
  const lines = { VM_ROOT: root, VM_NODE: node, VM_SHELL: shell ? '1' : '', VM_ONLY: only };
  return Object.entries(lines)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}

/** Archives as the kernel unpacks them: cpio "newc" (Documentation/driver-api/early-userspace/buffer-format.rst). */
interface Entry {
  readonly name: string;
  /** Of a folder: undefined. */
  readonly data?: Buffer;
  readonly executable?: boolean;
}

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;

export function cpio(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ name, data, executable }, i) => {
    const mode = data === undefined ? FOLDER : executable ? PROGRAM : FILE;
    return entry(name, mode, i + 1, data ?? Buffer.alloc(0));
  });
  return Buffer.concat([...parts, ...entry('TRAILER!!!', 0, 0, Buffer.alloc(0))]);
}

function entry(name: string, mode: number, inode: number, data: Buffer): Buffer[] {
  const nameBytes = Buffer.from(`${name}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, nameBytes.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return [padded(Buffer.concat([Buffer.from(header), nameBytes])), padded(data)];
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
