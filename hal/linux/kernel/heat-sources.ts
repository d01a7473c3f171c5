import { HardwareFault } from '../../ports/fault.ts';
import { type KernelFiles, wholeNumber } from './sysfs.ts';

/*
 * Thermometers of a computer: zones of /sys/class/thermal (Documentation/ABI/testing/
 * sysfs-class-thermal) and chips of /sys/class/hwmon (sysfs-class-hwmon), both in thousandths of a
 * degree Celsius. Which of them tells the processor's heat is known by their names alone; the first
 * zone often is none: "INT3400 Thermal" says 20 degrees for ever, "acpitz" what the firmware's
 * author thought of.
 */

/** One thermometer. A chip of hwmon has several inputs, of which the hottest counts. */
export interface HeatSource {
  /** `type` of the zone or `name` of the chip, as the board file names it. */
  readonly type: string;
  /** Names it among all. */
  readonly key: string;
  readonly device: string;
  readonly files: readonly string[];
  /** Lower is better. */
  readonly rank: number;
}

/** What a thermometer is of, best first: the first rank of which one has a reading is taken. */
const RANKS = ['processor', 'processorChip', 'computer', 'part', 'off', 'constant'] as const;
const rankOf = (of: (typeof RANKS)[number]): number => RANKS.indexOf(of);

/** Words of a name that stand for the processor or the chip that it is on. */
const PROCESSOR =
  /^(x86|cpus?|cpu\d+|cpuss\d*|soc\d*|pkg|package|cluster\d*|(big|little|mid)?cores?\d*|tcpu|b0d4|bcm27\d\d|bcm2835|imx|exynos|mtktscpu)$/;
/** Chips of hwmon within the processor. */
const PROCESSOR_CHIP = /^(coretemp|k8temp|k10temp|zenpower|via_cputemp|(cpu|soc)_thermal)$/;
/** Parts that are hot or cold for reasons of their own. */
const PART =
  /(wifi|wlan|iwl|ath\d|nvme|ssd|gpu|npu|vpu|ddr|dimm|mem|pch|batt|^bat\d*$|bms|charg|pmic|modem|camera|fan|skin|tskn|tamb|ambient|^sen\d)/;
const CONSTANT = /^int34\d\d/;

const LOWEST_C = -40;
/** 127 and more is what a sensor of 8 bits says that is not connected; a processor is off before. */
const HIGHEST_C = 125;

/** All thermometers, zones first, in the order of their numbers. */
export async function heatSources(files: KernelFiles, root: string): Promise<HeatSource[]> {
  return [...(await zones(files, root)), ...(await chips(files, root))];
}

/** The best of some thermometers, all of one rank; undefined when there are none. */
export function bestOf(sources: readonly HeatSource[]): readonly HeatSource[] | undefined {
  for (const rank of RANKS.keys()) {
    const some = sources.filter((source) => source.rank === rank);
    if (some.length > 0) return some;
  }
  return undefined;
}

/** No better kind is to be waited for. */
export const isOfProcessor = ({ rank }: HeatSource): boolean => rank <= rankOf('processorChip');

/** Degrees Celsius. Rejects with a HardwareFault. */
export async function readHeat(files: KernelFiles, source: HeatSource): Promise<number> {
  const readings = await Promise.allSettled(
    source.files.map((file) => readFile(files, file, source.device)),
  );
  const good = readings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (good.length > 0) return Math.max(...good);
  throw readings.find((one) => one.status === 'rejected')?.reason;
}

/** Whether a thermometer that nobody named may be believed: 0 is what one says that is off. */
export const believable = (celsius: number): boolean => celsius !== 0;

async function zones(files: KernelFiles, root: string): Promise<HeatSource[]> {
  const folder = `${root}/class/thermal`;
  const found: HeatSource[] = [];
  for (const name of await files.names(folder)) {
    if (!/^thermal_zone\d+$/.test(name)) continue;
    const type = (await files.optional(`${folder}/${name}/type`)) ?? name;
    const off = (await files.optional(`${folder}/${name}/mode`)) === 'disabled';
    found.push({
      type,
      key: `${name} ${type}`,
      device: `thermal zone ${type}`,
      files: [`${folder}/${name}/temp`],
      rank: off ? Math.max(rankOf('off'), rankOfZone(type)) : rankOfZone(type),
    });
  }
  return found;
}

function rankOfZone(type: string): number {
  const name = type.toLowerCase();
  if (CONSTANT.test(name)) return rankOf('constant');
  if (PART.test(name)) return rankOf('part');
  const words = name.split(/[^a-z0-9]+/);
  return rankOf(words.some((word) => PROCESSOR.test(word)) ? 'processor' : 'computer');
}

/** Only those of processors: a zone stands for the others, or they are no matter of ours. */
async function chips(files: KernelFiles, root: string): Promise<HeatSource[]> {
  const folder = `${root}/class/hwmon`;
  const found: HeatSource[] = [];
  for (const name of await files.names(folder)) {
    const type = (await files.optional(`${folder}/${name}/name`)) ?? '';
    if (!PROCESSOR_CHIP.test(type)) continue;
    const inputs = await inputsOf(files, `${folder}/${name}`);
    if (inputs.length === 0) continue;
    const device = `thermometer ${type}`;
    found.push({
      type,
      key: `${name} ${type}`,
      device,
      files: inputs,
      rank: rankOf('processorChip'),
    });
  }
  return found;
}

/** Of an AMD processor "Tdie" where there is one: "Tctl" may lie some 20 degrees above it, for fans. */
async function inputsOf(files: KernelFiles, folder: string): Promise<string[]> {
  const inputs: string[] = [];
  for (const name of await files.names(folder)) {
    const number = /^temp(\d+)_input$/.exec(name)?.[1];
    if (number === undefined) continue;
    const label = await files.optional(`${folder}/temp${number}_label`);
    if (label === 'Tdie') return [`${folder}/${name}`];
    inputs.push(`${folder}/${name}`);
  }
  return inputs;
}

async function readFile(files: KernelFiles, path: string, device: string): Promise<number> {
  const celsius = wholeNumber(await files.read(path, device), device, path) / 1_000;
  if (celsius >= LOWEST_C && celsius <= HIGHEST_C) return celsius;
  throw new HardwareFault(
    'badData',
    device,
    `${path} says ${celsius} degrees, expected ${LOWEST_C}..${HIGHEST_C}; is the sensor connected?`,
  );
}
