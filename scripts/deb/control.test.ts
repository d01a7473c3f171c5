import { describe, expect, it } from 'vitest';
import { packageOf } from './bundles.ts';
import { changelog, controlFile, debianVersion, libraryDependencies } from './control.ts';
import { commandsForManual } from './documents.ts';
import { checkIntegrity } from './fetch.ts';
import { machineOf, machines } from './pins.ts';

describe('debianVersion', () => {
  it('puts what comes before a release before it in Debian’s order too', () => {
    expect(debianVersion('1.2.3')).toBe('1.2.3');
    expect(debianVersion('1.2.3-beta.1')).toBe('1.2.3~beta.1');
    expect(debianVersion('1.2.3-rc-2')).toBe('1.2.3~rc.2');
  });

  it('refuses what is no version', () => {
    for (const wrong of ['1.2', 'v1.2.3', '1.2.3 ', '', '1.2.3;rm'])
      expect(() => debianVersion(wrong)).toThrow(/expected one like 1\.2\.3/);
  });
});

describe('libraryDependencies', () => {
  it('asks for the newest C and C++ library that any program needs', () => {
    const symbols = 'GLIBC_2.2.5 GLIBC_2.34 GLIBC_2.9 GLIBCXX_3.4.9 GLIBCXX_3.4.29 GLIBCXX_3.4.21';
    expect(libraryDependencies(symbols)).toEqual([
      'libc6 (>= 2.34)',
      'libstdc++6 (>= 11)',
      'libgcc-s1',
    ]);
  });

  it('takes old symbols for an old library', () => {
    expect(libraryDependencies('GLIBC_2.17 GLIBCXX_3.4.21')[1]).toBe('libstdc++6 (>= 5)');
  });
});

describe('texts', () => {
  it('control has each field on a line, and a description that Debian can fold', () => {
    const control = controlFile({
      version: '1.0.0',
      architecture: 'arm64',
      installedKb: 7,
      libraries: ['libc6 (>= 2.34)'],
    });
    expect(control).toMatch(/^Architecture: arm64$/m);
    expect(control).toMatch(/^Depends: .*libc6 \(>= 2\.34\)/m);
    for (const line of control.split('\n').slice(0, -1))
      expect(line).toMatch(/^([A-Z][A-Za-z-]+: \S| \S)/);
  });

  it('changelog carries the date of the source, not of the build', () => {
    expect(changelog('1.0.0', 0)).toContain('Thu, 01 Jan 1970 00:00:00 +0000');
  });

  it('the manual names each command, with hyphens that can be copied', () => {
    const manual = commandsForManual();
    expect(manual).toContain('.B deskmate calibrate');
    expect(manual).not.toMatch(/(?<!\\)-/);
  });
});

describe('pins', () => {
  it('refuse bytes that are not the pinned ones', () => {
    const { sha512OfNode } = machines.arm64;
    expect(() => checkIntegrity(Buffer.from('other'), sha512OfNode, 'node')).toThrow(
      /hash differs/,
    );
  });

  it('know two machines', () => {
    expect(machineOf('arm64').node).toBe('arm64');
    expect(() => machineOf('armhf')).toThrow('expected amd64 or arm64');
  });
});

describe('packageOf', () => {
  it.each([
    ['ws', 'ws'],
    ['zod/v4', 'zod'],
    ['@roamhq/wrtc', '@roamhq/wrtc'],
    ['@scope/name/sub/path', '@scope/name'],
  ])('%s belongs to %s', (specifier, name) => expect(packageOf(specifier)).toBe(name));
});
