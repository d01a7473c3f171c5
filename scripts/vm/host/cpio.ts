/** Archives as the kernel unpacks them: cpio "newc" (Documentation/driver-api/early-userspace/buffer-format.rst). */
export interface Entry {
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
