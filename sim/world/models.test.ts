import { describe, expect, it } from 'vitest';
import { Random } from '../time/random.ts';
import { batteryAt, CAPACITY_WH, isFlat, readGauge, stepBattery } from './battery.ts';
import { calibrationOf, referenceGeometry } from './geometry.ts';
import { readEncoder } from './head-dynamics.ts';
import { type Consumers, coldStart, stepHeat, totalWatts } from './power.ts';
import { PulseTrain } from './pulse-train.ts';

const lesson: Consumers = {
  camera: true,
  microphone: true,
  amplifier: true,
  speaking: 0.05,
  servosOn: true,
  effort: 0.03,
  light: 1,
  eyes: 8,
};
const asleep: Consumers = {
  camera: false,
  microphone: false,
  amplifier: false,
  speaking: 0,
  servosOn: false,
  effort: 0,
  light: 0,
  eyes: 0,
};

describe('battery', () => {
  it('lasts 6 to 8 hours of lessons and far longer asleep', () => {
    const hours = CAPACITY_WH / totalWatts(lesson);
    expect(hours).toBeGreaterThan(6);
    expect(hours).toBeLessThan(8);
    expect(CAPACITY_WH / totalWatts(asleep)).toBeGreaterThan(14);
  });

  it('runs down to flat and never below', () => {
    let battery = batteryAt(1);
    for (let minute = 0; minute < 10; minute++) battery = stepBattery(battery, 7, 60);
    expect(battery.wattHours).toBe(0);
    expect(isFlat(battery)).toBe(true);
  });

  it('sags under load and rises while charging', () => {
    const battery = batteryAt(50);
    const resting = readGauge(battery, 0).volts;
    expect(readGauge(battery, 12).volts).toBeLessThan(resting - 0.1);
    expect(readGauge({ ...battery, plugged: true }, 3).volts).toBeGreaterThan(resting);
  });

  it('is full after some hours at the charger, and stops there', () => {
    let battery = batteryAt(10, true);
    for (let minute = 0; minute < 5 * 60; minute++) battery = stepBattery(battery, 3, 60);
    expect(battery.wattHours).toBe(CAPACITY_WH);
    expect(readGauge(battery, 3)).toMatchObject({ percent: 100, charging: true });
  });

  it('falls in voltage as it empties', () => {
    const volts = [100, 80, 50, 20, 10, 5, 0].map((at) => readGauge(batteryAt(at), 7).volts);
    expect([...volts].sort((a, b) => b - a)).toEqual(volts);
    expect(new Set(volts).size).toBe(volts.length);
  });
});

describe('heat', () => {
  const warm = { computerW: 5.5, servoEffort: 0, hot: false };

  it('settles at what the computer gives off', () => {
    let heat = coldStart;
    for (let s = 0; s < 1200; s++) heat = stepHeat(heat, warm, 1);
    expect(heat.computerC).toBeGreaterThan(50);
    expect(heat.computerC).toBeLessThan(62);
  });

  it('gets hot within half a minute of the fault', () => {
    const heat = stepHeat(coldStart, { ...warm, hot: true }, 30);
    expect(heat.computerC).toBeGreaterThan(88);
  });

  it('heats a stalled servo and cools an idle one', () => {
    const stalled = stepHeat(coldStart, { ...warm, servoEffort: 1 }, 120);
    expect(stalled.servoC).toBeGreaterThan(65);
    expect(stepHeat(stalled, warm, 600).servoC).toBeLessThan(24);
  });

  it('does not depend on the length of its steps', () => {
    let steps = coldStart;
    for (let i = 0; i < 200; i++) steps = stepHeat(steps, warm, 0.005);
    expect(steps.computerC).toBeCloseTo(stepHeat(coldStart, warm, 1).computerC, 9);
  });
});

describe('encoder', () => {
  const { pan } = referenceGeometry;

  it('has 12 bits, its offset and direction, and noise of 0.05 degrees', () => {
    const random = new Random(3);
    const errors = Array.from({ length: 4000 }, () => {
      const { rawDeg, magnet } = readEncoder(30, pan, false, random);
      expect(magnet).toBe('ok');
      expect((rawDeg / 360) * 4096).toBe(Math.round((rawDeg / 360) * 4096));
      return rawDeg - (pan.encoderZeroDeg - 30);
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    // Noise and a quantum of 0.088 degrees together.
    expect(rms).toBeGreaterThan(0.045);
    expect(rms).toBeLessThan(0.065);
  });

  it('wraps at the full turn', () => {
    const random = new Random(4);
    for (let deg = -178; deg <= 178; deg += 0.5) {
      const { rawDeg } = readEncoder(deg, pan, false, random);
      expect(rawDeg).toBeGreaterThanOrEqual(0);
      expect(rawDeg).toBeLessThan(360);
    }
  });

  it('says that the magnet is gone, with an angle that means nothing', () => {
    const random = new Random(5);
    const readings = Array.from({ length: 50 }, () => readEncoder(0, pan, true, random));
    expect(readings.every((reading) => reading.magnet === 'missing')).toBe(true);
    expect(new Set(readings.map((reading) => reading.rawDeg)).size).toBeGreaterThan(40);
  });
});

describe('pulse train', () => {
  it('sends a new width with the next frame, in steps of the chip', () => {
    const train = new PulseTrain();
    expect(train.at(1000)).toBeUndefined();
    train.set(1501, 1200);
    expect(train.at(1005)).toBeUndefined();
    const sent = train.at(1020);
    expect(sent?.panUs).toBeCloseTo(1501, -1);
    expect(((sent?.panUs ?? 0) * 4096) / 20_000).toBe(307);
    train.set(1600, 1200);
    expect(train.at(1035)).toEqual(sent);
    expect(train.at(1040)?.panUs).toBeGreaterThan(1595);
  });

  it('ends at once on release', () => {
    const train = new PulseTrain();
    train.set(1500, 1500);
    train.at(20);
    train.release();
    expect(train.at(25)).toBeUndefined();
    expect(train.on).toBe(false);
  });
});

describe('calibration of the reference robot', () => {
  it('keeps every angle of the board within what servos take, and pulses off the stops', () => {
    const calibration = calibrationOf(referenceGeometry);
    for (const axis of ['pan', 'tilt'] as const) {
      const { minUs, maxUs, zeroUs, usPerDeg } = calibration[axis];
      expect(minUs).toBeGreaterThan(500);
      expect(maxUs).toBeLessThan(2500);
      const { minDeg, maxDeg } = referenceGeometry[axis];
      const ends = [minUs, maxUs].map((us) => (us - zeroUs) / usPerDeg);
      expect(Math.min(...ends)).toBeGreaterThan(minDeg);
      expect(Math.max(...ends)).toBeLessThan(maxDeg);
    }
  });
});
