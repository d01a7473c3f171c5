import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { eventDescriptors, parseLineEvents } from './edge-poll.ts';
import { gpioFault } from './gpio-fault.ts';
import {
  type EpollLibrary,
  type GpioSystem,
  type Libgpiod,
  type LibgpiodChip,
  type LibgpiodLine,
  linuxGpio,
  type OnoffLine,
} from './libraries.ts';
import { openGpioChip } from './open-chip.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'gpio-'));
  mkdirSync(path.join(root, 'dev'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A chip's folders as the kernel lays them out. */
function sysfsChip(base: number, label: string, device = `device-${base}`, lines = 32): void {
  const real = path.join(root, 'sys/devices', device, 'gpio', `gpiochip${base}`);
  mkdirSync(real, { recursive: true });
  writeFileSync(path.join(real, 'label'), `${label}\n`);
  writeFileSync(path.join(real, 'base'), `${base}\n`);
  writeFileSync(path.join(real, 'ngpio'), `${lines}\n`);
  const folder = path.join(root, 'sys/class/gpio');
  mkdirSync(folder, { recursive: true });
  symlinkSync(real, path.join(folder, `gpiochip${base}`));
}

/** The device of a chip also has its character device. */
function characterName(name: string, device: string): void {
  const real = path.join(root, 'sys/devices', device, name);
  mkdirSync(real, { recursive: true });
  const folder = path.join(root, 'sys/bus/gpio/devices');
  mkdirSync(folder, { recursive: true });
  symlinkSync(real, path.join(folder, name));
}

interface Exported {
  readonly line: number;
  readonly direction: string;
  readonly edge: string;
  readonly activeLow: boolean;
}

/** Lines by their numbers, as their libraries see them: what they were last set to. */
type Levels = Map<number, number>;

/** A libgpiod without a kernel, whose lines of `stubborn` cannot be given back. */
function libgpiod(levels: Levels, stubborn: readonly number[]): Libgpiod {
  class Chip {
    readonly name = 'gpiochip0';
    readonly label = 'pinctrl';
    readonly numberOfLines = 32;
  }
  class Line implements LibgpiodLine {
    readonly consumer = undefined;
    constructor(
      _chip: LibgpiodChip,
      private readonly offset: number,
    ) {}
    requestOutputModeFlags = () => {};
    requestBothEdgesEventFlags = () => {};
    getValue = () => levels.get(this.offset) ?? 0;
    setValue = (value: 0 | 1) => levels.set(this.offset, value);
    release = () => {
      if (stubborn.includes(this.offset)) throw new Error('cannot be released');
    };
  }
  return { Chip, Line };
}

/** `onoff` without a kernel: notes what is exported. */
function system(
  exported: Exported[],
  overrides: Partial<GpioSystem> = {},
  levels: Levels = new Map(),
  stubborn: readonly number[] = [],
): GpioSystem {
  class Gpio implements OnoffLine {
    private value = 0;
    constructor(
      readonly line: number,
      private readonly wanted: 'in' | 'high' | 'low',
      private readonly wantedEdge: 'none' | 'both',
      private readonly options: { activeLow: boolean },
    ) {
      exported.push({ line, direction: wanted, edge: wantedEdge, activeLow: options.activeLow });
    }
    readSync = () => this.value;
    writeSync = (value: 0 | 1) => {
      this.value = value;
      levels.set(this.line, value);
    };
    watch = () => {};
    direction = () => (this.wanted === 'in' ? 'in' : 'out');
    activeLow = () => this.options.activeLow;
    edge = () => this.wantedEdge;
    unexport = () => {
      if (stubborn.includes(this.line)) throw new Error('cannot be released');
    };
  }
  const absent = () => Promise.reject(new HardwareFault('noAnswer', 'GPIO', 'library is missing'));
  return {
    dev: path.join(root, 'dev'),
    sys: path.join(root, 'sys'),
    libgpiod: absent,
    epoll: absent,
    onoff: async () => ({ Gpio }),
    ...overrides,
  };
}

const clock = new SimClock();
const open = (chip: string, exported: Exported[] = [], driver: 'auto' | 'sysfs' = 'sysfs') =>
  openGpioChip({ driver, chip }, clock, system(exported));

describe('sysfs GPIO', () => {
  it("adds the chip's base, and opens outputs at the wire level that is off", async () => {
    sysfsChip(512, 'pinctrl-bcm2711');
    const exported: Exported[] = [];
    const chip = await open('pinctrl-bcm2711', exported);
    await chip.output(17, { activeLow: true, consumer: 'servo enable' });
    await chip.output(22, { activeLow: false, consumer: 'camera rail' });
    await chip.input(5, { activeLow: true, consumer: 'teacher button' });
    expect(exported).toEqual([
      { line: 529, direction: 'high', edge: 'none', activeLow: true },
      { line: 534, direction: 'low', edge: 'none', activeLow: false },
      { line: 517, direction: 'in', edge: 'both', activeLow: true },
    ]);
  });

  it('says that nobody waits for the edges of an input any more', async () => {
    sysfsChip(512, 'pinctrl');
    let wake: (error: Error | null, value: number) => void = () => {};
    const plain = await system([]).onoff();
    class Gpio extends plain.Gpio {
      override watch = (onValue: typeof wake) => {
        wake = onValue;
      };
    }
    const driver = { driver: 'sysfs', chip: 'pinctrl' } as const;
    const chip = await openGpioChip(driver, clock, system([], { onoff: async () => ({ Gpio }) }));
    const line = await chip.input(5, { activeLow: true, consumer: 'teacher button' });
    expect(line.deaf).toBeUndefined();
    wake(new Error('ENODEV'), 0);
    expect(line.deaf).toContain('ENODEV');
  });

  it('lets go of an input whose edges it cannot wait for', async () => {
    sysfsChip(512, 'pinctrl');
    let unexported = 0;
    const plain = await system([]).onoff();
    class Gpio extends plain.Gpio {
      override watch = () => {
        throw new Error('EPERM');
      };
      override unexport = () => {
        unexported += 1;
      };
    }
    const driver = { driver: 'sysfs', chip: 'pinctrl' } as const;
    const chip = await openGpioChip(driver, clock, system([], { onoff: async () => ({ Gpio }) }));
    await expect(
      chip.input(5, { activeLow: true, consumer: 'teacher button' }),
    ).rejects.toBeInstanceOf(HardwareFault);
    expect(unexported).toBe(1);
  });

  it('finds the chip that has the name as its character device', async () => {
    sysfsChip(512, 'one', 'a');
    sysfsChip(600, 'two', 'b');
    characterName('gpiochip0', 'b');
    const exported: Exported[] = [];
    await (await open('gpiochip0', exported)).output(1, { activeLow: false, consumer: 'x' });
    expect(exported[0]?.line).toBe(601);
  });

  it('lists what there is when the chip is not found, or is not one', async () => {
    sysfsChip(512, 'bank', 'a');
    sysfsChip(544, 'bank', 'a');
    await expect(open('pinctrl')).rejects.toMatchObject({
      kind: 'noAnswer',
      message: expect.stringMatching(/not found.*gpiochip512 \(bank\), gpiochip544 \(bank\)/),
    });
    await expect(open('bank')).rejects.toThrow(/fits several/);
  });

  it('takes no chip from garbage', async () => {
    sysfsChip(512, 'pinctrl');
    for (const base of ['', 'x', '-1', '1.5'])
      for (const file of ['base', 'ngpio']) {
        writeFileSync(path.join(root, 'sys/class/gpio/gpiochip512', file), base);
        await expect(open('pinctrl')).rejects.toBeInstanceOf(HardwareFault);
      }
  });

  it('refuses lines that are not there and lines that it has open', async () => {
    sysfsChip(512, 'pinctrl');
    const chip = await open('pinctrl');
    const options = { activeLow: false, consumer: 'rail' };
    for (const offset of [-1, 32, 0.5, Number.NaN])
      await expect(chip.output(offset, options)).rejects.toMatchObject({ kind: 'badData' });
    const line = await chip.output(3, options);
    await expect(chip.output(3, options)).rejects.toMatchObject({ kind: 'busy' });
    await line.close();
    await chip.output(3, options);
    await chip.close();
    await chip.output(3, options);
  });
});

describe('a chip of GPIO', () => {
  it.each(['sysfs', 'character device'] as const)(
    'switches all outputs off at its end though some cannot be given back (%s)',
    async (driver) => {
      const levels: Levels = new Map();
      const stubborn = [3, 5];
      sysfsChip(0, 'pinctrl');
      if (driver !== 'sysfs') writeFileSync(path.join(root, 'dev/gpiochip0'), '');
      const chip = await openGpioChip(
        { driver: driver === 'sysfs' ? 'sysfs' : 'auto', chip: 'pinctrl' },
        clock,
        system(
          [],
          driver === 'sysfs'
            ? {}
            : {
                libgpiod: async () => libgpiod(levels, stubborn),
                epoll: async () => ({}) as EpollLibrary,
              },
          levels,
          stubborn,
        ),
      );
      expect(chip.name).toContain(`(${driver})`);
      const output = (offset: number) =>
        chip.output(offset, { activeLow: false, consumer: `rail ${offset}` });
      const lines = [await output(2), await output(3), await output(4), await output(5)];
      for (const line of lines) await line.set(true);
      // One that was closed by itself is no more the chip's to close: it is not told of twice.
      await lines[0]?.close();
      await expect(chip.close()).rejects.toMatchObject({
        kind: 'noAnswer',
        message: expect.stringMatching(/rail 3 line: cannot.*rail 5 line: cannot/),
      });
      expect([...levels.values()]).toEqual([0, 0, 0, 0]);
      await chip.close();
    },
  );

  it('is reached by sysfs when the library of the other driver is missing', async () => {
    sysfsChip(512, 'pinctrl');
    expect((await open('pinctrl', [], 'auto')).name).toBe('pinctrl (sysfs)');
  });

  it('that nothing reaches says both reasons in one line', async () => {
    const refusal = await open('pinctrl', [], 'auto').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HardwareFault);
    expect(String(refusal)).toMatch(/library is missing.*no sysfs GPIO/);
    expect(String(refusal)).not.toContain('\n');
  });

  it('names the library that has to be installed', async () => {
    const { libgpiod } = { ...linuxGpio };
    const outcome = await libgpiod().catch((error: unknown) => error);
    // Where the add-on is built for this Node it loads.
    if (!(outcome instanceof HardwareFault)) return;
    expect(outcome.message).toMatch(/npm install node-libgpiod$/);
    expect(outcome.message).not.toContain('\n');
  });

  it.each([
    ['EACCES', 'notPermitted'],
    ['EPERM', 'notPermitted'],
    ['EBUSY', 'busy'],
    ['EINVAL', 'badData'],
    ['ENODEV', 'noAnswer'],
    ['EUNHEARD', 'noAnswer'],
  ])('turns %s into %s and one line', (code, kind) => {
    const error = Object.assign(new Error('two\nlines'), { code });
    const fault = gpioFault(error, 'camera rail line', 'set it');
    expect(fault.kind).toBe(kind);
    expect(fault.message).toMatch(/^camera rail line: cannot set it \(E[A-Z]+\): [^\n]+$/);
  });

  it('takes anything that was thrown', () => {
    for (const thrown of [undefined, null, 'text', 5, {}, { code: 5 }])
      expect(gpioFault(thrown, 'line', 'set it').kind).toBe('noAnswer');
  });
});

describe('edges of the kernel', () => {
  function event(id: number, atMs: number): Buffer {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(BigInt(Math.round(atMs * 1e6)), 0);
    bytes.writeUInt32LE(id, 8);
    return bytes;
  }

  it('are dated by the interrupt; by now when the date is of another clock', () => {
    const wall = Date.UTC(2026, 0, 1);
    const bytes = Buffer.concat([event(1, 990), event(2, 995.5), event(1, wall), event(7, 1)]);
    expect(parseLineEvents(bytes, 1_000)).toEqual([
      { on: true, atMs: 990 },
      { on: false, atMs: 995.5 },
      { on: true, atMs: 1_000 },
    ]);
  });

  it('are never from the future, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (const { atMs } of parseLineEvents(Buffer.from(bytes), 5_000))
          expect(atMs).toBeLessThanOrEqual(5_000);
      }),
      { numRuns: 200 },
    );
  });

  it('come from descriptors that are told by their links', () => {
    const folder = path.join(root, 'fd');
    mkdirSync(folder);
    symlinkSync('anon_inode:gpio-event', path.join(folder, '19'));
    symlinkSync('anon_inode:[eventpoll]', path.join(folder, '20'));
    writeFileSync(path.join(folder, '21'), '');
    expect(eventDescriptors(folder)).toEqual(new Set([19]));
  });
});
