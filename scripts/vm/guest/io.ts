/**
 * Cost of a control tick on the kernel's interfaces, and latency of an edge to JavaScript: our
 * drivers, and in the same boot the bare libraries that they use (`_bare`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import i2c from 'i2c-bus';
import { Gpio } from 'onoff';
import { openGpioChip } from '../../../hal/linux/gpio/open-chip.ts';
import { As5600 } from '../../../hal/linux/i2c/as5600.ts';
import { BusGuard } from '../../../hal/linux/i2c/guard.ts';
import { LinuxHeadServos } from '../../../hal/linux/i2c/head-servos.ts';
import { openKernelI2c } from '../../../hal/linux/i2c/kernel-bus.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import { I2C } from './board.ts';
import { expectEnv, type Port, Wires } from './inside.ts';

import { PatientClock, slowness } from './slow-clock.ts';

const EDGES = 200;
const TICKS = 500;
const MOST_LATE = 5;
/** Warm-up: the cost before JIT compilation is not representative. */
const WARM_UP = 100;
const CHIP = 'pinctrl-bcm2711';
/** A spare line, unused by the board. */
const LINE = 26;
/** LED0_ON_L: four registers a servo. PCA9685 section 7.3.3. */
const FIRST_SERVO = 0x06;
const SERVOS_BYTES = 8;
/** STATUS and RAW ANGLE of AS5600. */
const STATUS = 0x0b;
const STATUS_BYTES = 3;
const MIDDLE_US = 1500;

export async function measureIo(port: Port): Promise<void> {
  const clock = new SystemClock();
  const tell = (name: string, samples: number[]): void =>
    port.tell({ kind: 'figure', name, unit: 'ms', samples });
  for (const driver of ['characterDevice', 'sysfs'] as const)
    tell(`gpio_edge_${driver}`, await ourEdges(driver, clock));
  tell('gpio_edge_bare', await bareEdges(clock));
  tell('i2c_tick', await ourTicks(clock));
  tell('i2c_tick_bare', await bareTicks(clock));
}

async function ourEdges(driver: 'characterDevice' | 'sysfs', clock: Clock): Promise<number[]> {
  new Wires().pull(LINE, true);
  const chip = await openGpioChip({ driver, chip: CHIP }, clock);
  const line = await chip.input(LINE, { activeLow: true, consumer: 'vm-test edges' });
  const samples = await edges(clock, (listener) => void line.onEdge(listener));
  await chip.close();
  return samples;
}

async function bareEdges(clock: Clock): Promise<number[]> {
  new Wires().pull(LINE, true);
  const line = new Gpio(sysfsBase() + LINE, 'in', 'both', { activeLow: true });
  const samples = await edges(clock, (listener) =>
    line.watch((_error, value) => listener(value === 1)),
  );
  line.unexport();
  return samples;
}

/** What the first line of the chip is called in sysfs. */
function sysfsBase(): number {
  const root = '/sys/class/gpio';
  const read = (chip: string, file: string): string =>
    readFileSync(`${root}/${chip}/${file}`, 'utf8').trim();
  const chips = readdirSync(root).filter((name) => /^gpiochip\d+$/.test(name));
  const chip = chips.find((name) => read(name, 'label') === CHIP);
  if (!chip) throw new Error(`${CHIP} is not in ${root}`);
  return Number(read(chip, 'base'));
}

/** From the wire's change to the listener. */
async function edges(
  clock: Clock,
  listen: (listener: (on: boolean) => void) => void,
): Promise<number[]> {
  const wires = new Wires();
  const samples: number[] = [];
  let heard = (_on: boolean): void => {};
  listen((on) => heard(on));
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
  return samples;
}

/**
 * Reads two encoders and writes both servos through the drivers, as firmware does each 10 ms: in
 * their order, with read-back of the pulses.
 */
async function ourTicks(clock: Clock): Promise<number[]> {
  const patient = new PatientClock(clock, slowness());
  const kernel = await openKernelI2c(busNumber(), patient);
  const { servos: address, panEncoder, tiltEncoder } = I2C;
  const bus = new BusGuard(kernel, patient, { urgent: [address, panEncoder, tiltEncoder] });
  const servos = new LinuxHeadServos({ bus, address, clock: patient });
  const encoders = [new As5600(bus, panEncoder), new As5600(bus, tiltEncoder)];
  // The first call sets the chip up, and may exceed a call's time-out.
  await servos.makeReady().catch(() => {});
  await delay(clock, 200);
  const samples = await ticks(clock, () => [
    ...encoders.map((encoder) => encoder.read()),
    servos.setPulses(MIDDLE_US, MIDDLE_US),
  ]);
  await bus.close();
  return samples;
}

/** The tick's three transactions only: no ordering, retries or read-back. */
async function bareTicks(clock: Clock): Promise<number[]> {
  const bus = await i2c.openPromisified(busNumber());
  const { servos, panEncoder, tiltEncoder } = I2C;
  const bytes = Buffer.alloc(SERVOS_BYTES);
  const read = (address: number) =>
    bus.readI2cBlock(address, STATUS, STATUS_BYTES, Buffer.alloc(STATUS_BYTES));
  const samples = await ticks(clock, () => [
    read(panEncoder),
    read(tiltEncoder),
    bus.writeI2cBlock(servos, FIRST_SERVO, SERVOS_BYTES, bytes),
  ]);
  await bus.close();
  return samples;
}

async function ticks(clock: Clock, tick: () => Promise<unknown>[]): Promise<number[]> {
  const samples: number[] = [];
  const fails: unknown[] = [];
  for (let count = 0; count < WARM_UP + TICKS; count++) {
    const begin = clock.now();
    const results = await Promise.allSettled(tick());
    if (count >= WARM_UP) samples.push(clock.now() - begin);
    if (count >= WARM_UP) fails.push(...results.filter(({ status }) => status === 'rejected'));
    await delay(clock, 2);
  }
  // Late ones, as by V8's garbage collection, count like any other.
  if (fails.length > MOST_LATE)
    throw new Error(`${fails.length} calls failed`, { cause: fails[0] });
  return samples;
}

const busNumber = (): number => Number(expectEnv('VM_I2C_BUS'));
