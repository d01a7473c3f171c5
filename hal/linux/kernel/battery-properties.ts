import type { BatteryReading } from '../../ports/body.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { KernelFiles } from './sysfs.ts';

/*
 * One battery of /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power): capacity in
 * percent, voltages in microvolts, status as a word. What gauges say beyond that is by what people
 * posted of theirs: full ones say up to 121 %, some say 448; unread registers are all ones or all
 * noughts; drivers that forget to scale give volts a thousandth of what they are; gauges on a HAT have
 * no charger that could tell them a status.
 */

/** One battery as it is now. */
export interface BatteryNow {
  readonly reading: BatteryReading;
  /** What it holds when full: watt-hours or, where it counts those, ampere-hours. */
  readonly fullWh: number | undefined;
  readonly fullAh: number | undefined;
}

/** What is asked of a battery, as its files and (in capitals, with a prefix) its `uevent` name it. */
const PROPERTIES = [
  'present',
  'status',
  'capacity',
  'capacity_level',
  'voltage_now',
  'voltage_avg',
  'energy_now',
  'energy_full',
  'energy_full_design',
  'charge_now',
  'charge_full',
  'charge_full_design',
] as const;
type Property = (typeof PROPERTIES)[number];
type Properties = ReadonlyMap<Property, string>;

/** Undefined: its bay is empty. Rejects with a HardwareFault. */
export async function readBattery(
  files: KernelFiles,
  folder: string,
  device: string,
): Promise<BatteryNow | undefined> {
  const properties = await propertiesOf(files, folder, device);
  if (properties.get('present') === '0') return undefined;
  return {
    reading: {
      percent: percentOf(properties, device),
      volts: voltsOf(properties),
      status: STATUSES[properties.get('status') ?? ''] ?? 'unknown',
    },
    fullWh: fullOf(properties, ENERGY),
    fullAh: fullOf(properties, CHARGE),
  };
}

/**
 * All at once by `uevent`. The kernel leaves that empty when one property cannot be read; then by a
 * file each, of which one at least must be there.
 */
async function propertiesOf(
  files: KernelFiles,
  folder: string,
  device: string,
): Promise<Properties> {
  const properties = new Map<Property, string>();
  const lines = ((await files.optional(`${folder}/uevent`)) ?? '').split('\n');
  for (const property of PROPERTIES) {
    const start = `POWER_SUPPLY_${property.toUpperCase()}=`;
    const line = lines.find((one) => one.startsWith(start));
    if (line !== undefined) properties.set(property, line.slice(start.length).trim());
  }
  if (properties.has('status') || properties.has('capacity')) return properties;
  for (const property of PROPERTIES) {
    const text = await files.optional(`${folder}/${property}`);
    if (text !== undefined) properties.set(property, text);
  }
  if (!properties.has('capacity') && !properties.has('status'))
    properties.set('status', await files.read(`${folder}/status`, device));
  return properties;
}

/** "Not charging" is on mains below full, as some chargers hold a battery: neither word fits. */
const STATUSES: Readonly<Record<string, BatteryReading['status']>> = {
  Charging: 'charging',
  Discharging: 'discharging',
  Full: 'full',
};

/** For gauges that know no better than a word; the middle of what the word covers. */
const LEVELS: Readonly<Record<string, number>> = {
  Full: 100,
  High: 80,
  Normal: 50,
  Low: 15,
  Critical: 5,
};

/** A full battery that holds more than its gauge had learnt. More than this is no measure. */
const OVERFULL_PERCENT = 125;

interface Store {
  readonly now: Property;
  /** Best first: what it held when it was last full, what its plate says. */
  readonly full: readonly Property[];
}
const ENERGY: Store = { now: 'energy_now', full: ['energy_full', 'energy_full_design'] };
const CHARGE: Store = { now: 'charge_now', full: ['charge_full', 'charge_full_design'] };

/** Not every driver knows its capacity; what it does know gives it, best first. */
function percentOf(properties: Properties, device: string): number {
  const capacity = properties.get('capacity');
  const said = capacity === undefined ? undefined : plausible(numberIn(properties, 'capacity'));
  const doubtful = said === 0 && deniesEmpty(properties);
  if (said !== undefined && !doubtful) return said;
  for (const store of [ENERGY, CHARGE]) {
    const percent = shareOf(properties, store);
    if (percent !== undefined && !(doubtful && percent === 0)) return percent;
  }
  if (doubtful)
    throw new HardwareFault(
      'badData',
      device,
      'its capacity is 0, which the rest of what it says denies; has its driver read the chip?',
    );
  if (capacity !== undefined)
    throw new HardwareFault(
      'badData',
      device,
      `its capacity is "${capacity.slice(0, 40)}", expected 0..100; is its driver broken?`,
    );
  const level = LEVELS[properties.get('capacity_level') ?? ''];
  if (level !== undefined) return level;
  throw new HardwareFault(
    'badData',
    device,
    'it has none of capacity, energy_now, charge_now and capacity_level that can be; expected one of them',
  );
}

/** A chip that was not read says 0 of all: no battery runs a computer with no volts, or full and empty. */
function deniesEmpty(properties: Properties): boolean {
  const level = properties.get('capacity_level') ?? '';
  return (
    properties.get('status') === 'Full' ||
    ['Normal', 'High', 'Full'].includes(level) ||
    numberIn(properties, 'voltage_now') === 0
  );
}

/** Percent as people understand it: at most 100. Undefined: it cannot be. */
function plausible(percent: number | undefined): number | undefined {
  const can = percent !== undefined && percent >= 0 && percent <= OVERFULL_PERCENT;
  return can ? Math.min(100, percent) : undefined;
}

function shareOf(properties: Properties, { now, full }: Store): number | undefined {
  const held = numberIn(properties, now);
  if (held === undefined) return undefined;
  // A gauge that counts may pass its own zero.
  const positive = Math.max(0, held);
  for (const name of full) {
    const most = numberIn(properties, name);
    const percent = most !== undefined && most > 0 ? plausible((100 * positive) / most) : undefined;
    if (percent !== undefined) return percent;
  }
  return undefined;
}

/** Watt-hours or ampere-hours. */
function fullOf(properties: Properties, { full }: Store): number | undefined {
  for (const name of full) {
    const most = numberIn(properties, name);
    if (most !== undefined && most > 0) return most / 1e6;
  }
  return undefined;
}

/** One cell that is flat, eight in series that are full. Anything else is no voltage of a battery. */
const LOWEST_V = 2;
const HIGHEST_V = 8 * 4.6;

/** 0 for a gauge that does not measure, or measures what cannot be. */
function voltsOf(properties: Properties): number {
  for (const name of ['voltage_now', 'voltage_avg'] as const) {
    const volts = (numberIn(properties, name) ?? 0) / 1e6;
    if (volts >= LOWEST_V && volts <= HIGHEST_V) return volts;
  }
  return 0;
}

/** All ones of a 16-bit register, as drivers scale them: the chip did not answer its driver. */
const UNREAD = /^655350*$/;

function numberIn(properties: Properties, name: Property): number | undefined {
  const text = properties.get(name) ?? '';
  return /^-?\d{1,12}$/.test(text) && !UNREAD.test(text) ? Number(text) : undefined;
}
