import { describe, expect, it } from 'vitest';
import { UsageError } from '../../arguments.mjs';
import { cpio } from './initramfs.ts';
import { payloadOf } from './kernel.ts';
import { readDependencies, sourceOf } from './modules.ts';
import { parseOptions } from './options.ts';

/** A bzImage of four sectors of setup and a payload at 16 bytes into the protected-mode part. */
function image(payload: Buffer, protocol = 0x20f): Buffer {
  const bytes = Buffer.alloc(5 * 512 + 16 + payload.length);
  bytes[0x1f1] = 4;
  bytes.writeUInt16LE(0xaa55, 0x1fe);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(protocol, 0x206);
  bytes.writeUInt32LE(16, 0x248);
  bytes.writeUInt32LE(payload.length, 0x24c);
  payload.copy(bytes, 5 * 512 + 16);
  return bytes;
}

describe('a bzImage', () => {
  it('gives its payload without the size that the build appended', () => {
    const payload = Buffer.from('fd377a585a000001aabbccdd44332211', 'hex');
    const { compression, bytes } = payloadOf(image(payload));
    expect(compression).toBe('xz');
    expect(bytes).toEqual(payload.subarray(0, 12));
  });

  it.each([
    [Buffer.alloc(2_000), /not a bzImage/],
    [Buffer.alloc(10), /not a bzImage/],
    [image(Buffer.from('fd377a585a000001', 'hex'), 0x207), /older than/],
    [image(Buffer.from('0123456789abcdef', 'hex')), /begins 0123456789abcdef/],
  ])('or says what it is instead', (bytes, message) => {
    expect(() => payloadOf(bytes)).toThrow(message);
  });
});

it('writes a cpio archive that the kernel reads: aligned, ended', () => {
  const archive = cpio([
    { name: 'bin' },
    { name: 'init', data: Buffer.from('#!x'), executable: true },
  ]);
  expect(archive.length % 4).toBe(0);
  const text = archive.toString('latin1');
  expect(text.match(/070701/g)).toHaveLength(3);
  // Mode, then size of the data; 110 bytes of header, the name, and padding lie before it.
  expect(text.slice(116, 116 + 110)).toMatch(/^070701[0-9a-f]{8}000081ed.*00000003/);
  expect(text.slice(116 + 110)).toMatch(/^init\0\0#!x\0/);
  expect(text).toContain('TRAILER!!!');
});

it('loads what a module needs before it', () => {
  const modules = readDependencies(
    'kernel/9p.ko.xz: kernel/9pnet.ko.xz kernel/netfs.ko.xz\nkernel/i2c-dev.ko:\n',
  );
  expect(modules.get('9p')).toEqual([
    'kernel/netfs.ko.xz',
    'kernel/9pnet.ko.xz',
    'kernel/9p.ko.xz',
  ]);
  expect(modules.get('i2c_dev')).toEqual(['kernel/i2c-dev.ko']);
});

it('finds the package of a kernel’s source', () => {
  expect(sourceOf('6.1.0-30-amd64').archive).toBe('/usr/src/linux-source-6.1.tar.xz');
});

it('accepts make’s arguments, and no shell metacharacters', () => {
  expect(parseOptions(['--only', ''])).toEqual({ shell: false, only: '' });
  expect(parseOptions(['--only', 'gpio'])).toEqual({ shell: false, only: 'gpio' });
  expect(parseOptions(['--shell'])).toEqual({ shell: true, only: '' });
  for (const wrong of [['--only', '$(x)'], ['--nothing'], ['gpio']])
    expect(() => parseOptions(wrong)).toThrow(UsageError);
});
