import { openAbsentBody } from '../../absent/body.ts';
import type { Thermometer } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../time/system-clock.ts';
import {
  believable,
  bestOf,
  type HeatSource,
  heatSources,
  isOfProcessor,
  readHeat,
} from './heat-sources.ts';
import { kernelFiles, Patience } from './sysfs.ts';

/** A thermometer that gives nothing for so long is lost: a driver that is loaded again is back sooner. */
const LOST_MS = 30_000;

/**
 * Opens the thermometer of a type: a thermal zone, or a chip of hwmon. `auto` is the processor's,
 * or the best that there is (heat-sources.ts), whenever there is one: until then the thermometer is
 * that of a computer without any. When it gives nothing for long, or is not the processor's and a
 * better one appears, `auto` is chosen again. Where several are of one kind, the hottest counts.
 */
export async function openThermometer(
  type: string,
  root = '/sys',
  clock: Clock = new SystemClock(),
): Promise<Thermometer> {
  if (type === 'auto') return openAutomatic(root, clock);
  const sources = await heatSources(kernelFiles, root);
  const named = sources.filter((one) => one.type === type);
  if (named.length > 0) return hottest(named.map((source) => oneOf(source, clock)));
  const there = sources.map((one) => one.type).join(', ');
  throw new HardwareFault(
    'noAnswer',
    `thermal zone ${type}`,
    `not found in ${root}/class/thermal; this computer has ${there || 'none'}; correct kernel.thermalZone in the board file`,
  );
}

async function openAutomatic(root: string, clock: Clock): Promise<Thermometer> {
  // Kept from look to look: a sensor that hangs is not read a second time meanwhile.
  const known = new Map<string, Thermometer>();
  const one = (source: HeatSource): Thermometer => {
    const made = known.get(source.key) ?? believed(oneOf(source, clock), source);
    known.set(source.key, made);
    return made;
  };
  let chosen: readonly HeatSource[] = [];
  let failingSinceMs = Number.POSITIVE_INFINITY;
  /** What was taken and gave nothing for long is not taken again in the place of one that works. */
  const lost = new Set<string>();
  const isLost = (): boolean => clock.now() - failingSinceMs >= LOST_MS;
  const found: UntilFound<Thermometer> = new UntilFound(
    clock,
    async () => {
      const sources = await heatSources(kernelFiles, root);
      const readings = await Promise.allSettled(sources.map((each) => one(each).readCelsius()));
      const alive = sources.filter((_, i) => readings[i]?.status === 'fulfilled');
      let best = bestOf(alive);
      if (isLost()) for (const { key } of chosen) lost.add(key);
      else if (chosen.length > 0)
        best = bestOf(alive.filter((each) => isBetter(each, chosen, lost)));
      // One that is broken when it is chosen is taken only when all are.
      if (!best && !found.now.present) best = bestOf(sources);
      if (!best) return undefined;
      chosen = best;
      return hottest(best.map(one));
    },
    openAbsentBody().thermometer,
  );
  await found.look();
  return {
    get present() {
      return found.now.present;
    },
    async readCelsius() {
      try {
        // The processor's driver may be loaded after the firmware's tables were read.
        const celsius = await found.ask(isLost() || !chosen.every(isOfProcessor)).readCelsius();
        failingSinceMs = Number.POSITIVE_INFINITY;
        return celsius;
      } catch (error) {
        failingSinceMs = Math.min(failingSinceMs, clock.now());
        throw error;
      }
    },
  };
}

const isBetter = (
  { key, rank }: HeatSource,
  than: readonly HeatSource[],
  lost: ReadonlySet<string>,
): boolean => !lost.has(key) && than.every((one) => rank < one.rank);

function oneOf(source: HeatSource, clock: Clock): Thermometer {
  const patience = new Patience(clock, source.device, () => readHeat(kernelFiles, source));
  return { present: true, readCelsius: () => patience.ask() };
}

function believed({ readCelsius }: Thermometer, { device }: HeatSource): Thermometer {
  return {
    present: true,
    async readCelsius() {
      const celsius = await readCelsius();
      if (believable(celsius)) return celsius;
      throw new HardwareFault('badData', device, 'it says 0 degrees; is the sensor on?');
    },
  };
}

/** Of those that have a reading; one that is broken does not hide the others. */
function hottest(some: readonly Thermometer[]): Thermometer {
  return {
    present: true,
    async readCelsius() {
      const readings = await Promise.allSettled(some.map((one) => one.readCelsius()));
      const good = readings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      if (good.length > 0) return Math.max(...good);
      throw readings.find((one) => one.status === 'rejected')?.reason;
    },
  };
}

/** A driver may be loaded at any time, as that of a gauge on a bus that comes late. */
const LOOK_MS = 5_000;

/**
 * A device of the kernel that may come later: nothing was there at the start. It is looked for by
 * whoever asks it, now and then, and never waited for; what was found stays until it is lost and
 * another is there.
 */
class UntilFound<T> {
  private found: T | undefined;
  private looking = false;
  private lookedMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly find: () => Promise<T | undefined>,
    /** Answers in its place. */
    private readonly absent: T,
  ) {
    this.lookedMs = clock.now();
  }

  get now(): T {
    return this.found ?? this.absent;
  }

  /** For a call: what is there now, and a look for what is not, or is `lost`. */
  ask(lost = false): T {
    const due = this.clock.now() - this.lookedMs >= LOOK_MS;
    if ((lost || this.found === undefined) && due && !this.looking) void this.look();
    return this.now;
  }

  async look(): Promise<void> {
    this.looking = true;
    this.lookedMs = this.clock.now();
    // A folder that cannot be read holds nothing for now.
    this.found = (await this.find().catch(() => undefined)) ?? this.found;
    this.looking = false;
  }
}
