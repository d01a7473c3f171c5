import { accessSync, constants, readdirSync } from 'node:fs';
import type { GpioChip, InputLine, LineOptions, OutputLine } from '../../bus/gpio.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { errorCode } from '../kernel/kernel-fault.ts';
import { EdgePoll, eventDescriptors } from './edge-poll.ts';
import { gpioFault } from './gpio-fault.ts';
import { closeLines, KernelInput, KernelOutput, type RawLine } from './kernel-lines.ts';
import type {
  EpollLibrary,
  GpioSystem,
  Libgpiod,
  LibgpiodChip,
  LibgpiodLine,
} from './libraries.ts';

/*
 * GPIO by its character device, through node-libgpiod 0.5 (libgpiod 1.x). That library
 * requests edges from the kernel but has no call that waits for or reads them. The descriptor of the
 * request is still open in this process: it is found in /proc/self/fd right after the request, polled
 * by `epoll` (which does not block the event loop) and read when readable. Edges carry the
 * interrupt's time stamp.
 */

/** GPIOD_LINE_REQUEST_FLAG_* of libgpiod 1.x. */
const ACTIVE_LOW = 1 << 2;
const PULL_DOWN = 1 << 4;
const PULL_UP = 1 << 5;

/**
 * libgpiod frees a chip's lines with the chip, and the library frees both on garbage collection, in
 * any order: a line that outlives its chip would access freed memory. Here each line references its
 * chip.
 */
const chipOfLine = new FinalizationRegistry<LibgpiodChip>(() => {});

/** Opens a chip by name (`gpiochip0`) or label. */
export async function openCharacterDevice(
  chip: string,
  clock: Clock,
  system: GpioSystem,
): Promise<GpioChip> {
  const libgpiod = await system.libgpiod();
  const epoll = await system.epoll();
  return new CharacterDevice(findChip(chip, libgpiod, system), libgpiod, epoll, clock);
}

function findChip(wanted: string, libgpiod: Libgpiod, system: GpioSystem): LibgpiodChip {
  const names = readdirSync(system.dev).filter((name) => /^gpiochip\d+$/.test(name));
  const seen: string[] = [];
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const path = `${system.dev}/${name}`;
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      const chip = new libgpiod.Chip(path);
      if (name === wanted || chip.label === wanted) return chip;
      seen.push(`${name} (${chip.label}, ${chip.numberOfLines} lines)`);
    } catch (error) {
      if (name === wanted) throw gpioFault(error, `GPIO chip ${wanted}`, `open ${path}`);
      seen.push(`${name} (cannot be opened: ${errorCode(error)})`);
    }
  }
  const there = seen.length === 0 ? 'no character device of any chip' : seen.join(', ');
  throw new HardwareFault(
    'noAnswer',
    `GPIO chip ${wanted}`,
    `not found in ${system.dev}; this computer has ${there}; correct gpio.chip in the board file`,
  );
}

class CharacterDevice implements GpioChip {
  readonly name: string;
  /**
   * One native object per line for the chip's life: the library releases a line when any of its
   * objects is collected, even while another is in use.
   */
  private readonly native = new Map<number, LibgpiodLine>();
  private readonly open = new Set<{ close(): Promise<void> }>();

  constructor(
    private readonly chip: LibgpiodChip,
    private readonly libgpiod: Libgpiod,
    private readonly epoll: EpollLibrary,
    private readonly clock: Clock,
  ) {
    this.name = `${chip.name} (character device)`;
  }

  async output(offset: number, options: LineOptions): Promise<OutputLine> {
    const line = this.line(offset, options);
    const flags = options.activeLow ? ACTIVE_LOW : 0;
    this.request(line, offset, options, 'output', () =>
      line.requestOutputModeFlags(options.consumer, flags, 0),
    );
    const device = `${options.consumer} line`;
    const output = new KernelOutput(rawLine(line), device, () => this.open.delete(output));
    this.open.add(output);
    return output;
  }

  async input(offset: number, options: LineOptions): Promise<InputLine> {
    const line = this.line(offset, options);
    // An open contact or a broken wire then reads "not pressed". Chips without bias resistors ignore
    // it.
    const flags = options.activeLow ? ACTIVE_LOW | PULL_UP : PULL_DOWN;
    const before = eventDescriptors();
    this.request(line, offset, options, 'input with edges', () =>
      line.requestBothEdgesEventFlags(options.consumer, flags),
    );
    const device = `${options.consumer} line`;
    const fresh = [...eventDescriptors()].filter((descriptor) => !before.has(descriptor));
    const [descriptor] = fresh;
    if (descriptor === undefined || fresh.length > 1) {
      line.release();
      throw new HardwareFault(
        'badData',
        device,
        `expected one descriptor of edges from the kernel, found ${fresh.length}; is libgpiod 1.x installed? (gpio.driver "sysfs" in the board file works without)`,
      );
    }
    const { epoll, clock } = this;
    const edges = new EdgePoll(
      { descriptor, epoll, clock },
      (on, atMs) => input.edge(on, atMs),
      (why) => input.endEdges(why),
    );
    const raw = rawLine(line, () => edges.stop());
    const input = new KernelInput(raw, device, () => this.open.delete(input));
    this.open.add(input);
    return input;
  }

  async close(): Promise<void> {
    await closeLines(this.name, this.open);
  }

  private line(offset: number, options: LineOptions): LibgpiodLine {
    const known = this.native.get(offset);
    if (known) return known;
    // The library crashes later when a line that does not exist is requested.
    const lines = this.chip.numberOfLines;
    if (!Number.isInteger(offset) || offset < 0 || offset >= lines)
      throw new HardwareFault(
        'badData',
        `${options.consumer} line`,
        `${this.name} has no line ${offset}, expected 0..${lines - 1}; correct the board file`,
      );
    const line = new this.libgpiod.Line(this.chip, offset);
    chipOfLine.register(line, this.chip);
    this.native.set(offset, line);
    return line;
  }

  private request(
    line: LibgpiodLine,
    offset: number,
    { consumer }: LineOptions,
    as: string,
    request: () => void,
  ): void {
    const device = `${consumer} line`;
    try {
      request();
    } catch (error) {
      if (errorCode(error) === 'EBUSY')
        throw new HardwareFault(
          'busy',
          device,
          `line ${offset} of ${this.name} is in use by "${line.consumer ?? 'the kernel'}"; end that program or overlay`,
          { cause: error },
        );
      throw gpioFault(error, device, `open line ${offset} of ${this.name} as ${as}`);
    }
  }
}

function rawLine(line: LibgpiodLine, beforeRelease: () => void = () => {}): RawLine {
  return {
    read: () => line.getValue(),
    write: (value) => line.setValue(value),
    release: () => {
      beforeRelease();
      line.release();
    },
  };
}
