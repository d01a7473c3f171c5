/** What a control tick costs on the kernel's interfaces, and how long an edge takes to JavaScript. */
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import type { GpioChip } from '../../../hal/bus/gpio.ts';
import { openGpioChip } from '../../../hal/linux/gpio/open-chip.ts';
import { openKernelI2c } from '../../../hal/linux/i2c/kernel-bus.ts';
import { SystemClock } from '../../../hal/linux/system-clock.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import { expectEnv, Wires } from './lines.ts';
import type { Port } from './port.ts';
import { PatientClock, slowness } from './slow-clock.ts';

const EDGES = 200;
const TICKS = 500;
/** JavaScript is compiled as it runs; what it costs before that says nothing. */
const WARM_UP = 100;
/** Spare: nothing of the board is on this line. */
const LINE = 26;
/** LED0_ON_L: four registers a servo. PCA9685 section 7.3.3. */
const FIRST_SERVO = 0x06;
/** STATUS and RAW ANGLE of AS5600. */
const STATUS = 0x0b;

export async function measureIo(port: Port): Promise<void> {
  const clock = new SystemClock();
  for (const driver of ['characterDevice', 'sysfs'] as const) {
    const chip = await openGpioChip({ driver, chip: 'pinctrl-bcm2711' }, clock);
    const samples = await edges(chip, clock);
    await chip.close();
    port.tell({ kind: 'figure', name: `gpio_edge_${driver}`, unit: 'ms', samples });
  }
  port.tell({ kind: 'figure', name: 'i2c_tick', unit: 'ms', samples: await ticks(clock) });
}

/** From the wire's change to the listener. */
async function edges(chip: GpioChip, clock: Clock): Promise<number[]> {
  const wires = new Wires();
  wires.pull(LINE, true);
  const line = await chip.input(LINE, { activeLow: true, consumer: 'hil edges' });
  const samples: number[] = [];
  let heard = (_on: boolean): void => {};
  line.onEdge((on) => heard(on));
  for (let edge = 0; edge < WARM_UP + EDGES; edge++) {
    const pressed = edge % 2 === 0;
    const begin = clock.now();
    const told = new Promise<void>((resolve) => {
      heard = (on) => on === pressed && resolve();
    });
    wires.pull(LINE, !pressed);
    await Promise.race([told, delay(clock, 1_000)]);
    if (edge >= WARM_UP) samples.push(clock.now() - begin);
    await delay(clock, 2);
  }
  await line.close();
  return samples;
}

/** Two encoders read and both servos written, as the firmware does each 10 ms. */
async function ticks(clock: Clock): Promise<number[]> {
  const { servos, panEncoder, tiltEncoder } = chipsOfBoard();
  const patient = new PatientClock(clock, slowness());
  const bus = await openKernelI2c(Number(expectEnv('HIL_I2C_BUS')), patient);
  const bytes = new Uint8Array(8);
  const samples: number[] = [];
  for (let tick = 0; tick < WARM_UP + TICKS; tick++) {
    const begin = clock.now();
    await Promise.all([
      bus.readBlock(panEncoder, STATUS, 3),
      bus.readBlock(tiltEncoder, STATUS, 3),
      bus.writeBlock(servos, FIRST_SERVO, bytes),
    ]);
    if (tick >= WARM_UP) samples.push(clock.now() - begin);
    await delay(clock, 2);
  }
  await bus.close();
  return samples;
}

function chipsOfBoard(): { servos: number; panEncoder: number; tiltEncoder: number } {
  const { servos, panEncoder, tiltEncoder } = deskmate1.i2c ?? {};
  if (servos == null || panEncoder == null || tiltEncoder == null)
    throw new Error('deskmate-1 has servos and encoders');
  return { servos, panEncoder, tiltEncoder };
}
