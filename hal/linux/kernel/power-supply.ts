import { openAbsentBody } from '../../absent/body.ts';
import type { BatteryGauge, BatteryReading } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../system-clock.ts';
import { namesIn, Patience, readAttribute, readOptional, wholeNumber } from './sysfs.ts';
import { UntilFound } from './until-found.ts';

/*
 * Batteries of /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power): capacity in
 * percent, voltages in microvolts, status as a word.
 */

/**
 * Opens a battery by its folder's name; `auto` is the first that powers this computer, whenever it
 * appears: until then the gauge is that of a computer without one.
 */
export async function openBattery(
  name: string,
  root = '/sys',
  clock: Clock = new SystemClock(),
): Promise<BatteryGauge> {
  const folder = `${root}/class/power_supply`;
  if (name === 'auto') {
    const find = () => firstBattery(folder, clock);
    return (await find()) ?? laterBattery(new UntilFound(clock, find, openAbsentBody().battery));
  }
  const names = await namesIn(folder);
  if (names.includes(name)) return gauge(folder, name, clock);
  const batteries = await systemBatteries(folder);
  throw new HardwareFault(
    'noAnswer',
    `battery ${name}`,
    `not found in ${folder}; this computer has ${batteries.join(', ') || 'no battery'}; correct kernel.battery in the board file`,
  );
}

async function firstBattery(folder: string, clock: Clock): Promise<BatteryGauge | undefined> {
  const [first] = await systemBatteries(folder);
  return first === undefined ? undefined : gauge(folder, first, clock);
}

function laterBattery(later: UntilFound<BatteryGauge>): BatteryGauge {
  return {
    get present() {
      return later.now.present;
    },
    read: () => later.ask().read(),
  };
}

/** Not those of a mouse or a headset, which say that they power a device only. */
async function systemBatteries(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(folder)) {
    const read = (file: string) => readOptional(`${folder}/${name}/${file}`);
    if ((await read('type')) === 'Battery' && (await read('scope')) !== 'Device') found.push(name);
  }
  return found;
}

function gauge(folder: string, name: string, clock: Clock): BatteryGauge {
  const patience = new Patience(clock, `battery ${name}`, () =>
    readBattery(`${folder}/${name}`, `battery ${name}`),
  );
  return { present: true, read: () => patience.ask() };
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
  'charge_now',
  'charge_full',
  'charge_full_design',
] as const;
type Property = (typeof PROPERTIES)[number];
type Properties = ReadonlyMap<Property, string>;

async function readBattery(folder: string, device: string): Promise<BatteryReading> {
  const properties = await propertiesOf(folder, device);
  if (properties.get('present') === '0')
    throw new HardwareFault('noAnswer', device, 'the battery is taken out');
  const microvolts = firstNumber(properties, device, ['voltage_now', 'voltage_avg']);
  return {
    percent: percentOf(properties, device),
    volts: (microvolts ?? 0) / 1e6,
    status: STATUSES[properties.get('status') ?? ''] ?? 'unknown',
  };
}

/**
 * All at once by `uevent`. The kernel leaves that empty when one property cannot be read; then by a
 * file each, where the status alone must be there.
 */
async function propertiesOf(folder: string, device: string): Promise<Properties> {
  const properties = new Map<Property, string>();
  const lines = ((await readOptional(`${folder}/uevent`)) ?? '').split('\n');
  for (const property of PROPERTIES) {
    const start = `POWER_SUPPLY_${property.toUpperCase()}=`;
    const line = lines.find((one) => one.startsWith(start));
    if (line !== undefined) properties.set(property, line.slice(start.length).trim());
  }
  if (properties.has('status')) return properties;
  properties.set('status', await readAttribute(`${folder}/status`, device));
  for (const property of PROPERTIES) {
    const text = await readOptional(`${folder}/${property}`);
    if (text !== undefined) properties.set(property, text);
  }
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

/** Not every driver knows its capacity; what it does know gives it, best first. */
function percentOf(properties: Properties, device: string): number {
  const capacity = firstNumber(properties, device, ['capacity']);
  if (capacity !== undefined) return expectPercent(capacity, device);
  const pairs = [
    firstNumbers(properties, device, 'energy_now', ['energy_full']),
    firstNumbers(properties, device, 'charge_now', ['charge_full', 'charge_full_design']),
  ];
  // A new battery may hold more than its plate says.
  for (const [now, full] of pairs)
    if (now !== undefined && full !== undefined && full > 0)
      return Math.min(100, Math.max(0, (100 * now) / full));
  const level = LEVELS[properties.get('capacity_level') ?? ''];
  if (level !== undefined) return level;
  throw new HardwareFault(
    'badData',
    device,
    'it has none of capacity, energy_now, charge_now and capacity_level; expected one of them',
  );
}

function expectPercent(percent: number, device: string): number {
  if (percent >= 0 && percent <= 100) return percent;
  throw new HardwareFault('badData', device, `its capacity is ${percent}, expected 0..100`);
}

function firstNumbers(
  properties: Properties,
  device: string,
  one: Property,
  others: readonly Property[],
): readonly [number | undefined, number | undefined] {
  return [firstNumber(properties, device, [one]), firstNumber(properties, device, others)];
}

function firstNumber(
  properties: Properties,
  device: string,
  names: readonly Property[],
): number | undefined {
  for (const name of names) {
    const text = properties.get(name);
    if (text !== undefined) return wholeNumber(text, device, name);
  }
  return undefined;
}
