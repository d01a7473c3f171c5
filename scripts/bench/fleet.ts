/**
 * A fleet on one computer: what a robot costs, how it comes back after the broker restarted, and
 * whether each record is stored once. Mosquitto with client certificates, beside bare clients of the
 * MQTT library in the same run. FLEET_ROBOTS: how many, 10,000 unless told; few for a quick look.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { STABLE_MS } from '../../agent/broker/link-machine.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { openRig, type Rig, robotsOf } from '../fleet-rig/rig.ts';
import { awaitAll, bytesOn, peakToMean } from './fleet-measure.ts';
import { type Bench, type Result, result } from './result.ts';

const ROBOTS = 10_000;
/** Peer of what must not happen at all. */
const NONE = 1;
const LIMITS = { backS: 60, peakToMean: 1.5, idleBytes: 1_024 } as const;
const IDLE_MS = 120_000;
const QUICK_IDLE_MS = 65_000;
const AWAY_MS = 1_000;
const PER_SECOND = 200;
const MONDAY = Date.UTC(2026, 8, 7, 8, 20);

interface Figures {
  readonly robots: number;
  /** Resident set of the process of robots, after a collection of garbage. */
  readonly memory: number;
  readonly connectAllS: number;
  readonly backS: number;
  readonly peak: number;
  readonly idleBytes: number;
}

