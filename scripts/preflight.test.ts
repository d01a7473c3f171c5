import { describe, expect, it } from 'vitest';
import {
  aboutMissing,
  isInstalled,
  missingAddons,
  nodeTooOld,
  worthAnotherTry,
} from './preflight.mjs';

describe('nodeTooOld', () => {
  it.each(['v18.20.0', 'v20.18.9', 'v12.0.0'])('stops %s with what to do', (version) => {
    expect(nodeTooOld(version, '>=20.19')).toMatch(/20\.19 or newer.*nodejs\.org/);
  });

  it.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.0'])('lets %s through', (version) => {
    expect(nodeTooOld(version, '>=20.19')).toBeUndefined();
  });
});

describe('isInstalled', () => {
  const one = { version: '1.0.0', integrity: 'sha512-a' };
  const lock = {
    packages: { '': {}, 'node_modules/one': one, 'node_modules/mac': { ...one, optional: true } },
  };

  it('wants every package in the version and content of the lock file', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/one': one } })).toBe(true);
    expect(isInstalled(lock, undefined)).toBe(false);
    expect(isInstalled(lock, { packages: {} })).toBe(false);
    const other = { ...one, version: '1.0.1' };
    expect(isInstalled(lock, { packages: { 'node_modules/one': other } })).toBe(false);
    const forged = { ...one, integrity: 'sha512-b' };
    expect(isInstalled(lock, { packages: { 'node_modules/one': forged } })).toBe(false);
  });
});

describe('add-ons that could not be compiled', () => {
  const addon = { version: '1.0.0', optional: true };
  const lock = {
    packages: {
      '': { optionalDependencies: { pins: '1.0.0', bus: '1.0.0' } },
      'node_modules/pins': addon,
      'node_modules/bus': addon,
      'node_modules/for-another-platform': addon,
    },
  };
  const tools = { abi: '115', compiler: true, libgpiod: false };

  it('are named, with what they need', () => {
    expect(missingAddons(lock, { packages: { 'node_modules/bus': addon } })).toEqual(['pins']);
    expect(aboutMissing(['pins'])).toMatch(/without pins.*apt-get install .*libgpiod-dev/);
    expect(aboutMissing([])).toBeUndefined();
  });

  it.each([
    ['the same computer', ['pins'], tools, tools, false],
    ['the library has come', ['pins'], tools, { ...tools, libgpiod: true }, true],
    ['a tool has gone', ['pins'], tools, { ...tools, compiler: false }, false],
    ['nothing is missing', [], tools, { ...tools, libgpiod: true }, false],
    ['another Node', [], tools, { ...tools, abi: '137' }, true],
    ['installed by npm itself', [], undefined, tools, true],
  ])('are tried again only when it can help: %s', (_, missing, before, now, again) => {
    expect(worthAnotherTry(missing, before, now)).toBe(again);
  });
});
