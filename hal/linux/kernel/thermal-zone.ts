import { openAbsentBody } from '../../absent/body.ts';
import type { Thermometer } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../system-clock.ts';
import { namesIn, Patience, readAttribute, readOptional, wholeNumber } from './sysfs.ts';
import { UntilFound } from './until-found.ts';

/*
 * Zones of /sys/class/thermal (Documentation/ABI/testing/sysfs-class-thermal): `temp` in
 * thousandths of a degree Celsius, `type` as the board file names the zone.
 */

const LOWEST_C = -40;
const HIGHEST_C = 150;

/** A zone that gives nothing for so long is lost: a driver that is loaded again is back sooner. */
const LOST_MS = 30_000;

/**
 * Opens a zone by its type; `auto` is the first that has a reading, whenever there is a zone: until
 * then the thermometer is that of a computer without one. When it gives nothing for long, `auto` is
 * chosen again.
 */
export async function openThermometer(
  type: string,
  root = '/sys',
  clock: Clock = new SystemClock(),
): Promise<Thermometer> {
  const folder = `${root}/class/thermal`;
  if (type === 'auto') return openAutomatic(folder, clock);
  const zones = await zonesIn(folder);
  const zone = zones.find((one) => one.type === type);
  if (zone) return thermometer(folder, zone, clock);
  const there = zones.map((one) => one.type).join(', ');
  throw new HardwareFault(
    'noAnswer',
    `thermal zone ${type}`,
    `not found in ${folder}; this computer has ${there || 'none'}; correct kernel.thermalZone in the board file`,
  );
}

async function openAutomatic(folder: string, clock: Clock): Promise<Thermometer> {
  // Kept from look to look: a sensor that hangs is not read a second time meanwhile.
  const known = new Map<string, Thermometer>();
  const found: UntilFound<Thermometer> = new UntilFound(
    clock,
    async () => {
      const zones = (await zonesIn(folder)).map((zone) => {
        const key = `${zone.name} ${zone.type}`;
        const one = known.get(key) ?? thermometer(folder, zone, clock);
        known.set(key, one);
        return one;
      });
      return (await firstAlive(zones)) ?? (found.now.present ? undefined : zones[0]);
    },
    openAbsentBody().thermometer,
  );
  await found.look();
  return automatic(found, clock);
}

function automatic(found: UntilFound<Thermometer>, clock: Clock): Thermometer {
  let failingSinceMs = Number.POSITIVE_INFINITY;
  return {
    get present() {
      return found.now.present;
    },
    async readCelsius() {
      try {
        const celsius = await found.ask(clock.now() - failingSinceMs >= LOST_MS).readCelsius();
        failingSinceMs = Number.POSITIVE_INFINITY;
        return celsius;
      } catch (error) {
        failingSinceMs = Math.min(failingSinceMs, clock.now());
        throw error;
      }
    },
  };
}

interface Zone {
  readonly name: string;
  readonly type: string;
}

async function zonesIn(folder: string): Promise<Zone[]> {
  const zones: Zone[] = [];
  for (const name of await namesIn(folder)) {
    if (!/^thermal_zone\d+$/.test(name)) continue;
    zones.push({ name, type: (await readOptional(`${folder}/${name}/type`)) ?? name });
  }
  return zones;
}

/** A zone that is switched off or broken when it is chosen is taken only when all are. */
async function firstAlive(zones: readonly Thermometer[]): Promise<Thermometer | undefined> {
  for (const zone of zones) {
    const reading = await zone.readCelsius().catch(() => undefined);
    if (reading !== undefined) return zone;
  }
  return undefined;
}

function thermometer(folder: string, zone: Zone, clock: Clock): Thermometer {
  const device = `thermal zone ${zone.type}`;
  const patience = new Patience(clock, device, () => readZone(folder, zone));
  return { present: true, readCelsius: () => patience.ask() };
}

async function readZone(folder: string, { name, type }: Zone): Promise<number> {
  const device = `thermal zone ${type}`;
  const path = `${folder}/${name}/temp`;
  const celsius = wholeNumber(await readAttribute(path, device), device, path) / 1_000;
  if (celsius >= LOWEST_C && celsius <= HIGHEST_C) return celsius;
  throw new HardwareFault(
    'badData',
    device,
    `${path} says ${celsius} degrees, expected ${LOWEST_C}..${HIGHEST_C}; is the sensor connected?`,
  );
}
