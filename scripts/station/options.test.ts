import { describe, expect, it } from 'vitest';
import { OptionError } from '../../agent/host/given.ts';
import { addressForPupils, ownAddresses } from '../../agent/host/reach.ts';
import { readStationOptions } from './options.ts';

const root = new URL('../..', import.meta.url).pathname;
const read = (argv: string[], env: NodeJS.ProcessEnv = {}) =>
  readStationOptions(argv, { BOARD: 'laptop', ...env }, root);

describe('readStationOptions', () => {
  it('defaults to a laptop, reachable from this computer only', () => {
    expect(read([], { BOARD: 'laptop', HOST: '' })).toMatchObject({
      ...{ boardName: 'laptop', open: false, port: 8300, host: '127.0.0.1' },
      state: `${root}.sim/station`,
    });
  });

  it.each(['0.0.0.0', '192.168.1.20', '::'])('is open to the network with HOST=%s', (HOST) => {
    expect(read([], { HOST }).open).toBe(true);
  });

  it.each(['localhost', '127.0.0.1', '::1'])('is not with HOST=%s', (HOST) => {
    expect(read([], { HOST }).open).toBe(false);
  });

  it('takes code to load from a flag only, never from the environment', () => {
    expect(read([], { DRIVERS: '/somewhere.mjs' }).drivers).toBeUndefined();
    expect(read(['--drivers', '/somewhere.mjs']).drivers).toBe('/somewhere.mjs');
  });

  it('takes a board by name or by a file beside', () => {
    expect(read([], { BOARD: 'deskmate-1' }).board.name).toBe('deskmate-1');
    const { boardName, board } = read(['--board', 'scripts/station/testing/no-camera.json']);
    expect(boardName).toBe(`${root}scripts/station/testing/no-camera.json`);
    expect(board).toMatchObject({ i2c: null, camera: { device: '/dev/video999' } });
  });

  it.each([
    [{ BOARD: 'lap' }, /^BOARD: unknown board "lap", expected deskmate-1, laptop/],
    [{ BOARD: './none.json' }, /^BOARD: .*none\.json: the board file: cannot be read \(ENOENT\)/],
    [{ BOARD: 'package.json' }, /^BOARD: .*package\.json: extends: expected one of/],
    [{ PORT: 'x' }, /^PORT=x: expected a port number/],
    [{ BOARD: '' }, /^BOARD=: expected a board: make run BOARD=laptop/],
    [{ BOARD: '/tmp' }, /^BOARD: .*\/tmp: the board file: a folder, expected a file/],
  ])('refuses %j in one line', (env, words) => {
    expect(() => read([], env)).toThrow(words);
    expect(() => read([], env)).toThrow(OptionError);
  });
});

describe('addresses', () => {
  const at = (address: string, internal = false) => ({
    ...{ address, internal, family: 'IPv4' as const, netmask: '', mac: '', cidr: null },
  });
  const interfaces = {
    lo: [at('127.0.0.1', true)],
    usb0: [at('169.254.3.4')],
    wlan0: [at('192.168.1.20')],
  };

  it('gives pupils an address on the network', () => {
    expect(addressForPupils('0.0.0.0', interfaces)).toBe('192.168.1.20');
    expect(addressForPupils('10.0.0.7', interfaces)).toBe('10.0.0.7');
    expect(addressForPupils('fd00::7', interfaces)).toBe('[fd00::7]');
    expect(addressForPupils('0.0.0.0', {})).toMatch(/\.local$/);
  });

  it('the certificate covers all of them', () => {
    expect(ownAddresses(interfaces)).toEqual(
      expect.arrayContaining(['localhost', '127.0.0.1', '192.168.1.20']),
    );
  });
});
