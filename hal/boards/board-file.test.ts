import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError, findBoard, parseBoard } from './board-file.ts';
import { deskmate1 } from './deskmate1.ts';
import { laptop } from './laptop.ts';

const parse = (value: object) => parseBoard(JSON.stringify(value), '/etc/deskmate/board.json');

describe('boards that ship', () => {
  it('are found by name and are boards as a file may describe them', () => {
    for (const name of ['deskmate-1', 'laptop']) {
      expect(findBoard(name).name).toBe(name);
      expect(parse({ extends: name })).toEqual(findBoard(name));
    }
  });

  it('are named when another is asked for', () => {
    expect(() => findBoard('deskmate-9')).toThrow(/"deskmate-9", expected deskmate-1, laptop or/);
    expect(() => findBoard('/nowhere/board.json')).toThrow(/cannot be read/);
  });
});

describe('a board file', () => {
  it('replaces what differs, at any depth', () => {
    const board = parse({
      extends: 'deskmate-1',
      name: 'desk with an Orange Pi',
      i2c: { bus: 3, leftEye: null },
      gpio: { lines: { amplifier: { offset: 9 }, pairButton: null } },
      sound: null,
    });
    expect(board.i2c).toEqual({ ...deskmate1.i2c, bus: 3, leftEye: null });
    expect(board.gpio?.lines.amplifier).toEqual({ offset: 9, activeLow: false });
    expect(board.gpio?.lines.pairButton).toBeNull();
    expect(board.sound).toBeNull();
    expect(board.pan).toEqual(deskmate1.pan);
    const late = parse({ extends: 'laptop', sound: { echoDelayMs: 120 } });
    expect(late.sound).toEqual({ ...laptop.sound, echoDelayMs: 120 });
  });

  it.each([
    [{}, /extends: expected one of deskmate-1, laptop/],
    [{ extends: 'mars' }, /extends: expected one of/],
    [{ extends: 'deskmate-1', i2c: { servos: 0x42 } }, /i2c: expected a different address/],
    [{ extends: 'deskmate-1', i2c: { servos: 3 } }, /i2c\.servos: expected an I2C address/],
    [
      { extends: 'deskmate-1', i2c: { leftEye: 0x70 } },
      /i2c\.leftEye: expected another .*all-call/,
    ],
    [{ extends: 'deskmate-1', i2c: { servos: null, rightEye: 0x70 } }, /i2c\.rightEye: .*all-call/],
    [{ extends: 'deskmate-1', i2c: { lights: 0x70 } }, /i2c\.lights: .*all-call/],
    [{ extends: 'deskmate-1', i2c: { tiltEncoder: 0x70 } }, /i2c\.tiltEncoder: .*all-call/],
    [{ extends: 'deskmate-1', i2c: { servos: 0 } }, /i2c\.servos: expected an I2C address/],
    [{ extends: 'deskmate-1', i2c: { servos: 0x78 } }, /i2c\.servos: expected an I2C address/],
    [{ extends: 'deskmate-1', gpio: { lines: { amplifier: { offset: 17 } } } }, /different offset/],
    [{ extends: 'deskmate-1', pan: { minDeg: 200 } }, /pan\.minDeg: expected less than maxDeg/],
    [{ extends: 'deskmate-1', tilt: { restDeg: 90 } }, /tilt\.restDeg: expected/],
    [{ extends: 'deskmate-1', colour: 'red' }, /colour/],
    [{ extends: 'deskmate-1', kernel: { watchdog: 'dog' } }, /kernel\.watchdog: expected a device/],
    [{ extends: 'laptop', kernel: { batteryCells: 0 } }, /kernel\.batteryCells: expected 1\.\.8/],
    [{ extends: 'laptop', kernel: { deepestShed: 'eyes' } }, /kernel\.deepestShed/],
    [{ extends: 'laptop', i2c: { bus: 1 } }, /i2c\.servos/],
    [{ extends: 'laptop', sound: { echoDelayMs: -1 } }, /sound\.echoDelayMs: expected 0\.\.500 ms/],
    [
      { extends: 'laptop', sound: { echoDelayMs: 501 } },
      /sound\.echoDelayMs: expected 0\.\.500 ms/,
    ],
    [{ extends: 'laptop', teacherButtonSocket: 'b.sock' }, /teacherButtonSocket: expected an abso/],
    [
      { extends: 'laptop', teacherButtonSocket: `/${'b'.repeat(107)}` },
      /teacherButtonSocket: expected at most 107/,
    ],
    [
      { extends: 'deskmate-1', teacherButtonSocket: '/run/b.sock' },
      /teacherButtonSocket: expected null beside gpio/,
    ],
  ])('%j is refused in one line with file and field', (value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(/^\/etc\/deskmate\/board\.json: [^\n]*$/);
  });

  it('may have an eye at 0x70 where no PCA9685 is beside it', () => {
    const alone = { servos: null, lights: null, panEncoder: null, tiltEncoder: null };
    const board = parse({ extends: 'deskmate-1', i2c: { ...alone, leftEye: 0x70 } });
    expect(board.i2c?.leftEye).toBe(0x70);
  });

  it('is read with a byte order mark, and refused where a name stands twice', () => {
    const text = '{"extends": "deskmate-1",\n "i2c": {"bus": 3},\n "i2c": null}';
    expect(() => parseBoard(text, 'b.json')).toThrow(
      'b.json: i2c: stands twice, in line 2, column 2 and in line 3, column 2; keep one',
    );
    expect(parseBoard('\uFEFF{"extends": "laptop"}', 'b.json').name).toBe('laptop');
    expect(() => parseBoard('{"extends": "laptop",}', 'b.json')).toThrow(
      'b.json: the whole file: expected JSON (line 1, column 21: take away the comma before "}")',
    );
  });

  it('of any content is a board or a BoardError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseBoard(text, 'b.json');
        } catch (error) {
          expect(error).toBeInstanceOf(BoardError);
        }
      }),
    );
  });
});
