import { openAbsentBody } from '../../absent/body.ts';
import type { BatteryGauge, BatteryReading } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../time/system-clock.ts';
import { type BatteryNow, readBattery } from './battery-properties.ts';
import { together } from './battery-together.ts';
import { type KernelFiles, kernelFiles, Patience } from './sysfs.ts';

/** Batteries are looked for again so often: a bay is filled, a driver is loaded late. */
const LOOK_MS = 5_000;

/**
 * Opens a battery by its folder's name. `auto` is all that power this computer, taken together,
 * whenever they appear: until one is there the gauge is that of a computer without any.
 */
export async function openBattery(
  name: string,
  root = '/sys',
  clock: Clock = new SystemClock(),
): Promise<BatteryGauge> {
  const folder = supplies(root);
  if (name === 'auto') {
    const gauge = new AutomaticGauge(folder, clock);
    await gauge.look();
    return gauge;
  }
  if ((await kernelFiles.names(folder)).includes(name)) {
    const patience = patienceWith(folder, name, clock);
    return { present: true, read: async () => (await patience.ask())?.reading ?? takenOut(name) };
  }
  const batteries = await systemBatteries(kernelFiles, folder);
  throw new HardwareFault(
    'noAnswer',
    `battery ${name}`,
    `not found in ${folder}; this computer has ${batteries.join(', ') || 'no battery'}; correct kernel.battery in the board file`,
  );
}

function takenOut(name: string): never {
  throw new HardwareFault('noAnswer', `battery ${name}`, 'the battery is taken out');
}

/** The folder of power supplies. */
export const supplies = (root: string): string => `${root}/class/power_supply`;

/** Not those of a mouse or a headset, which say that they power a device only. */
export async function systemBatteries(files: KernelFiles, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await files.names(folder)) {
    const read = (file: string) => files.optional(`${folder}/${name}/${file}`);
    if ((await read('type')) === 'Battery' && (await read('scope')) !== 'Device') found.push(name);
  }
  return found;
}

type BatteryPatience = Patience<BatteryNow | undefined>;

function patienceWith(folder: string, name: string, clock: Clock): BatteryPatience {
  const device = `battery ${name}`;
  return new Patience(clock, device, () => readBattery(kernelFiles, `${folder}/${name}`, device));
}

/** All batteries of this computer. They are looked for by whoever asks, and never waited for. */
class AutomaticGauge implements BatteryGauge {
  /** Kept from look to look: a battery that hangs is not read a second time meanwhile. */
  private readonly known = new Map<string, BatteryPatience>();
  private readonly absent = openAbsentBody().battery;
  private seen = false;
  private looking = false;
  private lookedMs: number;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {
    this.lookedMs = clock.now();
  }

  /** An empty bay is no battery; one that was there and is gone is a fault. */
  get present(): boolean {
    return this.seen;
  }

  async read(): Promise<BatteryReading> {
    if (this.clock.now() - this.lookedMs >= LOOK_MS && !this.looking) void this.look();
    if (!this.seen) return this.absent.read();
    const { found, fault } = await this.ask();
    if (found.length > 0) return together(found);
    throw fault ?? takenOut([...this.known.keys()].join(', '));
  }

  async look(): Promise<void> {
    this.looking = true;
    this.lookedMs = this.clock.now();
    // A folder that cannot be read holds nothing for now.
    for (const name of await systemBatteries(kernelFiles, this.folder).catch(() => []))
      if (!this.known.has(name)) this.known.set(name, patienceWith(this.folder, name, this.clock));
    if (!this.seen) {
      const { found, fault } = await this.ask();
      this.seen = found.length > 0 || fault !== undefined;
    }
    this.looking = false;
  }

  /** One that is taken out is left to the others, and so is one that has a fault. */
  private async ask(): Promise<{ found: BatteryNow[]; fault: unknown }> {
    const found: BatteryNow[] = [];
    let fault: unknown;
    for (const one of await Promise.allSettled([...this.known.values()].map((one) => one.ask())))
      if (one.status === 'rejected') fault ??= one.reason;
      else if (one.value) found.push(one.value);
    return { found, fault };
  }
}
