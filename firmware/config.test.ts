import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibrationError, parseCalibration } from '../hal/boards/calibration.ts';
import { ConfigError } from '../hal/common/config-file.ts';
import { mergeLayers } from '../hal/common/config-layers.ts';
import { configFrom, parseConfig } from './config.ts';
import { fakeCalibration } from './testing/fake-body.ts';

const good = {
  board: 'deskmate-1',
  drivers: 'drivers.js',
  link: '/run/deskmate/link/firmware.sock',
  calibration: '/data/calibration.json',
};
const config = (change: object) =>
  parseConfig(JSON.stringify({ ...good, ...change }), '/etc/d/c.json');

describe('configuration file', () => {
  it('is read, with paths relative to the file', () => {
    expect(config({})).toMatchObject({
      board: { name: 'deskmate-1' },
      drivers: '/etc/d/drivers.js',
      link: '/run/deskmate/link/firmware.sock',
      logLevel: 'info',
    });
  });

  it('in layers reports the file with the error, and resolves paths relative to their file', () => {
    const layered = (change: object, notes: string[] = []) =>
      configFrom(
        mergeLayers({ config: '/etc/d/firmware.json' }, [
          { file: '/usr/lib/d/firmware.json', text: JSON.stringify(good) },
          { file: '/etc/d/firmware.json.d/1.json', text: JSON.stringify(change) },
        ]),
        (line, file) => notes.push(`${file}: ${line}`),
      );
    const notes: string[] = [];
    expect(layered({ board: 'laptop', link: 'a.sock', colour: 1 }, notes)).toMatchObject({
      board: { name: 'laptop' },
      link: '/etc/d/firmware.json.d/a.sock',
      drivers: '/usr/lib/d/drivers.js',
    });
    expect(notes).toEqual([
      '/etc/d/firmware.json.d/1.json: colour: unknown to this version, passed over',
    ]);
    expect(() => layered({ logLevel: 'loud' })).toThrow(
      /^\/etc\/d\/firmware\.json\.d\/1\.json: log/,
    );
    expect(() => layered({ board: 'x' })).toThrow(/^\/etc\/d\/firmware\.json\.d\/1\.json: board: /);
  });

  it('of a newer version is read as far as its fields are known', () => {
    const { pan, tilt } = fakeCalibration;
    const newer = { version: 3, tilt, pan: { ...pan, temperatureC: 21 } };
    expect(parseCalibration(JSON.stringify(newer), 'f')).toMatchObject(fakeCalibration);
  });

  it('of a newer version that requires a newer reader is rejected', () => {
    const newer = JSON.stringify({ schema: 'calibration/2', minReader: 2, ...fakeCalibration });
    expect(() => parseCalibration(newer, 'f')).toThrow(/^f: written as calibration\/2.*calibrate/);
  });

  it('that is truncated or corrupted anywhere is read, or reported as broken', () => {
    const text = JSON.stringify(fakeCalibration);
    const tried = (damaged: string): string => {
      try {
        parseCalibration(damaged, 'f');
        return 'read';
      } catch (error) {
        return error instanceof CalibrationError ? 'broken' : String(error);
      }
    };
    for (let at = 0; at < text.length; at++) {
      expect(tried(text.slice(0, at))).toBe('broken');
      const bytes = Buffer.from(text);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 7));
      expect(['read', 'broken']).toContain(tried(bytes.toString()));
    }
  });

  it('that is broken says file, field and what was expected', () => {
    expect(() => config({ board: 'deskmate-9' })).toThrow(
      /^\/etc\/d\/c\.json: board: unknown board "deskmate-9", expected deskmate-1, laptop/,
    );
    expect(() => config({ link: 7 })).toThrow(/c\.json: link: .*expected string/);
    expect(() => config({ logLevel: 'loud' })).toThrow(/c\.json: logLevel: .*"debug"/);
    expect(() => parseConfig('{', 'c.json')).toThrow('c.json: the whole file: expected JSON');
    expect(() => parseConfig('{"link": "a",\n"link": "b"}', 'c.json')).toThrow(
      'c.json: link: stands twice, in line 1, column 2 and in line 2, column 1; keep one',
    );
  });

  it('of a newer version is read without what is not known here, each of which is said', () => {
    const notes: string[] = [];
    const text = JSON.stringify({ ...good, colour: 1, logLevl: 'debug', __proto__x: {} });
    const read = parseConfig(text, '/etc/d/c.json', (line) => notes.push(line));
    expect(read.logLevel).toBe('info');
    expect(notes).toEqual([
      'colour: unknown to this version, passed over',
      'logLevl: unknown to this version, passed over; did you mean "logLevel"?',
      '__proto__x: unknown to this version, passed over',
    ]);
  });

  it.each(['State', 'sate', 'states'])('is refused where the pause would be lost: %s', (name) => {
    expect(() => config({ [name]: '/run/deskmate/firmware' })).toThrow(
      `/etc/d/c.json: ${name}: is unknown; did you mean "state"?`,
    );
    const both = { [name]: '/elsewhere', state: '/run/deskmate/firmware' };
    expect(config(both).state).toBe('/run/deskmate/firmware');
  });

  it('of any content is a ConfigError or a configuration', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseConfig(text, 'c.json')).toThrow(ConfigError);
      }),
    );
  });
});

describe('calibration file', () => {
  it('is read', () => {
    const text = JSON.stringify(fakeCalibration);
    for (const written of [text, `\uFEFF${text}`])
      expect(parseCalibration(written, 'f')).toEqual(fakeCalibration);
  });

  it('that is broken says file, field and what was expected', () => {
    const { pan, tilt } = fakeCalibration;
    const broken = (change: object) => () =>
      parseCalibration(JSON.stringify({ tilt, pan: { ...pan, ...change } }), 'cal.json');
    expect(broken({ minUs: 2400 })).toThrow('cal.json: pan.minUs: expected less than maxUs');
    expect(broken({ zeroUs: 590 })).toThrow('cal.json: pan.zeroUs: expected minUs..maxUs');
    expect(broken({ usPerDeg: 0 })).toThrow('cal.json: pan.usPerDeg: expected 1..30');
    expect(broken({ encoderDirection: 2 })).toThrow('cal.json: pan.encoderDirection');
    expect(broken({ maxUs: 9_000 })).toThrow('cal.json: pan.maxUs');
    expect(() => parseCalibration('nonsense', 'cal.json')).toThrow(CalibrationError);
    expect(() => parseCalibration('{"pan": {"minUs": 1, "minUs": 2}}', 'cal.json')).toThrow(
      /cal\.json: pan\.minUs: stands twice, .*deskmate calibrate/,
    );
  });
});
