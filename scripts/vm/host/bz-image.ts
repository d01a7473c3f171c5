/**
 * Where the compressed kernel lies within a bzImage: Linux/x86 boot protocol 2.08 and newer
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

export type Compression = 'xz' | 'gzip' | 'zstd';

export interface Payload {
  readonly compression: Compression;
  readonly bytes: Buffer;
}

/** Throws an Error that says what was found instead. */
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
