import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { buttonContract, switchContract } from '../../contract/lines.ts';
import { delay } from '../../ports/clock.ts';
import { openButton } from '../lines/button.ts';
import { openSwitch } from '../lines/switch.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openGpioChip } from './open-chip.ts';
import {
  findSimulatedChip,
  measureEdges,
  realTime,
  type SimulatedChip,
  SlowClock,
  slowed,
} from './testing/kernel-bench.ts';

/** Lines that no board of ours uses. */
const SWITCH = 30;
const BUTTON = 31;
const EDGES = 29;

const clock = new SystemClock();

/** Of a kernel with gpio-sim; these suites are run where there is one. */
function simulatedChip(): SimulatedChip {
  const chip = findSimulatedChip();
  if (!chip) throw new Error('no chip of gpio-sim; run these suites by `make vm-test`');
  return chip;
}

for (const driver of ['characterDevice', 'sysfs'] as const)
  for (const activeLow of [false, true]) {
    const name = `GPIO ${driver}, active ${activeLow ? 'low' : 'high'}, gpio-sim`;

    switchContract(name, async () => {
      const wire = simulatedChip();
      // As resistors of a board do: what nobody drives is off.
      wire.pull(SWITCH, activeLow);
      const chip = await openGpioChip({ driver, chip: wire.name }, clock);
      const line = await openSwitch(chip, { offset: SWITCH, activeLow }, 'vm-test switch');
      const level = () => wire.high(SWITCH) !== activeLow;
      return { ...realTime(clock), line, level, close: () => chip.close() };
    });

    buttonContract(name, async () => {
      const wire = simulatedChip();
      const press = async (pressed: boolean): Promise<void> =>
        wire.pull(BUTTON, pressed !== activeLow);
      await press(false);
      const chip = slowed(await openGpioChip({ driver, chip: wire.name }, clock));
      const slow = new SlowClock();
      const button = await openButton(chip, { offset: BUTTON, activeLow }, 'vm-test button', slow);
      return { ...realTime(slow), button, press, close: () => chip.close() };
    });
  }

describe.each(['characterDevice', 'sysfs'] as const)('GPIO %s', (driver) => {
  it('finds the chip by its label as well', async () => {
    const wire = simulatedChip();
    const chip = await openGpioChip({ driver, chip: wire.label }, clock);
    await chip.close();
    await expect(openGpioChip({ driver, chip: 'pinctrl-none' }, clock)).rejects.toThrow(wire.label);
  });

  it('refuses a line that is held, and takes it when it is free', async () => {
    const wire = simulatedChip();
    const other = driver === 'sysfs' ? 'characterDevice' : 'sysfs';
    const holder = await openGpioChip({ driver: other, chip: wire.name }, clock);
    const rail = { offset: SWITCH, activeLow: false };
    const held = await openSwitch(holder, rail, 'the other program');
    await held.set(true);
    const chip = await openGpioChip({ driver, chip: wire.name }, clock);
    const refusal = driver === 'characterDevice' ? /in use by "sysfs"/ : /in use.*gpioinfo/;
    await expect(openSwitch(chip, rail, 'rail')).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringMatching(refusal),
    });
    expect(wire.high(SWITCH)).toBe(true);
    await held.close();
    for (let again = 0; again < 3; again++) await (await openSwitch(chip, rail, 'rail')).close();
    await chip.close();
  });

  it('refuses lines that are not there', async () => {
    const chip = await openGpioChip({ driver, chip: simulatedChip().name }, clock);
    for (const offset of [-1, 0.5, 4_000])
      await expect(
        chip.input(offset, { activeLow: false, consumer: 'nowhere' }),
      ).rejects.toMatchObject({ kind: 'badData' });
    await chip.close();
  });

  it('takes over a line that a crash left on, at off', async () => {
    if (driver !== 'sysfs') return;
    const wire = simulatedChip();
    const number = wire.base + SWITCH;
    writeFileSync('/sys/class/gpio/export', `${number}`);
    writeFileSync(`/sys/class/gpio/gpio${number}/direction`, 'high');
    expect(wire.high(SWITCH)).toBe(true);
    const chip = await openGpioChip({ driver, chip: wire.name }, clock);
    const line = await openSwitch(chip, { offset: SWITCH, activeLow: false }, 'rail');
    expect(wire.high(SWITCH)).toBe(false);
    await line.close();
    expect(existsSync(`/sys/class/gpio/gpio${number}`)).toBe(false);
  });

  it.each([false, true])('drives the wire to off at once (active low: %s)', async (activeLow) => {
    const trace = '/sys/kernel/tracing';
    if (!existsSync(`${trace}/events/gpio`)) return;
    const wire = simulatedChip();
    wire.pull(SWITCH, activeLow);
    const chip = await openGpioChip({ driver, chip: wire.name }, clock);
    writeFileSync(`${trace}/trace`, '');
    writeFileSync(`${trace}/events/gpio/enable`, '1');
    const line = await openSwitch(chip, { offset: SWITCH, activeLow }, 'rail');
    await line.set(true);
    await line.close();
    writeFileSync(`${trace}/events/gpio/enable`, '0');
    const driven = [
      ...readFileSync(`${trace}/trace`, 'utf8').matchAll(/gpio_value: \d+ set (\d)/g),
    ];
    const off = activeLow ? '1' : '0';
    const on = activeLow ? '0' : '1';
    expect(driven.map((match) => match[1])).toEqual([off, on, off]);
    await chip.close();
  });

  it('hears of every edge, soon', async () => {
    const wire = simulatedChip();
    const chip = await openGpioChip({ driver, chip: wire.name }, clock);
    const { heardMs, wholeMs } = await measureEdges(chip, wire, EDGES, 50);
    expect(wholeMs).toHaveLength(100);
    // An emulated processor; on a robot's own it is far below this.
    expect(middle(wholeMs)).toBeLessThan(100);
    if (driver === 'characterDevice') expect(middle(heardMs)).toBeGreaterThan(0);
    await chip.close();
  });

  it('does not hold the event loop while it waits for edges', async () => {
    const wire = simulatedChip();
    const chip = await openGpioChip({ driver, chip: wire.name }, clock);
    const line = await chip.input(EDGES, { activeLow: false, consumer: 'idle' });
    const began = clock.now();
    for (let beat = 0; beat < 10; beat++) await delay(clock, 5);
    expect(clock.now() - began).toBeLessThan(500);
    await line.close();
    await chip.close();
  });
});

describe('GPIO auto', () => {
  it('takes the character device where there is one', async () => {
    const chip = await openGpioChip({ driver: 'auto', chip: simulatedChip().name }, clock);
    expect(chip.name).toContain('character device');
    await chip.close();
  });
});

afterAll(() => {
  const wire = findSimulatedChip();
  for (const offset of [SWITCH, BUTTON, EDGES]) wire?.pull(offset, false);
});

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
