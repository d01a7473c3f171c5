import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { MatrixEyes, ramOf } from './matrix-eyes.ts';
import { DriverRig } from './testing/driver-rig.ts';

let rig: DriverRig;
beforeEach(() => {
  rig = new DriverRig(new SimClock());
});

describe('eyes on two HT16K33', () => {
  const ROWS = Uint8Array.of(0x80, 0x40, 0x01, 0xff, 0, 0x55, 0xaa, 0x3c);

  it('turns rows into RAM as the breakout is wired', () => {
    expect([...ramOf(ROWS)].filter((_, i) => i % 2 === 0)).toEqual([
      0x80, 0x01, 0x40, 0xff, 0x00, 0x55, 0xaa, 0x1e,
    ]);
    expect([...ramOf(ROWS)].filter((_, i) => i % 2 === 1)).toEqual(Array(8).fill(0));
  });

  it('lights nothing before its RAM is written, and dims', async () => {
    const eyes = new MatrixEyes({ bus: rig.bus, clock: rig.clock, left: 0x72, right: 0x73 });
    const lit: number[][] = [];
    const look = rig.clock.every(0.05, () => lit.push(rig.robot.leftEye.rowsSeen()));
    await rig.ended(eyes.show(ROWS, ROWS, 5));
    look.cancel();
    const seen = new Set(lit.map((rows) => rows.join()));
    expect(seen).toEqual(new Set([Array(8).fill(0).join(), [...ROWS].join()]));
    expect(rig.robot.leftEye.dimming).toBe(5);
    expect(rig.robot.rightEye.rowsSeen()).toEqual([...ROWS]);
  });

  it('takes one transaction an eye for a change, and says all again each second', async () => {
    const eyes = new MatrixEyes({ bus: rig.bus, clock: rig.clock, left: 0x72, right: 0x73 });
    await rig.ended(eyes.show(ROWS, ROWS, 5));
    const before = rig.robot.i2c.transactions;
    await rig.ended(
      eyes.show(
        ROWS.map((row) => row ^ 1),
        ROWS,
        5,
      ),
    );
    expect(rig.robot.i2c.transactions - before).toBe(2);
    rig.robot.i2c.brownOut(0x72);
    await rig.clock.advance(1_000);
    await rig.ended(eyes.show(ROWS, ROWS, 5));
    expect(rig.robot.leftEye.rowsSeen()).toEqual([...ROWS]);
    expect(rig.robot.leftEye.dimming).toBe(5);
  });

  it('shows the one eye while the other does not answer', async () => {
    const eyes = new MatrixEyes({ bus: rig.bus, clock: rig.clock, left: 0x72, right: 0x73 });
    const back = rig.robot.i2c.lose(0x72);
    expect(await rig.ended(eyes.show(ROWS, ROWS, 5))).toBe('noAnswer');
    expect(rig.robot.rightEye.rowsSeen()).toEqual([...ROWS]);
    back();
    expect(await rig.ended(eyes.show(ROWS, ROWS, 5))).toBeUndefined();
    expect(rig.robot.leftEye.rowsSeen()).toEqual([...ROWS]);
  });

  it('does with one eye fitted', async () => {
    const eyes = new MatrixEyes({ bus: rig.bus, clock: rig.clock, left: null, right: 0x73 });
    expect(await rig.ended(eyes.show(ROWS, ROWS, 5))).toBeUndefined();
    expect(await rig.ended(eyes.off())).toBeUndefined();
    expect(rig.robot.rightEye.rowsSeen()).toEqual(Array(8).fill(0));
  });
});
