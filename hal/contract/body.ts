import { describe, expect, it } from 'vitest';
import type { BodyHardware } from '../ports/body.ts';
import { type Bench, onBench, settled } from './bench.ts';
import { angleEncoderContract, headServosContract, type ServosBench } from './head-servos.ts';
import { type EyesBench, eyesContract, type LightsBench, lightsContract } from './lights.ts';
import { buttonContract, switchContract } from './lines.ts';
import {
  batteryGaugeContract,
  type GaugeBench,
  thermometerContract,
  type WatchdogBench,
  watchdogContract,
} from './power.ts';

type LineName = 'cameraRail' | 'microphoneRail' | 'amplifier';
type ButtonName = 'teacherButton' | 'pairButton';

/** A whole body and what the bench can do to it and see of it; what it cannot, it leaves out. */
interface BodyBench
  extends Bench,
    Pick<ServosBench, 'outputs'>,
    Pick<LightsBench, 'shining'>,
    Pick<EyesBench, 'showing'>,
    Pick<GaugeBench, 'charger'>,
    Pick<WatchdogBench, 'bitten'> {
  readonly body: BodyHardware;
  lineLevel?(name: LineName): boolean;
  pressButton?(name: ButtonName, pressed: boolean): Promise<void>;
  axisMagnet?(axis: 'pan' | 'tilt', there: boolean): Promise<void>;
}

/** Every device of a body against its port's suite, and the promises of the body as a whole. */
export function bodyContract(name: string, make: () => Promise<BodyBench>): void {
  /** The same bench, with the one device that a suite asks for. */
  const only =
    <Device>(pick: (bench: BodyBench) => Device) =>
    async (): Promise<BodyBench & Device> => {
      const bench = await make();
      return { ...bench, ...pick(bench) };
    };
  headServosContract(
    name,
    only(({ body }) => ({ servos: body.servos })),
  );
  for (const axis of ['pan', 'tilt'] as const)
    angleEncoderContract(
      `${axis}, ${name}`,
      only((bench) => encoderOf(bench, axis)),
    );
  lightsContract(
    name,
    only(({ body }) => ({ lights: body.lights })),
  );
  eyesContract(
    name,
    only(({ body }) => ({ eyes: body.eyes })),
  );
  for (const line of LINES)
    switchContract(
      `${line}, ${name}`,
      only((bench) => lineOf(bench, line)),
    );
  for (const button of ['teacherButton', 'pairButton'] as const)
    buttonContract(
      `${button}, ${name}`,
      only((bench) => buttonOf(bench, button)),
    );
  batteryGaugeContract(
    name,
    only(({ body }) => ({ battery: body.battery })),
  );
  thermometerContract(
    name,
    only(({ body }) => ({ thermometer: body.thermometer })),
  );
  watchdogContract(
    name,
    only(({ body }) => ({ watchdog: body.watchdog })),
  );
  wholeBodyContract(name, make);
}

const LINES = ['cameraRail', 'microphoneRail', 'amplifier'] as const;

function encoderOf(bench: BodyBench, axis: 'pan' | 'tilt') {
  const { axisMagnet } = bench;
  return {
    encoder: axis === 'pan' ? bench.body.panEncoder : bench.body.tiltEncoder,
    ...(axisMagnet && { magnet: (there: boolean) => axisMagnet(axis, there) }),
  };
}

function lineOf(bench: BodyBench, name: LineName) {
  const { lineLevel } = bench;
  return { line: bench.body[name], ...(lineLevel && { level: () => lineLevel(name) }) };
}

function buttonOf(bench: BodyBench, name: ButtonName) {
  const { pressButton } = bench;
  return {
    button: bench.body[name],
    ...(pressButton && { press: (pressed: boolean) => pressButton(name, pressed) }),
  };
}

function wholeBodyContract(name: string, make: () => Promise<BodyBench>): void {
  describe(`body: ${name}`, () => {
    it(
      'has torque off, rails off and lights dark after close, which may be called twice',
      onBench(make, async (bench) => {
        const { servos, lights, eyes, watchdog } = bench.body;
        await settled(bench, servos.setPulses(1500, 1500));
        await settled(bench, lights.set({ ring: [1, 1, 1], hand: 1 }));
        await settled(bench, eyes.show(ROWS, ROWS, 15));
        for (const line of LINES) await settled(bench, bench.body[line].set(true));
        await settled(bench, watchdog.kick());
        await settled(bench, bench.body.close());
        await settled(bench, bench.body.close());
        await bench.pass(50);
        expect(bench.outputs?.() ?? 'off').toBe('off');
        for (const line of LINES) expect(bench.lineLevel?.(line) ?? false).toBe(false);
        expect(bench.shining?.() ?? DARK).toEqual(DARK);
        expect(bench.showing?.() ?? BLANK).toMatchObject(BLANK);
        await bench.pass(bench.bitten ? watchdog.timeoutMs * 2 : 0);
        expect(bench.bitten?.() ?? false).toBe(false);
      }),
    );

    it(
      'closes without an error while nothing can be reached',
      onBench(make, async (bench) => {
        bench.reach?.lose();
        await settled(bench, bench.body.close());
        bench.reach?.restore();
      }),
    );
  });
}

const ROWS = new Uint8Array(8).fill(255);
const DARK = { ring: [0, 0, 0], hand: 0 };
const BLANK = { left: Array<number>(8).fill(0), right: Array<number>(8).fill(0) };
