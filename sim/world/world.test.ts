import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../time/sim-clock.ts';
import { referenceGeometry } from './geometry.ts';
import { WATCHDOG_MS } from './lines.ts';
import { MemoryWorldPort } from './memory-port.ts';
import { WorldRefusal, WorldState, WorldUnreachable } from './schema.ts';
import { World } from './world.ts';

const { pan, tilt } = referenceGeometry;
const pulses = (panDeg: number, tiltDeg: number) =>
  ({
    kind: 'pulses',
    panUs: pan.zeroUs + panDeg * pan.usPerDeg,
    tiltUs: tilt.zeroUs + tiltDeg * tilt.usPerDeg,
  }) as const;

let clock: SimClock;
let world: World;
beforeEach(() => {
  clock = new SimClock();
  world = new World({ clock, seed: 7 });
  world.start();
});

describe('world', () => {
  it('tells a valid state a hundred times a second, and at once when a line changes', async () => {
    const told: WorldState[] = [];
    world.onTell((state) => told.push(state));
    await clock.advance(1000);
    expect(told).toHaveLength(100);
    for (const state of told) expect(WorldState.parse(state)).toEqual(state);
    world.apply({ kind: 'switch', name: 'cameraRail', on: true });
    expect(told.at(-1)).toMatchObject({ cameraRail: true, atMs: clock.now() });
  });

  it('turns the head to where the pulses say', async () => {
    world.apply(pulses(-90, 20));
    await clock.advance(1500);
    const state = world.snapshot();
    expect(Math.abs(state.pan.deg + 90)).toBeLessThan(0.9);
    expect(Math.abs(state.tilt.deg - 20)).toBeLessThan(0.7);
    expect(state.servosOn).toBe(true);
  });

  it.each([
    ['pan', 180],
    ['tilt', 90],
  ] as const)(
    'lags the fastest ramp of %s by 15 to 30 ms, pulse frames included',
    async (axis, speed) => {
      const at = (ms: number): number => -20 + (speed * ms) / 1000;
      world.apply(pulses(axis === 'pan' ? -20 : 0, axis === 'tilt' ? -20 : 0));
      await clock.advance(1000);
      const lags: number[] = [];
      for (let ms = 0; ms < 500; ms += 10) {
        world.apply(pulses(axis === 'pan' ? at(ms) : 0, axis === 'tilt' ? at(ms) : 0));
        if (ms > 200) lags.push(((at(ms) - world.snapshot()[axis].deg) / speed) * 1000);
        await clock.advance(10);
      }
      const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
      expect(mean).toBeGreaterThan(15);
      expect(mean).toBeLessThan(30);
    },
  );

  it('refuses pulses that no servo takes, and changes nothing', async () => {
    for (const us of [499, 2501, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => world.apply({ kind: 'pulses', panUs: us, tiltUs: 1500 })).toThrow(WorldRefusal);
    await clock.advance(100);
    expect(world.snapshot().servosOn).toBe(false);
  });

  it('keeps the last pulses and lines when nobody says anything more', async () => {
    world.apply({ kind: 'switch', name: 'cameraRail', on: true });
    world.apply(pulses(45, 0));
    await clock.advance(60_000);
    expect(world.snapshot()).toMatchObject({ servosOn: true, cameraRail: true });
  });

  it('resets the board when an armed watchdog is not kicked', async () => {
    world.apply({ kind: 'watchdog', armed: true });
    world.apply({ kind: 'switch', name: 'cameraRail', on: true });
    world.apply(pulses(0, 10));
    await clock.advance(WATCHDOG_MS - 10);
    world.apply({ kind: 'watchdog', armed: true });
    await clock.advance(WATCHDOG_MS - 10);
    expect(world.snapshot()).toMatchObject({ cameraRail: true, watchdogBit: false });
    await clock.advance(20);
    const bitten = { cameraRail: false, servosOn: false, watchdogBit: true };
    expect(world.snapshot()).toMatchObject(bitten);
    world.apply({ kind: 'watchdog', armed: true });
    expect(world.snapshot().watchdogBit).toBe(false);
    world.apply({ kind: 'watchdog', armed: false });
    await clock.advance(10 * WATCHDOG_MS);
    expect(world.snapshot().watchdogBit).toBe(false);
  });

  it('lets a hand turn the head and let go', async () => {
    const from = world.snapshot().pan.deg;
    world.apply({ kind: 'pushHead', panDeg: 40, forMs: 1000 });
    await clock.advance(900);
    expect(world.snapshot().pan.deg).toBeCloseTo(from + 40, 5);
    world.apply(pulses(0, 0));
    await clock.advance(1500);
    expect(Math.abs(world.snapshot().pan.deg)).toBeLessThan(1);
  });

  it('shows each fault and its end', async () => {
    world.apply({ kind: 'fault', name: 'panEncoderLost', on: true });
    world.apply({ kind: 'fault', name: 'batteryLow', on: true });
    world.apply({ kind: 'fault', name: 'hot', on: true });
    world.apply({ kind: 'fault', name: 'panStall', on: true });
    world.apply(pulses(50, 0));
    await clock.advance(30_000);
    const broken = world.snapshot();
    expect(broken.pan.magnet).toBe('missing');
    expect(broken.battery.percent).toBeLessThan(10);
    expect(broken.computerC).toBeGreaterThan(85);
    expect(broken.servoC).toBeGreaterThan(35);
    expect(broken.pan.deg).toBe(pan.startDeg);
    for (const name of broken.faults) world.apply({ kind: 'fault', name, on: false });
    await clock.advance(2_000);
    const mended = world.snapshot();
    expect(mended.faults).toEqual([]);
    expect(mended.pan.magnet).toBe('ok');
    expect(mended.battery.percent).toBeGreaterThan(80);
    expect(Math.abs(mended.pan.deg - 50)).toBeLessThan(0.9);
  });

  it('goes dark with an empty battery and charges again', async () => {
    const flat = new World({ clock, seed: 1, batteryPercent: 0.001 });
    flat.start();
    flat.apply({ kind: 'switch', name: 'cameraRail', on: true });
    flat.apply({ kind: 'lights', ring: [1, 1, 1], hand: 1 });
    await clock.advance(5_000);
    expect(flat.snapshot()).toMatchObject({ cameraRail: false, ring: [0, 0, 0], hand: 0 });
    flat.apply({ kind: 'charger', plugged: true });
    await clock.advance(60_000);
    expect(flat.snapshot().battery.percent).toBeGreaterThan(0.3);
  });

  it('repeats exactly from the same seed', async () => {
    const other = new World({ clock, seed: 7 });
    const again = new World({ clock, seed: 7 });
    const different = new World({ clock, seed: 8 });
    for (const each of [other, again, different]) {
      each.start();
      each.apply(pulses(30, 10));
    }
    await clock.advance(400);
    expect(other.snapshot()).toEqual(again.snapshot());
    expect(other.snapshot().pan.rawDeg).not.toBe(different.snapshot().pan.rawDeg);
  });
});

describe('memory port', () => {
  it('has the latest state at once, tells, and shows a switch before send resolves', async () => {
    const port = new MemoryWorldPort(world);
    expect(port.latest?.kind).toBe('world');
    const told: number[] = [];
    port.onState((state) => told.push(state.atMs));
    await port.send({ kind: 'switch', name: 'amplifier', on: true });
    expect(port.latest?.amplifier).toBe(true);
    await clock.advance(50);
    expect(told).toHaveLength(6);
  });

  it('rejects while the world is out of reach or the port is closed', async () => {
    const port = new MemoryWorldPort(world);
    port.setReachable(false);
    expect(port.latest).toBeUndefined();
    await expect(port.send({ kind: 'release' })).rejects.toThrow(WorldUnreachable);
    port.setReachable(true);
    await port.send({ kind: 'release' });
    await port.close();
    await expect(port.send({ kind: 'release' })).rejects.toThrow(WorldUnreachable);
  });
});
