import { expect, it } from 'vitest';
import type { Button, ButtonChange, Switch } from '../ports/body.ts';
import { HardwareFault } from '../ports/fault.ts';
import { type Bench, contract, failsAndRecovers, settled } from './bench.ts';

interface SwitchBench extends Bench {
  readonly line: Switch;
  /** The level on the wire, where the bench can see it. */
  level?(): boolean;
}

/** The promises of the Switch port. */
export const switchContract = contract<SwitchBench>('switch', (bench) => {
  const expectLevel = (it: SwitchBench, on: boolean): void => {
    if (it.level) expect(it.level()).toBe(on);
  };

  it(
    'is off when opened',
    bench(async (it) => {
      expect(await settled(it, it.line.read())).toBe(false);
      expectLevel(it, false);
    }),
  );

  it(
    'reads back what was set as soon as set has ended',
    bench(async (it) => {
      for (const on of [true, true, false, false, true, false]) {
        await settled(it, it.line.set(on));
        expect(await settled(it, it.line.read())).toBe(on);
        expectLevel(it, on);
      }
    }),
  );

  it(
    'takes calls in the order in which they were made',
    bench(async (it) => {
      const calls = [it.line.set(true), it.line.set(false), it.line.set(true)];
      for (const call of calls) await settled(it, call);
      expect(await settled(it, it.line.read())).toBe(true);
    }),
  );

  it(
    'is off after close, stays off, and closes twice',
    bench(async (it) => {
      await settled(it, it.line.set(true));
      await settled(it, it.line.close());
      expectLevel(it, false);
      // Whether it rejects or does nothing is the driver's choice.
      await settled(it, it.line.set(true)).catch(() => {});
      expectLevel(it, false);
      await settled(it, it.line.close());
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.line.set(true), () => it.line.read()])),
  );
});

interface ButtonBench extends Bench {
  readonly button: Button;
  /** A finger, where the bench has one. */
  press?(pressed: boolean): Promise<void>;
  /** Press and release at once, of a button that knows nothing between; resolves when it was told. */
  tap?(): Promise<void>;
}

/** The driver's debounce, and what a slow kernel or a told state may add. */
const DEBOUNCE_MS = 20;
const REPORT_MS = 30;

/** The promises of the Button port. */
export const buttonContract = contract<ButtonBench>('button', (bench) => {
  it(
    'says nothing by itself, and closes twice',
    bench(async (it) => {
      const changes: ButtonChange[] = [];
      it.button.onChange((change) => changes.push(change));
      await it.pass(200);
      expect(changes).toEqual([]);
      await settled(it, it.button.close());
      await settled(it, it.button.close());
    }),
  );

  it(
    'says whether it is down, and rejects once it is closed',
    bench(async (it) => {
      expect(await settled(it, it.button.read())).toBe(false);
      if (it.press) {
        for (const pressed of [true, false]) {
          await it.press(pressed);
          await it.pass(DEBOUNCE_MS + REPORT_MS);
          expect(await settled(it, it.button.read())).toBe(pressed);
        }
      }
      await settled(it, it.button.close());
      // What is not there goes on not being pressed.
      if (it.button.present)
        await expect(settled(it, it.button.read())).rejects.toBeInstanceOf(HardwareFault);
    }),
  );

  it(
    'tells press and release once each, dated when they began',
    bench(async (it) => {
      if (!it.press) return;
      const changes: ButtonChange[] = [];
      it.button.onChange((change) => changes.push(change));
      for (const pressed of [true, false]) {
        const began = it.now();
        await it.press(pressed);
        await it.pass(DEBOUNCE_MS + REPORT_MS);
        const change = changes.at(-1);
        expect(change?.pressed).toBe(pressed);
        expect(change?.atMs).toBeGreaterThanOrEqual(began);
        expect(change?.atMs).toBeLessThanOrEqual(began + DEBOUNCE_MS + REPORT_MS);
      }
      await it.pass(200);
      expect(changes).toHaveLength(2);
    }),
  );

  it(
    'tells a tap as press and release, to everyone who listens, as long as they do',
    bench(async (it) => {
      if (!it.tap) return;
      const changes: ButtonChange[] = [];
      const end = it.button.onChange((change) => changes.push(change));
      let others = 0;
      it.button.onChange(() => {
        others += 1;
      });
      const began = it.now();
      await it.tap();
      await it.pass(REPORT_MS);
      expect(changes.map(({ pressed }) => pressed)).toEqual([true, false]);
      for (const { atMs } of changes) {
        expect(atMs).toBeGreaterThanOrEqual(began);
        expect(atMs).toBeLessThanOrEqual(it.now());
      }
      end();
      await it.tap();
      await it.pass(REPORT_MS);
      expect(changes).toHaveLength(2);
      expect(others).toBe(4);
      await settled(it, it.button.close());
      await it.tap().catch(() => {});
      expect(others).toBe(4);
    }),
  );

  it(
    'takes a bouncing contact for one press, and a spark for none',
    bench(async (it) => {
      if (!it.press) return;
      const changes: ButtonChange[] = [];
      it.button.onChange((change) => changes.push(change));
      await it.press(true);
      await it.pass(5);
      await it.press(false);
      await it.pass(100);
      expect(changes).toEqual([]);
      for (const pressed of [true, false, true, false, true]) {
        await it.press(pressed);
        await it.pass(4);
      }
      await it.pass(DEBOUNCE_MS + REPORT_MS);
      expect(changes.map((change) => change.pressed)).toEqual([true]);
      await it.press(false);
      await it.pass(DEBOUNCE_MS + REPORT_MS);
      expect(changes.map((change) => change.pressed)).toEqual([true, false]);
    }),
  );

  it(
    'tells everyone who listens, as long as they do',
    bench(async (it) => {
      if (!it.press) return;
      const told = { one: 0, two: 0 };
      const endOne = it.button.onChange(() => {
        told.one += 1;
      });
      it.button.onChange(() => {
        told.two += 1;
      });
      await it.press(true);
      await it.pass(DEBOUNCE_MS + REPORT_MS);
      endOne();
      endOne();
      await it.press(false);
      await it.pass(DEBOUNCE_MS + REPORT_MS);
      expect(told).toEqual({ one: 1, two: 2 });
      await settled(it, it.button.close());
      await it.press(true);
      await it.pass(DEBOUNCE_MS + REPORT_MS);
      expect(told.two).toBe(2);
    }),
  );
});
