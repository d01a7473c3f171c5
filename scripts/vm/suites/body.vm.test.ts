/**
 * The whole body of deskmate-1 on a real kernel: PCA9685, AS5600 and HT16K33 through i2c-dev on
 * i2c-stub, lines through either GPIO driver on gpio-sim, battery and temperature of test_power,
 * softdog (whose reset has its own suite). The tests observe from the other end: registers through
 * another file, wires through gpio-sim.
 */
import { writeFileSync } from 'node:fs';
import { parseBoard } from '../../../hal/boards/board-file.ts';
import { bodyContract } from '../../../hal/contract/body.ts';
import { openLinuxBody } from '../../../hal/linux/body/open-body.ts';
import { LIGHT_GAMMA } from '../../../hal/linux/i2c/pca-lights.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { delay } from '../../../hal/ports/clock.ts';
import { boardFile, I2C, LINES } from '../guest/board.ts';
import { Chips } from '../guest/chips.ts';
import { expectEnv, Wires } from '../guest/inside.ts';
import { SlowClock, slowness } from '../guest/slow-clock.ts';

const real = new SystemClock();
const BATTERY = '/sys/module/test_power/parameters';
const TURNED_DEG = { pan: 211.3, tilt: 87.6 };

for (const driver of ['characterDevice', 'sysfs'] as const)
  bodyContract(`Linux kernel, lines by ${driver}`, async () => {
    // All timing is scaled by the machine's slowness: guarantees keep their proportions.
    const clock = new SlowClock(real, slowness());
    const wires = new Wires();
    const chips = new Chips(Number(expectEnv('VM_I2C_BUS')));
    powerOn(chips, wires);
    const plain = parseBoard(boardFile(), 'the VM');
    const board = { ...plain, gpio: plain.gpio && { ...plain.gpio, driver } };
    const body = await openLinuxBody({ clock, board, logLine: () => {} });
    return {
      body,
      now: () => clock.now(),
      pass: (ms) => delay(clock, ms),
      outputs: () => {
        const { panUs, tiltUs } = pulses(chips, wires);
        return panUs === undefined || tiltUs === undefined ? 'off' : { panUs, tiltUs };
      },
      shining: () => shining(chips),
      showing: () => ({ left: chips.rows(I2C.leftEye), right: chips.rows(I2C.rightEye) }),
      lineLevel: (name) => wires.high(LINES[name]),
      pressButton: async (name, pressed) => wires.pull(LINES[name], !pressed),
      axisMagnet: async (axis, there) => chips.magnet(I2C[`${axis}Encoder`], there),
      charger: async (plugged) =>
        writeFileSync(`${BATTERY}/battery_status`, plugged ? 'charging' : 'discharging'),
      close: async () => {
        await body.close();
        chips.close();
      },
    };
  });

/** Puts the board in its power-on state. */
function powerOn(chips: Chips, wires: Wires): void {
  for (const address of [I2C.servos, I2C.lights]) chips.powerOnPca9685(address);
  for (const address of [I2C.leftEye, I2C.rightEye]) chips.powerOnHt16k33(address);
  for (const axis of ['pan', 'tilt'] as const) {
    chips.magnet(I2C[`${axis}Encoder`], true);
    chips.turn(I2C[`${axis}Encoder`], TURNED_DEG[axis]);
  }
  for (const line of [LINES.teacherButton, LINES.pairButton]) wires.pull(line, true);
}

function pulses(chips: Chips, wires: Wires) {
  const servos = chips.pca9685(I2C.servos, !wires.high(LINES.servoEnable));
  return { panUs: servos.pulseUs(0), tiltUs: servos.pulseUs(1) };
}

function shining(chips: Chips) {
  const lamps = chips.pca9685(I2C.lights, true);
  const [red = 0, green = 0, blue = 0, hand = 0] = [0, 1, 2, 3].map(
    (channel) => lamps.duty(channel) ** (1 / LIGHT_GAMMA),
  );
  return { ring: [red, green, blue] as const, hand };
}
