import { createRequire } from 'node:module';
import { firstLineOf } from '../../common/errors.ts';
import { HardwareFault } from '../../ports/fault.ts';

/*
 * The parts used of the native libraries, and the paths of the kernel's files. The libraries are
 * optional at install: a laptop has no GPIO lines.
 */

/** Line of libgpiod 1.x (`node-libgpiod`). Every call is one synchronous ioctl. */
export interface LibgpiodLine {
  requestOutputModeFlags(consumer: string, flags: number, value: 0 | 1): unknown;
  requestBothEdgesEventFlags(consumer: string, flags: number): unknown;
  getValue(): number;
  setValue(value: 0 | 1): unknown;
  release(): unknown;
  readonly consumer: string | undefined;
}

export interface LibgpiodChip {
  readonly name: string;
  readonly label: string;
  readonly numberOfLines: number;
}

export interface Libgpiod {
  readonly Chip: new (path: string) => LibgpiodChip;
  readonly Line: new (chip: LibgpiodChip, offset: number) => LibgpiodLine;
}

/** Wakes the event loop when a descriptor is readable (`epoll`). */
export interface Poller {
  add(descriptor: number, events: number): unknown;
  remove(descriptor: number): unknown;
  close(): unknown;
}

export interface EpollLibrary {
  readonly Epoll: {
    new (onEvent: (error: Error | null, descriptor: number, events: number) => void): Poller;
    readonly EPOLLIN: number;
  };
}

/** A line of sysfs (`onoff`). */
export interface OnoffLine {
  readSync(): number;
  writeSync(value: 0 | 1): void;
  watch(onValue: (error: Error | null | undefined, value: number) => void): void;
  direction(): string;
  activeLow(): boolean;
  edge(): string;
  unexport(): void;
}

export interface Onoff {
  readonly Gpio: new (
    line: number,
    direction: 'in' | 'high' | 'low',
    edge: 'none' | 'both',
    options: { activeLow: boolean },
  ) => OnoffLine;
}

/** External dependencies of both drivers; replaced in tests. */
export interface GpioSystem {
  readonly dev: string;
  readonly sys: string;
  libgpiod(): Promise<Libgpiod>;
  epoll(): Promise<EpollLibrary>;
  onoff(): Promise<Onoff>;
}

export const linuxGpio: GpioSystem = {
  dev: '/dev',
  sys: '/sys',
  libgpiod: () => load<Libgpiod>('node-libgpiod', ['Chip', 'Line'], () => import('node-libgpiod')),
  // A dependency of onoff, resolved from there.
  epoll: () =>
    load<EpollLibrary>('onoff', ['Epoll'], async () => {
      const here = createRequire(import.meta.url);
      return createRequire(here.resolve('onoff'))('epoll');
    }),
  onoff: () => load<Onoff>('onoff', ['Gpio'], () => import('onoff')),
};

async function load<Library>(
  name: string,
  classes: readonly (keyof Library & string)[],
  importIt: () => Promise<unknown>,
): Promise<Library> {
  const found = await importIt().catch((error: unknown) => {
    throw missing(name, firstLineOf(error), error);
  });
  const library = commonJs(found);
  for (const one of classes)
    if (typeof library[one] !== 'function') throw missing(name, `it has no class ${one}`);
  return library as unknown as Library;
}

/** A CommonJS module's exports, whether Node detected its named exports or not. */
function commonJs(module: unknown): Record<string, unknown> {
  const names = { ...(module as Record<string, unknown>) };
  return { ...(names.default as Record<string, unknown> | undefined), ...names };
}

function missing(name: string, why: string, cause?: unknown): HardwareFault {
  return new HardwareFault(
    'noAnswer',
    'GPIO',
    `library ${name} cannot be loaded by Node ${process.version} (${why}); ` +
      `expected it built for this Node: npm install ${name}`,
    { cause },
  );
}
