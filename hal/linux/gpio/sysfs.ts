import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GpioChip, InputLine, LineOptions, OutputLine } from '../../bus/gpio.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { errorCode } from '../kernel/kernel-fault.ts';
import { gpioFault } from './gpio-fault.ts';
import { closeLines, KernelInput, KernelOutput, type RawLine } from './kernel-lines.ts';
import type { GpioSystem, Onoff, OnoffLine } from './libraries.ts';

/*
 * GPIO by sysfs, through onoff 6. Lines have global numbers there: the chip's base, which
 * differs between kernels, plus the offset. There is no bias setting and no consumer name, and edges
 * have no time stamp: they are stamped on arrival.
 */

interface SysfsChip {
  readonly label: string;
  readonly base: number;
  readonly lines: number;
}

/** Opens a chip by label or by name, `gpiochip0` being that of its character device. */
export async function openSysfs(chip: string, clock: Clock, system: GpioSystem): Promise<GpioChip> {
  const found = findChip(chip, system);
  return new SysfsGpio(chip, found, await system.onoff(), clock);
}

function findChip(wanted: string, { sys }: GpioSystem): SysfsChip {
  const root = `${sys}/class/gpio`;
  const device = `GPIO chip ${wanted}`;
  if (!existsSync(root))
    throw new HardwareFault(
      'noAnswer',
      device,
      `${root} does not exist: this kernel has no sysfs GPIO; use the character device (npm install node-libgpiod)`,
    );
  const names = readdirSync(root).filter((name) => /^gpiochip\d+$/.test(name));
  const chips = names.map((name) => ({ name, chip: readChip(`${root}/${name}`) }));
  const fits = chips.filter(({ chip }) => chip?.label === wanted);
  if (fits.length === 0) fits.push(...sameDevice(wanted, sys, chips));
  const [fit] = fits;
  if (fit?.chip && fits.length === 1) return fit.chip;
  const there = chips.map(({ name, chip }) => `${name} (${chip?.label ?? 'unreadable'})`);
  const problem = fits.length > 1 ? 'fits several chips' : 'not found';
  throw new HardwareFault(
    'noAnswer',
    device,
    `${problem} in ${root}; this computer has ${there.join(', ') || 'none'}; put a label that only one has into gpio.chip of the board file`,
  );
}

/**
 * The sysfs chip of a character device's name: both are below the same device. On old kernels
 * without that folder the chip of base 0 has the same name.
 */
function sameDevice<Named extends { readonly name: string }>(
  wanted: string,
  sys: string,
  chips: readonly Named[],
): Named[] {
  const character = `${sys}/bus/gpio/devices/${wanted}`;
  if (!existsSync(character)) return chips.filter(({ name }) => name === wanted);
  const parent = dirname(realpathSync(character));
  return chips.filter(
    ({ name }) => dirname(dirname(realpathSync(`${sys}/class/gpio/${name}`))) === parent,
  );
}

function readChip(folder: string): SysfsChip | undefined {
  try {
    const read = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8').trim();
    const [base, lines] = [read('base'), read('ngpio')];
    if (![base, lines].every((text) => /^\d{1,9}$/.test(text))) return undefined;
    return { label: read('label'), base: Number(base), lines: Number(lines) };
  } catch {
    // The chip was unplugged meanwhile: skip it.
    return undefined;
  }
}

class SysfsGpio implements GpioChip {
  readonly name: string;
  private readonly open = new Map<number, { close(): Promise<void> }>();

  constructor(
    wanted: string,
    private readonly chip: SysfsChip,
    private readonly onoff: Onoff,
    private readonly clock: Clock,
  ) {
    this.name = `${wanted} (sysfs)`;
  }

  async output(offset: number, options: LineOptions): Promise<OutputLine> {
    // Direction and level are set by one write. The level is electrical: the kernel does not apply
    // active-low to it (gpiolib-sysfs.c, direction_store).
    const off = options.activeLow ? 'high' : 'low';
    const line = this.export(offset, options, off);
    const output = new KernelOutput(rawLine(line), `${options.consumer} line`, () =>
      this.open.delete(offset),
    );
    this.open.set(offset, output);
    return output;
  }

  async input(offset: number, options: LineOptions): Promise<InputLine> {
    const line = this.export(offset, options, 'in');
    const input = new KernelInput(rawLine(line), `${options.consumer} line`, () =>
      this.open.delete(offset),
    );
    try {
      line.watch((error, value) => {
        if (error) input.endEdges(`waiting for its edges failed (${error.message})`);
        else input.edge(value === 1, this.clock.now());
      });
    } catch (error) {
      line.unexport();
      throw gpioFault(error, `${options.consumer} line`, 'wait for its edges');
    }
    this.open.set(offset, input);
    return input;
  }

  async close(): Promise<void> {
    await closeLines(this.name, this.open.values());
  }

  private export(
    offset: number,
    { activeLow, consumer }: LineOptions,
    direction: 'in' | 'high' | 'low',
  ): OnoffLine {
    const device = `${consumer} line`;
    this.expectFree(offset, device);
    const number = this.chip.base + offset;
    const what = `open line ${offset} of ${this.name} (GPIO ${number})`;
    let line: OnoffLine;
    try {
      const edge = direction === 'in' ? 'both' : 'none';
      line = new this.onoff.Gpio(number, direction, edge, { activeLow });
    } catch (error) {
      if (errorCode(error) === 'EBUSY')
        throw new HardwareFault(
          'busy',
          device,
          `cannot ${what}: it is in use; \`gpioinfo ${this.chip.label}\` tells by whom: end that program or overlay`,
          { cause: error },
        );
      throw gpioFault(error, device, what);
    }
    this.expectConfigured(line, direction === 'in' ? 'in' : 'out', activeLow, device, what);
    return line;
  }

  /** The library ignores failures on a line that was already exported, e.g. before a crash. */
  private expectConfigured(
    line: OnoffLine,
    direction: string,
    activeLow: boolean,
    device: string,
    what: string,
  ): void {
    try {
      const edges = direction === 'out' || line.edge() === 'both';
      if (edges && line.direction() === direction && line.activeLow() === activeLow) return;
    } catch (error) {
      throw gpioFault(error, device, what);
    }
    throw new HardwareFault(
      'busy',
      device,
      `cannot ${what}: another program exported it and keeps its settings; end that program`,
    );
  }

  private expectFree(offset: number, device: string): void {
    const { lines } = this.chip;
    if (!Number.isInteger(offset) || offset < 0 || offset >= lines)
      throw new HardwareFault(
        'badData',
        device,
        `${this.name} has no line ${offset}, expected 0..${lines - 1}; correct the board file`,
      );
    if (this.open.has(offset))
      throw new HardwareFault(
        'busy',
        device,
        `line ${offset} of ${this.name} is in use by this process; correct the board file`,
      );
  }
}

function rawLine(line: OnoffLine): RawLine {
  return {
    read: () => line.readSync(),
    write: (value) => line.writeSync(value),
    release: () => line.unexport(),
  };
}
