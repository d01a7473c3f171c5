import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { Machine } from '../machine.ts';

const LOW_MB = 100;
const WARM_C = 75;
/** Raspberry Pi and most small boards slow down from 80 to 85 degrees. */
const HOT_C = 82;

export const computer: Check = {
  name: 'computer',
  withinMs: 4_000,
  async run(machine) {
    const [memory, heat, power] = await Promise.all([
      ofMemory(machine),
      ofHeat(machine),
      ofPower(machine),
    ]);
    return [...memory, ...heat, ...power];
  },
};

async function ofMemory(machine: Machine): Promise<Finding[]> {
  const info = await machine.read('/proc/meminfo');
  const kb = info.ok ? /^MemAvailable:\s+(\d+) kB/m.exec(info.text)?.[1] : undefined;
  if (kb === undefined) return [];
  const free = Math.round(Number(kb) / 1024);
  return [free < LOW_MB ? warning('memoryLow', { free }) : ok('memoryOk', { free })];
}

/** The hottest zone; thousandths of a degree. */
async function ofHeat(machine: Machine): Promise<Finding[]> {
  const zones = (await machine.list('/sys/class/thermal')).filter((name) =>
    /^thermal_zone/.test(name),
  );
  const texts = await Promise.all(
    zones.map((zone) => machine.read(`/sys/class/thermal/${zone}/temp`)),
  );
  const readings = texts
    .flatMap((text) => (text.ok ? [Number(text.text) / 1000] : []))
    // Zones of parts that are asleep say nonsense.
    .filter((celsius) => celsius > -40 && celsius < 150);
  if (readings.length === 0) return [];
  const degrees = Math.round(Math.max(...readings));
  if (degrees >= HOT_C) return [problem('heatHot', { degrees })];
  return [degrees >= WARM_C ? warning('heatWarm', { degrees }) : ok('heatOk', { degrees })];
}

/** `throttled=0x50005`: bit 0 under-voltage now, 2 throttled now, 16 under-voltage since the start. */
async function ofPower(machine: Machine): Promise<Finding[]> {
  const { out } = await machine.run('vcgencmd', 'get_throttled');
  const hex = /throttled=0x([0-9a-f]+)/i.exec(out)?.[1];
  if (hex === undefined) return [];
  const bits = Number.parseInt(hex, 16);
  const low = (bits & 0x1) !== 0;
  return [
    ...(low ? [problem('powerLow')] : []),
    ...(!low && bits & 0x10000 ? [warning('powerWasLow')] : []),
    ...(bits & 0x4 ? [warning('throttled')] : []),
  ];
}
