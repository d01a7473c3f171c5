import { type BodyHardware, closings } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { WorldPort } from '../world/schema.ts';
import { SimulatedBus } from './bus.ts';
import {
  SimulatedBattery,
  SimulatedEncoder,
  SimulatedEyes,
  SimulatedLights,
  SimulatedServos,
  SimulatedThermometer,
  SimulatedWatchdog,
} from './devices.ts';
import { SimulatedButton, SimulatedSwitch } from './lines.ts';

interface SimulatedBodyContext {
  readonly world: WorldPort;
  readonly clock: Clock;
  readonly logLine: (line: string) => void;
  /** Of simulated I2C errors. */
  readonly seed?: number;
}

/** The body's drivers on a simulated world. Rails and torque are off when it opens, as on the board. */
export function openSimulatedBody(context: SimulatedBodyContext): BodyHardware {
  const { world, clock, logLine } = context;
  const bus = new SimulatedBus(world, clock, context.seed ?? 1);
  const devices = {
    servos: new SimulatedServos(bus),
    panEncoder: new SimulatedEncoder(bus, 'pan'),
    tiltEncoder: new SimulatedEncoder(bus, 'tilt'),
    lights: new SimulatedLights(bus),
    eyes: new SimulatedEyes(bus),
    cameraRail: new SimulatedSwitch(bus, 'cameraRail'),
    microphoneRail: new SimulatedSwitch(bus, 'microphoneRail'),
    amplifier: new SimulatedSwitch(bus, 'amplifier'),
    teacherButton: new SimulatedButton(bus, 'teacher'),
    pairButton: new SimulatedButton(bus, 'pair'),
    battery: new SimulatedBattery(bus),
    thermometer: new SimulatedThermometer(bus),
    watchdog: new SimulatedWatchdog(bus),
  };
  const { servos, lights, eyes, cameraRail, microphoneRail, amplifier } = devices;
  /** Does all of it, whatever fails on the way: a broken light must not keep a servo powered. */
  const all = async (calls: readonly Promise<void>[], doing: string): Promise<void> => {
    for (const result of await Promise.allSettled(calls))
      if (result.status === 'rejected') logLine(`${doing}: ${String(result.reason)}`);
  };
  void all(
    [
      servos.release(),
      cameraRail.set(false),
      microphoneRail.set(false),
      amplifier.set(false),
      lights.off(),
      eyes.off(),
    ],
    'opening the body',
  );
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => all(closings(devices), 'closing the body');
  return {
    ...devices,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
