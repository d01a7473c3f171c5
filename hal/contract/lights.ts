import { expect, it } from 'vitest';
import type { Eyes, LightLevels, Lights } from '../ports/body.ts';
import { type Bench, contract, failsAndRecovers, rejects, settled } from './bench.ts';

export interface LightsBench extends Bench {
  readonly lights: Lights;
  /** Linear light that leaves the lamps now, where the bench can see it. */
  shining?(): LightLevels;
}

/** 12-bit channels behind a gamma curve. */
const LEVEL_STEP = 0.005;
const SHOWN_MS = 30;

/** The promises of the Lights port. */
export const lightsContract = contract<LightsBench>('lights', (bench) => {
  const expectShining = async (it: LightsBench, levels: LightLevels): Promise<void> => {
    await it.pass(SHOWN_MS);
    const seen = it.shining?.();
    if (!seen) return;
    const pairs = [...seen.ring, seen.hand].map((level, i) => [
      level,
      [...levels.ring, levels.hand][i] ?? Number.NaN,
    ]);
    for (const [level = Number.NaN, wanted = Number.NaN] of pairs)
      expect(Math.abs(level - wanted)).toBeLessThanOrEqual(LEVEL_STEP);
  };
  const dark: LightLevels = { ring: [0, 0, 0], hand: 0 };

  it(
    'is dark when opened, shows what is set, and goes dark',
    bench(async (it) => {
      await expectShining(it, dark);
      for (const levels of [
        { ring: [1, 1, 1], hand: 1 },
        { ring: [0.2, 0.5, 0.8], hand: 0.1 },
      ] as const) {
        await settled(it, it.lights.set(levels));
        await expectShining(it, levels);
      }
      await settled(it, it.lights.off());
      await settled(it, it.lights.off());
      await expectShining(it, dark);
    }),
  );

  it(
    'refuses levels outside 0..1 and changes nothing',
    bench(async (it) => {
      const before: LightLevels = { ring: [0.5, 0, 0.25], hand: 0.5 };
      await settled(it, it.lights.set(before));
      for (const wrong of [-0.01, 1.01, Number.NaN, Number.POSITIVE_INFINITY]) {
        await rejects(it, it.lights.set({ ring: [0, 0, 0], hand: wrong }), 'badData');
        await rejects(it, it.lights.set({ ring: [0, wrong, 0], hand: 0 }), 'badData');
      }
      await expectShining(it, before);
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.lights.set(dark), () => it.lights.off()])),
  );
});

export interface EyesBench extends Bench {
  readonly eyes: Eyes;
  /** Rows as the class sees them, where the bench can see them. */
  showing?(): { readonly left: readonly number[]; readonly right: readonly number[] };
}

const LEFT = Uint8Array.of(0b1000_0000, 2, 3, 4, 5, 6, 7, 0b0000_0001);
const RIGHT = Uint8Array.of(255, 0, 255, 0, 255, 0, 255, 0);
const NONE = new Uint8Array(8);

/** The promises of the Eyes port. */
export const eyesContract = contract<EyesBench>('eyes', (bench) => {
  const expectShowing = async (it: EyesBench, left: Uint8Array, right: Uint8Array) => {
    await it.pass(SHOWN_MS);
    if (it.showing) expect(it.showing()).toMatchObject({ left: [...left], right: [...right] });
  };

  it(
    'is dark when opened, shows what is asked, and goes dark',
    bench(async (it) => {
      await expectShowing(it, NONE, NONE);
      for (const brightness of [0, 7, 15]) {
        await settled(it, it.eyes.show(LEFT, RIGHT, brightness));
        await expectShowing(it, LEFT, RIGHT);
      }
      await settled(it, it.eyes.off());
      await settled(it, it.eyes.off());
      await expectShowing(it, NONE, NONE);
    }),
  );

  it(
    'keeps no hold of the rows it was given',
    bench(async (it) => {
      const rows = LEFT.slice();
      const showing = it.eyes.show(rows, RIGHT, 8);
      rows.fill(0);
      await settled(it, showing);
      await expectShowing(it, LEFT, RIGHT);
    }),
  );

  it(
    'refuses other numbers of rows and other brightness, and changes nothing',
    bench(async (it) => {
      await settled(it, it.eyes.show(LEFT, RIGHT, 8));
      await rejects(it, it.eyes.show(new Uint8Array(7), NONE, 8), 'badData');
      await rejects(it, it.eyes.show(NONE, new Uint8Array(9), 8), 'badData');
      for (const brightness of [-1, 16, 7.5, Number.NaN])
        await rejects(it, it.eyes.show(NONE, NONE, brightness), 'badData');
      await expectShowing(it, LEFT, RIGHT);
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.eyes.show(LEFT, RIGHT, 8), () => it.eyes.off()])),
  );
});
