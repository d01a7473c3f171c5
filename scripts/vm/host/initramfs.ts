import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cpio, type Entry } from './cpio.ts';
import type { Module } from './modules.ts';

const FOLDERS = ['bin', 'lib', 'proc', 'sys', 'dev', 'host', 'upper', 'new'];

export interface Inside {
  /** The project's folder, which the VM sees at the same place. */
  readonly root: string;
  readonly node: string;
  readonly shell: boolean;
  readonly only: string;
}

/** What the VM begins with: busybox, modules, `init`, and `inside` with what it is to do. */
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
