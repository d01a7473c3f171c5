import { describe, expect, it } from 'vitest';
import { isInstalled, nodeTooOld } from './preflight.mjs';

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
