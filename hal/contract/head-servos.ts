import { expect, it } from 'vitest';
import type { AngleEncoder, HeadServos } from '../ports/body.ts';
import { type Bench, contract, failsAndRecovers, rejects, settled } from './bench.ts';

export interface ServosBench extends Bench {
  readonly servos: HeadServos;
  /** What stands on the servos' wires now, where the bench can see it. */
  outputs?(): { readonly panUs: number; readonly tiltUs: number } | 'off';
}

/** PCA9685 at 50 Hz: 20 ms in 4096 steps; half a step either way, and rounding of registers. */
const STEP_US = 20_000 / 4096;
/** A frame and a telling later the wires show it. */
const FRAME_MS = 40;

/** The promises of the HeadServos port. */
export const headServosContract = contract<ServosBench>('head servos', (bench) => {
  const expectOutputs = (it: ServosBench, panUs: number, tiltUs: number): void => {
    const outputs = it.outputs?.();
    if (outputs === undefined) return;
    if (outputs === 'off')
      throw new Error(`the outputs are off, expected ${panUs} and ${tiltUs} us`);
    expect(Math.abs(outputs.panUs - panUs)).toBeLessThanOrEqual(STEP_US);
    expect(Math.abs(outputs.tiltUs - tiltUs)).toBeLessThanOrEqual(STEP_US);
  };
  const expectTorqueOff = (it: ServosBench): void => {
    if (it.outputs) expect(it.outputs()).toBe('off');
  };

  it(
    'has no torque until pulses are set',
    bench(async (it) => {
      await it.pass(FRAME_MS);
      expectTorqueOff(it);
    }),
  );

  it(
    'sets both pulses, to the ends of what servos take',
    bench(async (it) => {
      for (const [panUs, tiltUs] of [
        [1500, 1500],
        [500, 2500],
        [2500, 500],
        [1234.5, 1678.9],
      ] as const) {
        await settled(it, it.servos.setPulses(panUs, tiltUs));
        await it.pass(FRAME_MS);
        expectOutputs(it, panUs, tiltUs);
      }
    }),
  );

  it(
    'refuses other pulses and changes nothing, with or without torque',
    bench(async (it) => {
      const wrong = [499.9, 2500.1, 0, -1500, 1e9, Number.NaN, Number.POSITIVE_INFINITY];
      for (const us of wrong) {
        await rejects(it, it.servos.setPulses(us, 1500), 'badData');
        await rejects(it, it.servos.setPulses(1500, us), 'badData');
      }
      await it.pass(FRAME_MS);
      expectTorqueOff(it);
      await settled(it, it.servos.setPulses(1400, 1600));
      for (const us of wrong) await rejects(it, it.servos.setPulses(1450, us), 'badData');
      await it.pass(FRAME_MS);
      expectOutputs(it, 1400, 1600);
    }),
  );

  it(
    'releases at any time, twice, and sets again',
    bench(async (it) => {
      await settled(it, it.servos.release());
      await settled(it, it.servos.setPulses(1500, 1500));
      await settled(it, it.servos.release());
      await settled(it, it.servos.release());
      await it.pass(FRAME_MS);
      expectTorqueOff(it);
      await settled(it, it.servos.setPulses(1600, 1500));
      await it.pass(FRAME_MS);
      expectOutputs(it, 1600, 1500);
    }),
  );

  it(
    'carries calls out in the order in which they were made: release after pulses is torque off',
    bench(async (it) => {
      for (const call of [it.servos.setPulses(1600, 1500), it.servos.release()])
        await settled(it, call);
      await it.pass(FRAME_MS);
      expectTorqueOff(it);
      const calls = [
        it.servos.setPulses(1300, 1500),
        it.servos.release(),
        it.servos.setPulses(1700, 1400),
      ];
      for (const call of calls) await settled(it, call);
      await it.pass(FRAME_MS);
      expectOutputs(it, 1700, 1400);
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) =>
      failsAndRecovers(it, [() => it.servos.setPulses(1500, 1500), () => it.servos.release()]),
    ),
  );
});

interface EncoderBench extends Bench {
  readonly encoder: AngleEncoder;
  /** Takes the magnet away or puts it back, where that can be done. */
  magnet?(there: boolean): Promise<void>;
}

const STEP_DEG = 360 / 4096;
/** A head at rest: noise of the chip, peak to peak. */
const NOISE_DEG = 0.8;

/** The promises of the AngleEncoder port. The head stands still throughout. */
export const angleEncoderContract = contract<EncoderBench>('angle encoder', (bench) => {
  it(
    "gives a raw angle on the chip's steps, steady while the head is",
    bench(async (it) => {
      const first = await settled(it, it.encoder.read());
      for (let i = 0; i < 20; i++) {
        await it.pass(10);
        const { rawDeg, magnet } = await settled(it, it.encoder.read());
        expect(rawDeg).toBeGreaterThanOrEqual(0);
        expect(rawDeg).toBeLessThan(360);
        expect(Math.abs(rawDeg / STEP_DEG - Math.round(rawDeg / STEP_DEG))).toBeLessThan(1e-6);
        const apart = Math.abs(((rawDeg - first.rawDeg + 540) % 360) - 180);
        expect(apart).toBeLessThan(NOISE_DEG);
        expect(magnet).toBe('ok');
      }
    }),
  );

  it(
    'says when the magnet is missing, and when it is back',
    bench(async (it) => {
      if (!it.magnet) return;
      await it.magnet(false);
      await it.pass(50);
      expect((await settled(it, it.encoder.read())).magnet).toBe('missing');
      await it.magnet(true);
      await it.pass(50);
      expect((await settled(it, it.encoder.read())).magnet).toBe('ok');
    }),
  );

  it(
    'rejects while it is out of reach and works again afterwards',
    bench((it) => failsAndRecovers(it, [() => it.encoder.read()])),
  );
});