export const fleetBench: Bench = async ({ log }) => {
  const most = Number(process.env.FLEET_ROBOTS ?? ROBOTS);
  if (!Number.isInteger(most) || most < 100 || most > 50_000)
    throw new Error(`FLEET_ROBOTS=${process.env.FLEET_ROBOTS}: expected 100..50000 robots`);
  const sizes = [most / 100, most / 10, most].map(Math.round).filter((size) => size >= 10);
  const clock = new SystemClock();
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-bench-fleet-'));
  try {
    log(`${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`);
    const ours: Figures[] = [];
    for (const size of sizes) {
      const measured = await measure(size, false, path.join(folder, `ours-${size}`), clock, log);
      log(`${size} robots: ${lineOf(measured)}`);
      ours.push(measured);
    }
    const bare: Figures[] = [];
    for (const size of sizes.slice(-2)) {
      const measured = await measure(size, true, path.join(folder, `bare-${size}`), clock, log);
      log(`${size} bare clients: ${lineOf(measured)}`);
      bare.push(measured);
    }
    const records = await recordsOf(
      Math.min(most, 1_000),
      path.join(folder, 'records'),
      clock,
      log,
    );
    return [...resultsOf(ours, bare), ...records];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function resultsOf(ours: readonly Figures[], bare: readonly Figures[]): Result[] {
  const [full, peer] = [ours.at(-1), bare.at(-1)];
  if (!full || !peer) return [];
  const one = (metric: string, unit: string, of: (figures: Figures) => number, limit?: number) =>
    result(metric, unit, [of(full)], {
      'MQTT.js': [of(peer)],
      ...(limit !== undefined && { limit: [limit] }),
    });
  const [mine, theirs] = [bytesPerRobot(ours), bytesPerRobot(bare)];
  return [
    result('robots_per_process', 'robots', [full.robots], { 'MQTT.js': [peer.robots] }),
    result('bytes_per_robot', 'byte', [mine], { 'MQTT.js': [theirs] }),
    one('connect_all_s', 's', ({ connectAllS }) => connectAllS),
    one('back_after_restart_s', 's', ({ backS }) => backS, LIMITS.backS),
    one('peak_to_mean_connect_rate', 'ratio', ({ peak }) => peak, LIMITS.peakToMean),
    one('idle_bytes_per_minute', 'byte', ({ idleBytes }) => idleBytes, LIMITS.idleBytes),
    // Below 1: a robot of the whole fleet costs less than one of the smaller fleet.
    result('bytes_per_robot_growth', 'ratio', [mine / bytesPerRobot(ours.slice(0, -1))], {
      linear: [1],
    }),
  ];
}

/** What each further robot costs, from the two largest fleets; of one fleet with its process. */
function bytesPerRobot(sizes: readonly Figures[]): number {
  const [smaller, larger] = sizes.slice(-2);
  if (!smaller) return Number.NaN;
  if (!larger) return smaller.memory / smaller.robots;
  return (larger.memory - smaller.memory) / (larger.robots - smaller.robots);
}

async function measure(
  size: number,
  bare: boolean,
  folder: string,
  clock: Clock,
  log: (line: string) => void,
): Promise<Figures> {
  const started = clock.now();
  const rig = await open(size, { bare, folder, service: !bare, profile: 'idle', speed: 1 }, clock);
  try {
    log(`${size} prepared in ${((clock.now() - started) / 1_000).toFixed(0)} s`);
    const before = clock.now();
    rig.swarm.connect();
    await awaitAll(rig.swarm, size, clock);
    const connectAllS = (clock.now() - before) / 1_000;
    // Then they count as stable, and have said what they say after they connected.
    await delay(clock, STABLE_MS + 5_000);
    const { memory } = await rig.swarm.look({ collect: true });
    const idleBytes = await idleBytesOf(rig, size, clock);
    const cutMs = clock.wall();
    await rig.broker.restart(AWAY_MS);
    const upMs = clock.wall();
    const ups = await awaitAll(rig.swarm, size, clock, cutMs);
    const backS = ((ups.at(-1) ?? upMs) - upMs) / 1_000;
    return {
      ...{ robots: size, memory },
      ...{ connectAllS, backS, peak: peakToMean(ups), idleBytes },
    };
  } finally {
    await rig.stop();
  }
}

/** On the wire with TLS, both directions, without headers of TCP and IP. */
async function idleBytesOf({ broker, swarm }: Rig, size: number, clock: Clock): Promise<number> {
  const port = Number(new URL(broker.url).port);
  const [bytes, since] = [await bytesOn(port, swarm.pids), clock.now()];
  await delay(clock, size < 1_000 ? QUICK_IDLE_MS : IDLE_MS);
  const minutes = (clock.now() - since) / 60_000;
  return ((await bytesOn(port, swarm.pids)) - bytes) / minutes / size;
}

/** A morning in ten minutes, with a restart of the broker in it; what reaches the store, and how fast. */
async function recordsOf(
  size: number,
  folder: string,
  clock: Clock,
  log: (line: string) => void,
): Promise<Result[]> {
  const rig = await open(size, { folder, service: true, profile: 'week', speed: 30 }, clock);
  const since = clock.now();
  rig.swarm.connect();
  const ups = await awaitAll(rig.swarm, size, clock);
  const stored = async (): Promise<number> =>
    (await rig.service?.store.robots.facts())?.filter(({ latest }) => latest.state).length ?? 0;
  while ((await stored()) < size) await delay(clock, 100);
  const fanIn = (size * 1_000) / Math.max(1, clock.wall() - (ups[0] ?? clock.wall()));
  await delay(clock, 60_000);
  await rig.broker.restart(AWAY_MS);
  await delay(clock, 60_000);
  const outcome = await rig.stop();
  log(`${JSON.stringify(outcome)} after ${((clock.now() - since) / 1_000).toFixed(0)} s`);
  return [
    // Robots whose state is in the store, a second, from the first connection on.
    result('status_fan_in_per_s', 'robots/s', [fanIn], { offered: [PER_SECOND] }),
    result('records_lost', 'records', [outcome.lost], { promised: [outcome.promised || NONE] }),
    result('records_doubled', 'records', [outcome.doubled], {
      promised: [outcome.promised || NONE],
    }),
  ];
}

function open(
  size: number,
  how: {
    bare?: boolean;
    folder: string;
    service: boolean;
    profile: 'week' | 'idle';
    speed: number;
  },
  clock: Clock,
): Promise<Rig> {
  return openRig(
    {
      ...{ ...how, robots: robotsOf(size, 4), processes: 1, seed: 1, tls: true, httpPort: 0 },
      startWallMs: how.profile === 'week' ? MONDAY : clock.wall(),
      perSecond: PER_SECOND,
      swarmScript: fileURLToPath(new URL('fleet-robots.js', import.meta.url)),
    },
    clock,
  );
}

const lineOf = ({ robots, memory, connectAllS, backS, peak, idleBytes }: Figures): string =>
  `${(memory / robots / 1_024).toFixed(0)} KiB each with their process, all connected in ` +
  `${connectAllS.toFixed(1)} s, back in ${backS.toFixed(1)} s at ${peak.toFixed(2)} x the mean rate, ` +
  `${idleBytes.toFixed(0)} bytes a minute`;
