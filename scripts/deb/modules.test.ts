import { describe, expect, it } from 'vitest';
import { isNeeded, manifestOf, packagesFor } from './modules.ts';

const lock = {
  packages: {
    '': { dependencies: { a: '1' } },
    'node_modules/a': {
      dependencies: { b: '1', '@types/node': '1' },
      optionalDependencies: { c: '1', gone: '1' },
    },
    'node_modules/b': { dependencies: { a: '1', nan: '1' } },
    'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
    'node_modules/c': {},
    'node_modules/d': { dependencies: { b: '1' } },
    'node_modules/nan': {},
    'node_modules/@types/node': {},
    'node_modules/unused': {},
  },
};

describe('packagesFor', () => {
  it('takes the nearest copy, as Node does, and neither types nor headers', () => {
    expect(packagesFor(['a'], lock)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
    ]);
  });

  it('ends where packages need each other', () => {
    expect(packagesFor(['d'], lock)).toContain('node_modules/a');
  });

  it('passes over an optional package that the lock file does not have', () => {
    expect(packagesFor(['a'], lock).join()).not.toContain('gone');
  });
});

describe('isNeeded', () => {
  it.each([
    ['zod', 'v4/core/core.js'],
    ['zod', 'package.json'],
    ['pino', 'LICENSE'],
    ['mqtt', 'build/lib/client.js'],
    ['fast-xml-parser', 'lib/fxp.cjs'],
    ['jose', 'LICENSE.md'],
    ['zxing-wasm', 'dist/es/reader/index.js'],
    ['zxing-wasm', 'dist/es/share.js'],
    ['zxing-wasm', 'dist/reader/zxing_reader.wasm'],
  ])('%s/%s goes along', (name, file) => expect(isNeeded(name, file)).toBe(true));

  it.each([
    ['zod', 'src/index.ts'],
    ['zod', 'index.d.cts'],
    ['pino', 'docs/api.md'],
    ['pino', 'test/basic.test.js'],
    ['pino', 'index.html'],
    ['mqtt', 'dist/mqtt.min.js'],
    ['zxing-wasm', 'dist/full/zxing_full.wasm'],
    ['zxing-wasm', 'dist/cjs/reader/index.js'],
    ['i2c-bus', 'src/i2c.cc'],
    ['i2c-bus', 'build/Release/i2c.node'],
    ['process-warning', '.gitattributes'],
    ['mqtt-packet', 'testRandom.js'],
  ])('%s/%s stays behind', (name, file) => expect(isNeeded(name, file)).toBe(false));
});

describe('manifestOf', () => {
  it('makes the bundles modules', () => {
    expect(JSON.parse(manifestOf('1.0.0'))).toMatchObject({ version: '1.0.0', type: 'module' });
  });
});
