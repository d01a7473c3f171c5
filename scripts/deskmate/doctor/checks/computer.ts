import type { Board } from '../../../../hal/boards/board.ts';
import { type BatteryNow, readBattery } from '../../../../hal/linux/kernel/battery-properties.ts';
import { together } from '../../../../hal/linux/kernel/battery-together.ts';
import {
  believable,
  bestOf,
  type HeatSource,
  heatSources,
  readHeat,
} from '../../../../hal/linux/kernel/heat-sources.ts';
import { kernelFault } from '../../../../hal/linux/kernel/kernel-fault.ts';
import { supplies, systemBatteries } from '../../../../hal/linux/kernel/power-supply.ts';
import type { KernelFiles } from '../../../../hal/linux/kernel/sysfs.ts';
import type { BatteryReading } from '../../../../hal/ports/body.ts';
import { HardwareFault } from '../../../../hal/ports/fault.ts';
import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';

const LOW_MB = 100;
const WARM_C = 75;
/** Raspberry Pi and most small boards throttle from 80 to 85 degrees. */
const HOT_C = 82;

export const computer: Check = {
  name: 'computer',
  withinMs: 4_000,
  async run(machine, { board }) {
    const found = await Promise.all([
      ofMemory(machine),
      ofHeat(machine, board),
      ofBattery(machine, board),
      ofPower(machine),
    ]);
    return found.flat();
  },
};

async function ofMemory(machine: HostProbe): Promise<Finding[]> {
  const info = await machine.read('/proc/meminfo');
  const kb = info.ok ? /^MemAvailable:\s+(\d+) kB/m.exec(info.text)?.[1] : undefined;
  if (kb === undefined) return [];
  const free = Math.round(Number(kb) / 1024);
  return [free < LOW_MB ? warning('memoryLow', { free }) : ok('memoryOk', { free })];
}

/** By the thermometer that firmware reads. */
async function ofHeat(machine: HostProbe, board: Board | undefined): Promise<Finding[]> {
  const zone = board === undefined ? 'auto' : board.kernel.thermalZone;
  if (zone === null) return [];
  const files = kernelFilesOf(machine);
  const sources = await heatSources(files, '/sys');
  const named = sources.filter(({ type }) => zone === 'auto' || type === zone);
  if (named.length === 0) return zone === 'auto' ? [] : [heatMissing(zone, sources)];
  const readings = await Promise.allSettled(named.map((source) => readHeat(files, source)));
  const degreesOf = new Map(
    readings.flatMap((one, i) => {
      const good = one.status === 'fulfilled' && (zone !== 'auto' || believable(one.value));
      const source = named[i];
      return good && source ? [[source, one.value] as const] : [];
    }),
  );
  const alive = [...degreesOf.keys()];
  const chosen = zone === 'auto' ? bestOf(alive) : alive;
  if (!chosen || chosen.length === 0)
    return readings.flatMap((one) =>
      one.status === 'rejected' ? [problem('kernelTrouble', { why: whyOf(one.reason) })] : [],
    );
  const degrees = Math.round(Math.max(...chosen.map((source) => degreesOf.get(source) ?? 0)));
  if (degrees >= HOT_C) return [problem('heatHot', { degrees })];
  return [degrees >= WARM_C ? warning('heatWarm', { degrees }) : ok('heatOk', { degrees })];
}

function heatMissing(zone: string, sources: readonly HeatSource[]): Finding {
  const there = sources.map(({ type }) => type).join(', ') || '-';
  return problem('heatMissing', { zone, there });
}

/** By the batteries that firmware reads. */
async function ofBattery(machine: HostProbe, board: Board | undefined): Promise<Finding[]> {
  const battery = board === undefined ? 'auto' : board.kernel.battery;
  if (battery === null) return [];
  const files = kernelFilesOf(machine);
  const folder = supplies('/sys');
  const there = await systemBatteries(files, folder);
  const names = battery === 'auto' ? there : [battery];
  if (battery !== 'auto' && !(await files.names(folder)).includes(battery))
    return [problem('batteryMissing', { battery, there: there.join(', ') || '-' })];
  const batteries: BatteryNow[] = [];
  const found: Finding[] = [];
  for (const name of names)
    try {
      const one = await readBattery(files, `${folder}/${name}`, `battery ${name}`);
      if (one) batteries.push(one);
      else if (battery !== 'auto') found.push(problem('batteryOut', { battery }));
    } catch (error) {
      found.push(problem('kernelTrouble', { why: whyOf(error) }));
    }
  return batteries.length === 0 ? found : [...found, ...ofCharge(together(batteries), board)];
}

function ofCharge({ percent, volts }: BatteryReading, board: Board | undefined): Finding[] {
  const cells = board?.kernel.batteryCells ?? null;
  const rounded = Math.round(percent);
  if (cells !== null && volts === 0) return [warning('batteryNoVolts', { percent: rounded })];
  return [ok('batteryOk', { percent: rounded })];
}

/** `throttled=0x50005`: bit 0 under-voltage now, 2 throttled now, 16 under-voltage since boot. */
async function ofPower(machine: HostProbe): Promise<Finding[]> {
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

/** The kernel's files of the examined computer, as the drivers read them. */
function kernelFilesOf(machine: HostProbe): KernelFiles {
  return {
    async read(path, device) {
      const text = await machine.read(path);
      if (text.ok) return text.text.trim();
      throw kernelFault({ code: text.code }, device, `read ${path}`);
    },
    async optional(path) {
      const text = await machine.read(path);
      return text.ok ? text.text.trim() : undefined;
    },
    async names(folder) {
      const names = [...(await machine.list(folder))];
      return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    },
  };
}

/** Status of a device, as its driver reports it. */
function whyOf(error: unknown): string {
  if (error instanceof HardwareFault) return error.message;
  throw error;
}
