import { SimClock } from '../../../sim/time/sim-clock.ts';
import { bodyContract } from '../../contract/body.ts';
import type { Heal } from '../../fake/i2c.ts';
import { LIGHT_GAMMA } from '../i2c/pca-lights.ts';
import { offset, openBodyRig } from './testing/body-rig.ts';

bodyContract('Linux drivers on the fake bus', async () => {
  const { clock, gpio, robot, kernel, body } = await openBodyRig(new SimClock());
  let restore: Heal = () => {};
  const light = (channel: number): number => robot.lights.duty(channel) ** (1 / LIGHT_GAMMA);
  return {
    body,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    reach: {
      lose: () => {
        gpio.lose();
        kernel.lose();
        restore = robot.i2c.fail('all', 'nack');
      },
      restore: () => {
        gpio.restore();
        kernel.restore();
        restore();
      },
    },
    outputs: () => {
      const [panUs, tiltUs] = [robot.servos.pulseUs(0), robot.servos.pulseUs(1)];
      return panUs === undefined || tiltUs === undefined ? 'off' : { panUs, tiltUs };
    },
    shining: () => ({ ring: [light(0), light(1), light(2)], hand: light(3) }),
    showing: () => ({ left: robot.leftEye.rowsSeen(), right: robot.rightEye.rowsSeen() }),
    lineLevel: (name) => gpio.high(offset(name)),
    pressButton: async (name, pressed) => gpio.press(offset(name), pressed),
    axisMagnet: async (axis, there) => {
      (axis === 'pan' ? robot.panEncoder : robot.tiltEncoder).magnet = there ? 'ok' : 'missing';
    },
    charger: async (plugged) => {
      kernel.charging = plugged;
    },
    bitten: () => kernel.bitten,
    close: async () => {
      const closing = body.close();
      await clock.advance(100);
      await closing;
    },
  };
});
