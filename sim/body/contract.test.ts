import { bodyContract } from '../../hal/contract/body.ts';
import { SimClock } from '../time/sim-clock.ts';
import { MemoryWorldPort } from '../world/memory-port.ts';
import { World } from '../world/world.ts';
import { openSimulatedBody } from './open-body.ts';

const BUTTONS = { teacherButton: 'teacher', pairButton: 'pair' } as const;
const MAGNETS = { pan: 'panEncoderLost', tilt: 'tiltEncoderLost' } as const;

bodyContract('simulated', async () => {
  const clock = new SimClock();
  const world = new World({ clock, seed: 11 });
  world.start();
  const port = new MemoryWorldPort(world);
  const body = openSimulatedBody({ world: port, clock, logLine: () => {} });
  return {
    body,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    reach: { lose: () => port.setReachable(false), restore: () => port.setReachable(true) },
    outputs: () => world.pulses ?? 'off',
    shining: () => ({ ring: world.snapshot().ring, hand: world.snapshot().hand }),
    showing: () => world.snapshot().eyes,
    lineLevel: (name) => world.snapshot()[name],
    pressButton: async (name, pressed) =>
      world.apply({ kind: 'button', name: BUTTONS[name], pressed }),
    axisMagnet: async (axis, there) =>
      world.apply({ kind: 'fault', name: MAGNETS[axis], on: !there }),
    charger: async (plugged) => world.apply({ kind: 'charger', plugged }),
    bitten: () => world.snapshot().watchdogBit,
    close: async () => {
      await body.close();
      await port.close();
      world.stop();
    },
  };
});
